"""What all steps of one run share: its journal, its world, its past, and the answers it waits for."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Mapping
from time import perf_counter
from typing import Any

from app.engine.asking import Asking, Desk, NoDesk
from app.engine.budget import Budget
from app.engine.debug import Debug
from app.engine.events import Event, Journal, Row, row
from app.engine.past import NOTHING, Past
from app.engine.turns import turns
from app.engine.world import World
from nodes.context import Answer, Question
from nodes.values import Need

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
        *,
        clock: Callable[[], float] = time.time,
        desk: Desk | None = None,
    ) -> None:
        self.world = world
        self.journal = journal
        self.loop = asyncio.get_running_loop()
        self.thread = threading.get_ident()
        self.past = past
        self.run_id = run_id
        self.clock = clock
        """What everything that waits for a time goes by."""
        self.asking = Asking(self, past.answers, desk or NoDesk(), clock, waiting)
        self.open_steps: set[str] = set()
        """Steps that have begun and not ended, quick ones left out."""
        self.stopped_as = "stopped"
        self.stopped_because = "Stopped before the end."
        self.masking = False
        self.over = False
        """Nothing is written down any more."""
        self.once = dict(past.once)
        self.doubt = set(past.doubt)
        """Steps that were started and may have happened; whoever plays them has to ask first."""
        self.starts = dict(past.starts)
        self.redone = dict(past.redone)
        self.played: dict[str, Mapping[str, Any]] = {}
        """What the steps inside gave in the last round of a container that works out settings of its own."""
        self.kept: dict[str, Mapping[str, Any]] = {}
        """What steps gave inside a container that is tried again when it fails."""
        self.threads = asyncio.Semaphore(THREADS)
        self.slots = {need: asyncio.Semaphore(count) for need, count in AT_ONCE.items()}
        # The first turn is over at once: only then is it known how many others there are.
        self._turn_ends = 0.0
        self.quick = True
        """False where every step has to be looked at before it begins: quick ones are not played at once then."""
        self.budget: Budget | None = None
        self.debug: Debug | None = None
        self.rehearsing = False
        self.holding = asyncio.Lock()
        """Held while the run asks for more or stands still before a step: nothing begins meanwhile."""
        self.freed = asyncio.Condition()
        """Told of each call that is over, for those that wait for what was held back for it."""
        self.standing: set[str] = set()
        """Steps that wait for that."""
        self.made_up: dict[str, str] = {}
        """In a rehearsal: steps whose outputs are made up or may be, and the step that is the reason."""
        self.unsure: dict[str, str] = {}
        """In a rehearsal: steps that work with what is made up, and what that depends on."""
        self.page_held = False
        """In a rehearsal: a page wanted to send something, and may be another than it would be."""
        self.held: set[str] = set()
        """In a rehearsal: steps that the gate kept from what they had not declared."""

    def govern(self, *, budget: Budget | None = None, debug: Debug | None = None, rehearsing: bool = False) -> None:
        """Before it is played: the run's limits, where it is to stand still, and whether it is only rehearsed."""
        self.budget, self.debug, self.rehearsing = budget, debug, rehearsing
        self.quick = debug is None and not rehearsing and (budget is None or not budget.limited)

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
        """True while something waits for a person or for the clock."""
        return bool(self.asking.unanswered)

    @property
    def quiet(self) -> bool:
        """True while nothing goes on before a question is answered or a rest is over."""
        asking = [*(f"{step}/" for step, _ in self.asking.unanswered), *(f"{step}/" for step in self.standing)]
        return self.asks and all(any(each.startswith(f"{step}/") for each in asking) for step in self.open_steps)

    @property
    def can_be_put_away(self) -> bool:
        """True where what waits can be taken up again from the journal alone."""
        return self.quiet and self.asking.can_wait_elsewhere

    @property
    def tired(self) -> bool:
        """True once the run has had its turn of the loop."""
        return perf_counter() > self._turn_ends or self.journal.crowded

    async def breathe(self) -> None:
        """Let everything else on the loop have a turn."""
        self._turn_ends = await turns.next()
        if self.journal.crowded:
            await self.journal.room()
            self._turn_ends = await turns.next()

    async def ask(
        self, step: str, key: str, question: Question, sort: str = "question", *, stays: bool = False
    ) -> Answer:
        """The answer to a question, from the past or from a person, however long it takes.

        A run that `stays` is not put away meanwhile, because what it has done so far could not be taken up again.
        """
        if self.budget is None:
            return await self.asking.ask(step, key, question, sort, stays=stays)
        with self.budget.clock.waiting(step):
            return await self.asking.ask(step, key, question, sort, stays=stays)

    async def answer(self, step: str, key: str, answer: Answer) -> bool:
        """Give the answer to an open question. False where nobody asks any more, or it is none of the choices."""
        posed = self.asking.posed.get((step, key))
        if posed is None or answer.choice not in (posed.question.choices or (answer.choice,)):
            return False
        heard = self.asking.hear(step, key, answer)
        await self.journal.flush()
        return heard
