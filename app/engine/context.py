"""The context a step runs in: what a node asks of it goes to the journal and to the run's world."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from time import perf_counter
from typing import TYPE_CHECKING, Any, Literal

from pydantic import JsonValue as Json

from app.engine.events import Logged, Once, Progressed, Row, Spent, Streamed, Touched, row
from app.engine.plan import Planned
from app.engine.shared import Shared
from nodes.context import Model, Question
from nodes.values import File

if TYPE_CHECKING:
    import httpx
    from playwright.async_api import Page

PROGRESS_EVERY = 0.1
"""Seconds between two reports of progress; the last one is always told."""

PlayBody = Callable[["StepContext", Mapping[str, Json], str, bool], Awaitable[Json]]


class StepContext:
    """The `nodes.Context` of one step of one run."""

    __slots__ = ("_asked", "_held", "_play", "_shared", "_told", "lane", "names", "planned", "step")

    def __init__(
        self, shared: Shared, planned: Planned, step: str, names: Mapping[str, Any], lane: str, play: PlayBody
    ) -> None:
        self.step = step
        self.planned = planned
        self.names = names
        self.lane = lane
        self._shared = shared
        self._play = play
        self._asked = 0
        self._told = 0.0
        self._held: list[Row] | None = None

    def hold(self) -> None:
        """Keep back what the step tells until `release`; a pure step that has to be started over tells nothing."""
        self._held = []

    def release(self) -> None:
        """Tell what was kept back."""
        for each in self._held or ():
            self._shared.append(each)
        self._held = None

    def log(self, text: str, *, level: Literal["info", "warning", "error"] = "info") -> None:
        self._tell(row(Logged, self.step, text=str(text)[:20_000], level=level))

    def progress(self, done: float, total: float | None = None, text: str = "") -> None:
        now = perf_counter()
        if now - self._told > PROGRESS_EVERY or done == total:
            self._told = now
            self._tell(row(Progressed, self.step, done=done, total=total, text=text))

    def stream(self, text: str) -> None:
        self._tell(row(Streamed, self.step, text=text))

    def touched(self, what: str, name: str) -> None:
        """Note a part of the outside world that was reached."""
        self._tell(row(Touched, self.step, what=what, name=name))

    def spent(self, what: str, tokens_in: int | None, tokens_out: int | None) -> None:
        """Note what a model call used."""
        self._tell(row(Spent, self.step, what=what, tokens_in=tokens_in, tokens_out=tokens_out))

    def _tell(self, each: Row) -> None:
        if self._held is not None:
            self._held.append(each)
        else:
            self._shared.append(each)

    async def page(self, session: str = "main") -> Page:
        return await self._shared.world.page(self, session, self.lane)

    @property
    def http(self) -> httpx.AsyncClient:
        return self._shared.world.http(self)

    async def model(self, connection: str = "", model: str = "") -> Model:
        return await self._shared.world.model(self, connection, model)

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
        if where in self._shared.past.once:
            return self._shared.past.once[where]
        value = await fn()
        self._shared.tell(Once, self.step, key=key, value=value)
        await self._shared.journal.flush()
        return value

    async def ask(self, question: Question) -> str:
        self._asked += 1
        return await self._shared.ask(self.step, f"{self._asked}. {question.title}", question)

    async def run_body(self, names: Mapping[str, Json], round: str, *, own_page: bool = False) -> Json:
        return await self._play(self, names, round, own_page)
