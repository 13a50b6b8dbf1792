"""Die at a named place, so that the tests can show what survives it."""

import os
import signal

_PLACE, _, _COUNT = os.environ.get("WEFT_FAILPOINT", "").partition(":")


def failpoint(name: str) -> None:
    """Ends the process at once if `WEFT_FAILPOINT` is this name, or `name:n` on the n-th time; otherwise nothing."""
    if name == _PLACE:
        _passed.append(name)
        if len(_passed) == int(_COUNT or 1):
            os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))


_passed: list[str] = []
