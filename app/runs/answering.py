"""Answers on their way: decided in the inbox first, then told to the run, which is taken up for it if need be."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping

from app.runs.inbox import fitting
from app.runs.live import Live
from app.store.inbox import Decision, Entry, Inbox
from app.store.refusal import RunElsewhere
from app.store.runs import Runs
from nodes.context import Answer

log = logging.getLogger(__name__)


class Answering:
    """`live` are the runs that go on here; `take_up` goes on with one that was put away.

    `tell` hears of each run of which something was decided.
    """

    def __init__(
        self,
        inbox: Inbox,
        stored: Runs,
        live: Mapping[str, Live],
        take_up: Callable[[str], Awaitable[None]],
        tell: Callable[[str], None],
    ) -> None:
        self._inbox = inbox
        self._stored = stored
        self._live = live
        self._take_up = take_up
        self._tell = tell

    async def answer(self, run_id: str, step: str, key: str, answer: Answer) -> Decision:
        """Decide a question, once. AnswerRefused where it does not take this answer."""
        entry = await self._inbox.get(run_id, step, key)
        if entry is None or entry.status != "pending":
            return Decision(False, entry)
        left = fitting(entry, answer.choice, answer.payload)
        decision = await self._inbox.decide(run_id, step, key, Answer(answer.choice, left, answer.by))
        if decision.entry is not None:
            self._reaches(decision.entry)
            self._tell(run_id)
        if (live := self._live.get(run_id)) is not None and live.away is not None:
            await asyncio.wait([live.task])  # It is just being put away.
        if run_id not in self._live:
            record = await self._stored.get(run_id)
            if record.status == "waiting" and not self._stored.elsewhere(record):
                await self.wake(run_id)
        return decision

    async def wake(self, run_id: str) -> None:
        """Take up a run that was put away; one that cannot go on is interrupted, and says why."""
        if run_id in self._live:
            return  # It is just being put away, and looked for again.
        try:
            await self._take_up(run_id)
        except RunElsewhere:
            return  # Another start of Weft was quicker, and has it.
        except Exception as error:  # noqa: BLE001  one run that cannot go on must not keep the others from it
            log.warning("run %s: %s", run_id, error)
            await self._stored.set_status(run_id, "interrupted", f"It could not wait on. {error}")
            await self._inbox.close(run_id, ended=False)
            self._tell(run_id)

    async def pass_on(self) -> None:
        """Tell the runs that go on here what was decided of them elsewhere, in a terminal for example."""
        if any(live.shared.asks for live in self._live.values()):
            for entry in await self._inbox.unheard():
                # Only of news: whoever is told looks again at once.
                if self._reaches(entry):
                    self._tell(entry.run_id)

    def _reaches(self, entry: Entry) -> bool:
        """Give a decision to its run; whether that goes on here and waited for it."""
        live = self._live.get(entry.run_id)
        if live is None or entry.answer is None or live.stopping.is_set():
            return False
        return live.shared.asking.hear(entry.step, entry.key, entry.answer)
