"""Die at a named place, so that the tests can show what survives it."""

import os
import signal


def failpoint(name: str) -> None:
    """Ends the process at once if `WEFT_FAILPOINT` is this name, or `name:n` on the n-th time; otherwise nothing."""
    wanted = os.environ.get("WEFT_FAILPOINT")
    if wanted is None:
        return
    place, _, count = wanted.partition(":")
    if place != name:
        return
    _passed[name] = _passed.get(name, 0) + 1
    if _passed[name] == int(count or 1):
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))


_passed: dict[str, int] = {}
