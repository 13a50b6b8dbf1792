"""What all steps of one run share: its journal, its world, its past, and the answers it waits for."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict
from time import perf_counter
from typing import Any

from app.engine.events import Answered, Asked, Event, Journal, Row, row
from app.engine.past import NOTHING, Past
from app.engine.world import World
from nodes.context import Answer, Question
from nodes.values import Need

TURN = 0.005
"""Seconds a run may keep the loop to itself before it lets the window answer."""

THREADS = 32
"""How many steps of a run may work in threads at the same time."""

AT_ONCE = {Need.BROWSER: 5, Need.MODEL: 8, Need.CODE: 4}
"""How many steps of a run may use each of these at the same time."""


class Shared:
    """One run's common state."""

    def __init__(
        self,
        world: World,
        journal: Journal,
        past: Past = NOTHING,
        waiting: Callable[[int], None] = lambda _open: None,
        run_id: str = "",
    ) -> None:
        self.world = world
        self.journal = journal
        self.loop = asyncio.get_running_loop()
        self.thread = threading.get_ident()
        self.past = past
        self.run_id = run_id
        self.waiting = waiting
        self.stopped_as = "stopped"
        self.stopped_because = "Stopped before the end."
        self.masking = False
        self.over = False
        """Nothing is written down any more."""
        self.once = dict(past.once)
        self.answers = dict(past.answers)
        self.doubt = set(past.doubt)
        """Steps that were started and may have happened; whoever plays them has to ask first."""
        self.starts = dict(past.starts)
        self.redone = dict(past.redone)
        self.kept: dict[str, Mapping[str, Any]] = {}
        """What steps gave inside a container that is tried again when it fails."""
        self.threads = asyncio.Semaphore(THREADS)
        self.slots = {need: asyncio.Semaphore(count) for need, count in AT_ONCE.items()}
        self._open: dict[tuple[str, str], tuple[Question, asyncio.Future[Answer]]] = {}
        self._turn_ends = perf_counter() + TURN

    def append(self, row: Row) -> None:
        """Write a row to the journal, with every secret in it masked."""
        if self.over:
            return  # From a thread or a browser that heard too late of the end.
        if self.masking:
            at, kind, step, body = row
            row = (at, kind, step, self.world.mask(body.decode()).encode())
        self.journal.append(row)

    def tell(self, kind: type[Event], step: str, **body: Any) -> None:
        """Write an event that happens now to the journal."""
        self.append(row(kind, step, **body))

    def masked(self, text: str) -> str:
        """The text with every secret in it masked."""
        return self.world.mask(text) if self.masking else text

    @property
    def asks(self) -> bool:
        """True while a question waits for a person."""
        return bool(self._open)

    @property
    def tired(self) -> bool:
        """True once the run has had its turn of the loop."""
        return perf_counter() > self._turn_ends or self.journal.crowded

    async def breathe(self) -> None:
        """Let everything else on the loop have a turn."""
        await asyncio.sleep(0)
        if self.journal.crowded:
            await self.journal.room()
        self._turn_ends = perf_counter() + TURN

    async def ask(self, step: str, key: str, question: Question, sort: str = "question") -> Answer:
        """The answer to a question, from the past or from a person, however long it takes."""
        where = (step, key)
        if where in self.answers:
            return self.answers[where]
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._open[where] = question, answer
        try:
            # Told again when the run goes on: what was open before is closed in the eyes of whoever reads the journal.
            self.tell(Asked, step, key=key, sort=sort, **asdict(question))
            await self.journal.flush()
            self.waiting(len(self._open))
            return await answer
        finally:
            del self._open[where]
            self.waiting(len(self._open))

    async def answer(self, step: str, key: str, answer: Answer) -> bool:
        """Give the answer to an open question. False where nobody asks any more, or it is none of the choices."""
        question, waiting = self._open.get((step, key), (None, None))
        choice = answer.choice
        if question is None or waiting is None or waiting.done() or choice not in (question.choices or (choice,)):
            return False
        self.tell(Answered, step, key=key, **asdict(answer))
        self.answers[step, key] = answer
        waiting.set_result(answer)
        await self.journal.flush()
        return True
