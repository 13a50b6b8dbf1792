"""Load what the first page needs, and nothing else, without pausing to look for garbage."""

import contextlib
import gc
import sys
from collections.abc import Iterator


@contextlib.contextmanager
def lean_start() -> Iterator[None]:
    """Import inside this block: a start allocates much and drops little, so that collecting is time lost."""
    collecting = gc.isenabled()
    gc.disable()
    # Engine.IO offers its client half too and would load aiohttp for it; it takes a missing one calmly.
    hidden = sys.modules.setdefault("aiohttp", None) is None  # type: ignore[arg-type]  # None is how Python spells "not there"
    try:
        yield
    finally:
        if hidden:
            del sys.modules["aiohttp"]
        if collecting:
            gc.freeze()  # What was loaded stays; later collections need not walk it while a click waits.
            gc.enable()
