"""How often a fault is injected: a few times in every test run, as often as promised with `WEFT_FAULTS=all`."""

import os

ALL = os.environ.get("WEFT_FAULTS") == "all"


def times(few: int, all_of_them: int) -> int:
    """The short number, or the long one."""
    return all_of_them if ALL else few
