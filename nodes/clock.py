"""A time limit for which only the time counts in which this computer was awake."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Self

TICK = 1.0
"""Seconds between two looks at the clock."""

ASLEEP = 1.0
"""Seconds that a look may be late before it means that nobody was awake."""


class Limit:
    """Like `asyncio.timeout`: TimeoutError after so many seconds; none are no limit.

    A laptop that sleeps, or a process that is stopped for a while, comes back to find all its time over at once,
    although what it waited for may have come long ago. So that time is added to every limit.
    """

    def __init__(self, seconds: float | None) -> None:
        self._seconds = seconds
        self._timeout = asyncio.timeout(None)
        self._when: float | None = None
        self._look = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def when(self) -> float | None:
        """The loop's time at which the time is over."""
        return self._when

    def expired(self) -> bool:
        """True once the time was over."""
        return self._timeout.expired()

    def reschedule(self, when: float | None) -> None:
        """Let the time be over at another moment, or never."""
        self._when = when
        self._plan()

    async def __aenter__(self) -> Self:
        await self._timeout.__aenter__()
        if self._seconds is not None:
            self.reschedule(asyncio.get_running_loop().time() + self._seconds)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.reschedule(None)
        await self._timeout.__aexit__(kind, error, at)

    def _plan(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._when is not None:
            loop = asyncio.get_running_loop()
            self._look = min(self._when, loop.time() + TICK)
            self._timer = loop.call_at(self._look, self._tick)

    def _tick(self) -> None:
        assert self._when is not None
        now = asyncio.get_running_loop().time()
        if (late := now - self._look) > ASLEEP:
            self._when += late
        if now < self._when:
            self._plan()
        else:
            self._timer = None
            self._timeout.reschedule(now)
