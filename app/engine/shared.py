"""What all steps of one run share: its journal, its world, its past, and the answers it waits for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import perf_counter
from typing import Any

import orjson
from pydantic import JsonValue as Json

from app.engine.events import Answered, Asked, Event, Journal, Row, row
from app.engine.past import NOTHING, Past
from app.engine.plan import Planned
from app.engine.world import World
from nodes.context import Question
from nodes.values import Need

TURN = 0.005
"""Seconds a run may keep the loop to itself before it lets the window answer."""

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
    ) -> None:
        self.world = world
        self.journal = journal
        self.past = past
        self.waiting = waiting
        self.stopped_as = "stopped"
        self.masking = False
        self.suspending: set[Planned] = set()
        self.slots = {need: asyncio.Semaphore(count) for need, count in AT_ONCE.items()}
        self._answers: dict[tuple[str, str], asyncio.Future[str]] = {}
        self._turn_ends = perf_counter() + TURN

    def append(self, row: Row) -> None:
        """Write a row to the journal, with every secret in it masked."""
        if self.masking:
            at, kind, step, body = row
            row = (at, kind, step, self.world.mask(body.decode()).encode())
        self.journal.append(row)

    def tell(self, kind: type[Event], step: str, **body: Any) -> None:
        """Write an event that happens now to the journal."""
        self.append(row(kind, step, **body))

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

    async def ask(self, step: str, key: str, question: Question) -> str:
        """The answer to a question, from the past or from a person, however long it takes."""
        where = (step, key)
        if where in self.past.answers:
            return self.past.answers[where]
        answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._answers[where] = answer
        if where not in self.past.asked:
            self.tell(Asked, step, key=key, title=question.title, text=question.text, choices=question.choices)
            await self.journal.flush()
        self.waiting(len(self._answers))
        try:
            return await answer
        finally:
            self._answers.pop(where, None)
            self.waiting(len(self._answers))

    async def answer(self, step: str, key: str, choice: str) -> bool:
        """Give the answer to an open question. False where nobody asks any more."""
        waiting = self._answers.get((step, key))
        if waiting is None or waiting.done():
            return False
        self.tell(Answered, step, key=key, choice=choice)
        waiting.set_result(choice)
        await self.journal.flush()
        return True


def canonical(outputs: dict[str, Any]) -> tuple[dict[str, Json], bytes]:
    """Outputs as JSON will give them back, and that JSON. TypeError where they are not JSON values."""
    body = orjson.dumps(outputs, option=orjson.OPT_PASSTHROUGH_DATACLASS, default=_as_json)
    return orjson.loads(body), body


def _as_json(value: Any) -> Json:
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json")  # type: ignore[no-any-return]  # any pydantic value
    if isinstance(value, set | frozenset):
        return sorted(value, key=str)
    raise TypeError(f"a {type(value).__name__} cannot travel on a wire; return text, numbers, lists, records or files")
