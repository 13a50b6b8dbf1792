"""Runs that only wait: put away after a while, so that they cost nothing, and taken up again when it is time."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

from app.engine.asking import BREAK
from app.runs.live import Live
from app.store.inbox import Inbox, Standing
from app.store.refusal import Refusal
from app.store.trouble import StoreTrouble

PARK_AFTER = 60.0
"""Seconds in which a run has done nothing but wait before it is put away."""

PARK_PAGES_AFTER = 3600.0
"""The same where a page is open, of which only the address and the sessions come back, or somebody debugs."""

HOLDS_STILL, TURNS = 0.05, 20
"""Seconds, and turns of the loop, in which a run must not have said anything before it is put away."""

LOOKS_EVERY = 5.0
"""Seconds between two looks at the clock and at what another window or terminal has decided."""

log = logging.getLogger(__name__)


class Parking:
    """Puts live runs away once they have only waited for a while; never where `after` is None."""

    def __init__(self, after: float | None = PARK_AFTER, pages_after: float = PARK_PAGES_AFTER) -> None:
        self.after = after
        self.pages_after = pages_after
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._leaving: set[asyncio.Task[None]] = set()

    def changed(self, live: Live) -> None:
        """A question of this run was asked or answered, or a rest began or ended."""
        self.forget(live.record.id)
        live.quiet_since = asyncio.get_running_loop().time()
        if self.after is not None and live.shared.asks and not live.stopping.is_set():
            self._look_in(live, self.after)

    def forget(self, run_id: str) -> None:
        """The run has ended."""
        if (timer := self._timers.pop(run_id, None)) is not None:
            timer.cancel()

    def _look_in(self, live: Live, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        self._timers[live.record.id] = loop.call_later(seconds, self._look, live)

    def _look(self, live: Live) -> None:
        self._timers.pop(live.record.id, None)
        if live.stopping.is_set() or not live.shared.asks or self.after is None:
            return
        left = self._wanted(live) - (asyncio.get_running_loop().time() - live.quiet_since)
        if not live.shared.can_be_put_away:
            self._look_in(live, max(self.after, 0.01))
        elif left > 0:
            self._look_in(live, left)
        else:
            task = asyncio.create_task(self._put_away(live), name=f"put away {live.record.id}")
            self._leaving.add(task)
            task.add_done_callback(self._leaving.discard)

    async def _put_away(self, live: Live) -> None:
        """Put a run away if it holds still: between two steps it looks as if nothing went on."""
        said = live.journal.taken
        await asyncio.sleep(HOLDS_STILL)
        for _ in range(TURNS):
            await asyncio.sleep(0)
        if live.stopping.is_set() or live.record.id in self._timers:
            return  # Or something has changed, and it is looked at again.
        if live.shared.can_be_put_away and live.journal.taken == said:
            live.put_away()
        elif live.shared.asks:
            self._look_in(live, max(self.after or 0.0, HOLDS_STILL))

    def _wanted(self, live: Live) -> float:
        debugged = any(posed.sort == BREAK for posed in live.shared.asking.unanswered.values())
        return self.pages_after if live.world.has_pages or debugged else self.after or 0.0


class Waker:
    """Takes up what was put away: at a deadline, at the end of a rest, when something was decided.

    `wake` takes up a run, `pass_on` tells a live one what was decided of it elsewhere, `find_left` finds what a start
    of Weft that is gone has left meanwhile, and `changed` hears whenever the inbox is another than before.
    """

    def __init__(
        self,
        inbox: Inbox,
        *,
        wake: Callable[[str], Awaitable[None]],
        pass_on: Callable[[], Awaitable[None]],
        find_left: Callable[[], Awaitable[None]],
        changed: Callable[[], None],
        look_again: float = LOOKS_EVERY,
    ) -> None:
        self.wakes = False
        """Whether it takes up what was put away, or leaves that to another start of Weft."""
        self.look_again = look_again
        self.standing = Standing(0, 0, None, (0, 0))
        self._inbox = inbox
        self._wake = wake
        self._pass_on = pass_on
        self._find_left = find_left
        self._found_at = 0.0
        self._changed = changed
        self._poked = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to look, or look at once."""
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._go_on(), name="waker")
        self.poke()

    def poke(self) -> None:
        """Something is different: look at once, if it looks at all."""
        self._poked.set()

    def stop(self) -> None:
        """Take up nothing any more."""
        if self._task is not None:
            self._task.cancel()

    async def _go_on(self) -> None:
        while True:
            self._poked.clear()
            try:
                await self._look()
            except (StoreTrouble, Refusal) as trouble:
                log.warning("the inbox: %s", trouble)
            try:
                async with asyncio.timeout(self._pause()):
                    await self._poked.wait()
            except TimeoutError:
                pass

    async def _look(self) -> None:
        await self._pass_on()
        if self.wakes:
            if (now := time.monotonic()) >= self._found_at + self.look_again:
                self._found_at = now
                await self._find_left()
            for run_id in await self._inbox.to_wake():
                await self._wake(run_id)
        standing = await self._inbox.standing()
        if standing != self.standing:
            self.standing = standing
            self._changed()

    def _pause(self) -> float:
        # Never as long as to the next deadline: the computer may sleep through it, or its clock be set.
        deadline = self.standing.next_deadline
        left = self.look_again if deadline is None or not self.wakes else deadline - self._inbox.now()
        return min(max(left, 0.001), self.look_again)
