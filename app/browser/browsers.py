"""The studio's browsers: one Chromium for all runs, started at the first need, gone when nobody needs it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable
from pathlib import Path
from typing import Any

from app.browser import mark
from app.browser.running import Running, start

IDLE_AFTER = 60.0
CLEARS_UP_AFTER = 2.0


class Browsers:
    """One per process. Runs borrow a browser from it; a crashed one is replaced for the next who asks.

    `never` are the studio's own ports, which no page of a flow may reach. `setting` is a browser the person chose.
    """

    def __init__(
        self, boot: str, *, setting: Path | None = None, never: Iterable[int] = (), idle_after: float = IDLE_AFTER
    ) -> None:
        self.never = frozenset(never)
        self._boot = boot
        self._setting = setting
        self._idle_after = idle_after
        self._up: dict[bool, Running] = {}
        self._all: set[Running] = set()
        self._starting: dict[bool, asyncio.Task[Running]] = {}
        self._idle: dict[Running, asyncio.TimerHandle] = {}
        self._tasks: set[asyncio.Task[object]] = set()
        self._clearing: asyncio.TimerHandle | None = None

    def clear_up(self, after: float = CLEARS_UP_AFTER) -> None:
        """End the browsers of studios that were killed: in the background, once the start is over."""
        loop = asyncio.get_running_loop()
        self._clearing = loop.call_later(after, lambda: self._later(asyncio.to_thread(mark.end_leftovers)))

    async def borrow(self, *, headed: bool = False) -> Running:
        """A browser that answers, with or without windows on the screen. Give it back."""
        running = self._up.get(headed)
        if running and running.spent:
            del self._up[headed]  # It ends when its last run gives it back.
            running = None
        if running is None or not await running.answers():
            running = await self._replaced(headed, running)
        running.users += 1
        if timer := self._idle.pop(running, None):
            timer.cancel()
        return running

    def give_back(self, running: Running) -> None:
        running.users -= 1
        if running.users:
            return
        if running.spent:
            self._later(self._end(running))
        else:
            loop = asyncio.get_running_loop()
            self._idle[running] = loop.call_later(self._idle_after, lambda: self._later(self._end(running)))

    async def close(self) -> None:
        """End every browser, used or not."""
        if self._clearing:
            self._clearing.cancel()
        for start_up in list(self._starting.values()):
            start_up.cancel()
        await asyncio.gather(*self._starting.values(), return_exceptions=True)
        await asyncio.gather(*(self._end(running) for running in list(self._all)), *list(self._tasks))

    async def _replaced(self, headed: bool, dead: Running | None) -> Running:
        """The browser that comes after `dead`; those who ask at the same time get the same one."""
        if dead and self._up.get(headed) is dead:
            del self._up[headed]
            self._later(self._end(dead))
        if up := self._up.get(headed):
            return up
        if headed not in self._starting:
            self._starting[headed] = asyncio.create_task(self._start(headed), name="start a browser")
        # A step that is stopped meanwhile must not stop the start: others may wait for it, and nothing may be left.
        return await asyncio.shield(self._starting[headed])

    async def _start(self, headed: bool) -> Running:
        try:
            running = await start(self._boot, setting=self._setting, headed=headed, never=self.never)
            self._up[headed] = running
            self._all.add(running)
            self._idle[running] = asyncio.get_running_loop().call_later(
                self._idle_after, lambda: self._later(self._end(running))
            )
            return running
        finally:
            del self._starting[headed]

    async def _end(self, running: Running) -> None:
        if timer := self._idle.pop(running, None):
            timer.cancel()
        for headed, up in list(self._up.items()):
            if up is running:
                del self._up[headed]
        await running.end()
        self._all.discard(running)

    def _later(self, work: Coroutine[Any, Any, object]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
