"""Whose turn it is on the event loop: runs share it among themselves, and stand back where a person waits."""

from __future__ import annotations

import asyncio
from time import perf_counter

TURN = 0.005
"""Seconds that runs may keep the loop before they let the window answer: one alone, or all that go on together."""

SHORTEST = 0.0002
"""Seconds of a turn, however many runs there are."""

BACK = 0.1
"""Seconds that runs stand back after a gesture, and at least go on before they do so again."""


class Turns:
    """The turns of all runs in this process; `next` waits for one, `person_waits` keeps them back for a moment.

    An answer takes several ways between the loop and the threads that read: in each of them, busy runs would be in
    front of it once.
    """

    def __init__(self) -> None:
        self._ready = 0
        self._back_until = self._on_until = 0.0

    def person_waits(self) -> None:
        """Let whatever a person has just asked for be answered first."""
        now = perf_counter()
        if now >= self._on_until:
            self._back_until = now + BACK
            self._on_until = self._back_until + BACK

    async def next(self) -> float:
        """Return when it is a run's turn, with the time of `perf_counter` at which that is over."""
        self._ready += 1
        try:
            await asyncio.sleep(0)
            if (left := self._back_until - perf_counter()) > 0:
                await asyncio.sleep(left)
        finally:
            self._ready -= 1
        return perf_counter() + max(SHORTEST, TURN / (self._ready + 1))


turns = Turns()
"""There is one loop in a process, and so one order of turns."""
