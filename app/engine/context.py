"""The context a step runs in: what a node asks of it goes to the journal and to the run's world."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, Any, Literal

from pydantic import JsonValue as Json

from app.engine.asking import REST
from app.engine.events import Logged, Once, Progressed, Rehearsed, Row, Spent, Streamed, Touched, row
from app.engine.holding import may_spend
from app.engine.past import key_of
from app.engine.plan import Planned
from app.engine.rehearsal import first_way, hold_back
from app.engine.shared import Shared
from app.engine.showing import shown
from app.engine.turn import Turn
from app.engine.writing import canonical, in_words
from flows.inputs import checked
from nodes.context import Answer, Model, Question
from nodes.values import Effect, File, Need, NodeError

if TYPE_CHECKING:
    import httpx
    from playwright.async_api import Page

PROGRESS_EVERY = 0.1
"""Seconds between two reports of progress; the last one is always told."""

UNPRICED = "What this call costs is not known, so a limit in money does not count it."

LONGEST_LOG = 20_000
"""Characters of one line in a step's log."""

NAP = 5.0
"""Seconds up to which a rest is not worth a row in the inbox."""

PlayBody = Callable[["StepContext", Mapping[str, Json], str, bool], Awaitable[Json]]


class StepContext:
    """The `nodes.Context` of one step of one run."""

    __slots__ = ("_asked", "_late", "_play", "_rested", "_shared", "_told", "around", "failed", "lane", "names",
                 "planned", "reached", "step", "turn")  # fmt: skip

    def __init__(
        self,
        shared: Shared,
        planned: Planned,
        step: str,
        names: Mapping[str, Any],
        lane: str,
        play: PlayBody,
        around: StepContext | None = None,
    ) -> None:
        self.step = step
        self.planned = planned
        self.names = names
        self.lane = lane
        self.around = around
        """The context of the container around it."""
        self.turn: Turn | None = None
        """The attempt that goes on now, with its slots and its time."""
        self.failed = False
        self.reached = False
        """True once this attempt has reached a part of the outside world."""
        self._shared = shared
        self._play = play
        self._asked = 0
        self._rested = 0
        self._told = 0.0
        self._late: Row | None = None

    def begin(self) -> None:
        """Before an attempt: what it asks is asked in the same order as in the one before, and so has its answers."""
        self._asked = self._rested = 0
        self.reached = False

    def end(self) -> None:
        """After an attempt: tell the last progress, if it was not told yet."""
        if self._late is not None:
            self._shared.append(self._late)
            self._late = None

    def log(self, text: str, *, level: Literal["info", "warning", "error"] = "info") -> None:
        self._tell(row(Logged, self.step, text=in_words(text)[:LONGEST_LOG], level=level))

    def progress(self, done: float, total: float | None = None, text: str = "") -> None:
        now = perf_counter()
        self._late = row(Progressed, self.step, done=done, total=total, text=text)
        if now - self._told > PROGRESS_EVERY:
            self._told = now
            late, self._late = self._late, None
            self._tell(late)

    def stream(self, text: str) -> None:
        self._tell(row(Streamed, self.step, text=text))

    def touched(self, what: str, name: str) -> None:
        """Note a part of the outside world that was reached."""
        self.reached = True
        self._tell(row(Touched, self.step, what=what, name=name))

    def spend(
        self, what: str, *, tokens_in: int | None = None, tokens_out: int | None = None, money: float | None = None
    ) -> None:
        self._tell(row(Spent, self.step, what=what, tokens_in=tokens_in, tokens_out=tokens_out, money=money))
        budget = self._shared.budget
        if budget is not None:
            self._on_the_loop(partial(budget.spend, tokens_in, tokens_out, money))
            if money is None and budget.prices and not budget.said_unpriced:
                budget.said_unpriced = True
                self.log(UNPRICED, level="warning")

    @asynccontextmanager
    async def affords(self, tokens: int | None, money: float | None = None) -> AsyncIterator[None]:
        """Around a call that uses at most so much: a person is asked first where that would pass a limit of the run."""
        call = object()
        await may_spend(self._shared, self, call, tokens or 0, money or 0.0)
        try:
            yield
        finally:
            if self._shared.budget is not None:
                self._shared.budget.release(call)
                async with self._shared.freed:
                    self._shared.freed.notify_all()

    def held_back(self, effect: str, what: str, given: Mapping[str, Any]) -> NodeError:
        """In a rehearsal: note what this step wanted to do without having declared it, and give the refusal."""
        return hold_back(self._shared, self, effect, what, given)

    def page_held_back(self, what: str, given: Mapping[str, Any]) -> None:
        """The same for what its page wanted to send by itself, of which the step itself knows nothing."""
        self._shared.page_held = True
        self._tell(row(Rehearsed, self.step, effect=Effect.WRITE.value, what=what, given=shown(given)))

    def _tell(self, each: Row) -> None:
        self._on_the_loop(partial(self._shared.append, each))

    def _on_the_loop(self, work: Callable[[], None]) -> None:
        if threading.get_ident() == self._shared.thread:
            work()
            return
        with suppress(RuntimeError):  # The loop is gone if the program is ending.
            self._shared.loop.call_soon_threadsafe(work)

    async def page(self, session: str = "main") -> Page:
        return await self._shared.world.page(self, session, self.lane)

    @property
    def http(self) -> httpx.AsyncClient:
        return self._shared.world.http(self)

    async def model(self, connection: str = "", model: str = "") -> Model:
        found = await self._shared.world.model(self, connection, model)
        self._shared.masking = True
        return found

    async def secret(self, name: str) -> str:
        value = await self._shared.world.secret(self, name)
        self._shared.masking = True
        return value

    async def save(self, content: bytes, name: str, media_type: str = "application/octet-stream") -> File:
        return await self._shared.world.save(content, name, media_type)

    async def open(self, file: File) -> bytes:
        return await self._shared.world.open(file)

    async def read(self, path: str) -> bytes:
        return await self._shared.world.read(self, path)

    async def write(self, path: str, content: bytes, *, append: bool = False) -> str:
        return await self._shared.world.write(self, path, content, append)

    async def once(self, key: str, fn: Callable[[], Awaitable[Json]]) -> Json:
        where = (self.step, key)
        if where in self._shared.once:
            return self._shared.once[where]
        try:
            value = canonical({"value": await fn()})[0]["value"]
        except ValueError as error:
            raise NodeError(f"What is to be kept under “{key}” cannot be: {error}.", retryable=False) from None
        self._shared.once[where] = value
        self._shared.tell(Once, self.step, key=key, value=value)
        await self._shared.journal.flush()
        return value

    @property
    def attempt_key(self) -> str:
        return key_of(self._shared.run_id, self.step, self._shared.redone.get(self.step, 0))

    async def ask(self, question: Question) -> Answer:
        if self._shared.rehearsing:
            return first_way(self, question)
        self._asked += 1
        async with self.waiting_for_a_person():
            return await self._shared.ask(
                self.step, f"{self._asked}. {question.title}", question, stays=self._is_half_way
            )

    async def ask_leave(self, question: Question) -> str:
        """What a person said when the gate asked for leave; it does not count among the questions of the node."""
        async with self.waiting_for_a_person():
            # What waits at the gate would be broken off: a page half loaded, a request half sent.
            stays = self._is_half_way or Need.BROWSER in self.planned.node.spec.needs
            return (await self._shared.ask(self.step, f"leave: {question.title}", question, stays=stays)).choice

    async def sleep_until(self, when: float, why: str = "") -> None:
        self._rested += 1
        if self._shared.rehearsing:
            self.log("A rehearsal does not wait: it goes on at once.")
            return
        async with self.waiting_for_a_person():
            if when - self.now() <= NAP:
                await self._shared.asking.sleep_until(when)
                return
            rest = Question(why or "Rests", choices=(), deadline=when)
            await self._shared.ask(self.step, f"{REST} {self._rested}", rest, REST, stays=self._is_half_way)

    def now(self) -> float:
        return self._shared.clock()

    @property
    def _is_half_way(self) -> bool:
        """True where this attempt may have changed the world already: begun anew, it would do so twice."""
        return self.reached and self.planned.node.spec.effect is Effect.WRITE

    @asynccontextmanager
    async def waiting_for_a_person(self) -> AsyncIterator[None]:
        """The time in here counts for no time limit, neither here nor around here, and other steps have the slots."""
        async with AsyncExitStack() as stack:
            around: list[Turn] = []
            each: StepContext | None = self
            while each is not None:
                if each.turn is not None:
                    around.append(each.turn)
                each = each.around
            for turn in reversed(around):
                await stack.enter_async_context(turn.rested())
            yield

    def work_out(self, setting: str, names: Mapping[str, Json]) -> Json:
        settings = self.planned.settings
        assert settings is not None
        return settings.work_out(setting, names, self._shared.played.get(self.step, {}), self.names)

    async def run_flow(self, inputs: Mapping[str, Json]) -> Json:
        part = self.planned.part
        if part is None:
            raise NodeError("The flow that this step runs is not here.", hint="Choose another one.", retryable=False)
        values, problems = checked(part.inputs, inputs)
        if problems:
            what = " ".join(problem.message for problem in problems)
            raise NodeError(f"“{part.name}”: {what}", hint="Look at what is given to it.", retryable=False)
        return await self._play(self, {"inputs": values}, "0", False)

    async def run_body(self, names: Mapping[str, Json], round: str, *, own_page: bool = False) -> Json:
        if "/" in round:
            raise ValueError(f"A round cannot be called `{round}`: `/` parts the steps of a path.")
        return await self._play(self, names, round, own_page)
