"""How often something is measured: as often as is wanted, while the time that it may take is not over."""

from __future__ import annotations

import time
from collections.abc import Iterator


def paced(rounds: int, seconds: float) -> Iterator[int]:
    """Numbers of rounds: at least two where more than one is wanted, and no new one once the seconds are over."""
    until = time.monotonic() + seconds
    for number in range(rounds):
        if number >= 2 and time.monotonic() > until:
            return
        yield number
