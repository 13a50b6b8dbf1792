"""A step's place among those that run at the same time, and its time limit: both rest while a person thinks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager

from nodes.clock import Limit


class Turn:
    """One attempt of a step. It waits for its slots first: only what it then does is on its time."""

    def __init__(self, slots: Iterable[asyncio.Semaphore], limit: float | None) -> None:
        self._slots = _AllOf(slots)
        self._limit = limit
        self._clock = Limit(None)
        self._left = 0.0
        self._pauses = 0
        self._task: asyncio.Task[object] | None = None
        self._gave_back = False

    @asynccontextmanager
    async def taken(self) -> AsyncIterator[None]:
        """What is done in here has the slots; TimeoutError once the time is over."""
        async with self._slots:
            self._clock = Limit(self._limit)
            async with self._clock:
                self._task = asyncio.current_task()
                try:
                    yield
                finally:
                    self._task = None

    @property
    def ran_out(self) -> bool:
        """True where the step took longer than its limit."""
        return self._clock.expired()

    @asynccontextmanager
    async def rested(self) -> AsyncIterator[None]:
        """What is done in here waits for a person: the time stands still, and other steps have the slots meanwhile."""
        with self._stopped():
            if self._gave_back or asyncio.current_task() is not self._task:
                # A question from beside the step, as while its page loads: the step does not wait here and needs them.
                yield
                return
            self._gave_back = True
            self._slots.give()
            try:
                yield
            finally:
                self._gave_back = False
            # Not after a failure: whoever is stopped waits for nothing any more.
            await self._slots.take()

    @contextmanager
    def _stopped(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        self._pauses += 1
        if self._pauses == 1 and self._goes and (when := self._clock.when()) is not None:
            self._left = when - loop.time()
            self._clock.reschedule(None)
        try:
            yield
        finally:
            self._pauses -= 1
            if not self._pauses and self._goes and self._left:
                self._clock.reschedule(loop.time() + self._left)
                self._left = 0.0

    @property
    def _goes(self) -> bool:
        return self._task is not None and not self._clock.expired()


class _AllOf:
    """Several semaphores, held together. They are taken in the order given, which has to be the same everywhere."""

    def __init__(self, semaphores: Iterable[asyncio.Semaphore]) -> None:
        self._semaphores = list(semaphores)
        self._held: list[asyncio.Semaphore] = []

    async def take(self) -> None:
        try:
            for semaphore in self._semaphores:
                await semaphore.acquire()
                self._held.append(semaphore)
        except BaseException:
            self.give()
            raise

    def give(self) -> None:
        while self._held:
            self._held.pop().release()

    async def __aenter__(self) -> None:
        await self.take()

    async def __aexit__(self, *_: object) -> None:
        self.give()
