"""Play a single step against the real world, through the real engine, and see what it did."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from app.engine.budget import Budget
from app.engine.events import Asked, Event, Row, Touched, event
from app.engine.outcomes import RunEnd
from app.engine.past import NOTHING, Past
from app.engine.plan import plan
from app.engine.run import run
from app.engine.shared import Shared
from app.engine.world import World
from flows.model import Flow, Limits, Step, Wire
from nodes import Code, Context, Effect, Json, Need, Node, Touches
from nodes.catalog import Catalog
from nodes.context import Answer
from nodes.control.for_each import ForEach

Wish = Callable[[Context], Awaitable[Json]]
WISH: ContextVar[Wish] = ContextVar("what the step is to do")


class Try(Node, kind="test.try", effect=Effect.READ):
    """Does what the test wishes."""

    async def run(self, ctx: Context) -> Json:
        return await WISH.get()(ctx)


class Browse(Node, kind="test.browse", needs={Need.BROWSER}, effect=Effect.READ):
    """Does what the test wishes, in a browser."""

    url: str = ""

    def touches(self) -> Touches:
        from nodes import host_of

        return Touches(hosts=(host_of(self.url),)) if self.url else Touches()

    async def run(self, ctx: Context) -> Json:
        return await WISH.get()(ctx)


class Compute(Node, kind="test.compute", needs={Need.CODE}, effect=Effect.READ):
    """Says that it ran."""

    code: Code

    def touches(self) -> Touches:
        return Touches(code=(self.code,))

    async def run(self, ctx: Context) -> str:
        return "ran"


CATALOG = Catalog({node.spec.kind: node for node in (Try, Browse, Compute, ForEach)})


@dataclass
class Notebook:
    """A journal in memory; `heard` is told of each event."""

    events: list[Event] = field(default_factory=list)
    heard: Callable[[Event], None] = lambda _: None
    crowded: bool = False

    def append(self, row: Row) -> None:
        found = event(row)
        assert found is not None
        self.events.append(found)
        self.heard(found)

    async def flush(self) -> None:
        return

    async def room(self) -> None:
        return


@dataclass(frozen=True)
class Played:
    """How the run ended, and all that happened in it."""

    end: RunEnd
    events: list[Event]

    @property
    def result(self) -> Json:
        """What the step gave."""
        assert isinstance(self.end.result, dict), self.end.message
        return self.end.result["value"]

    @property
    def questions(self) -> list[str]:
        return [each.title for each in self.events if isinstance(each, Asked)]

    @property
    def touched(self) -> list[str]:
        return [f"{each.what}: {each.name}" for each in self.events if isinstance(each, Touched)]

    @property
    def failure(self) -> str:
        return self.end.message.partition(" failed: ")[2]


async def play(
    world: World,
    wish: Wish | None = None,
    *,
    answer: str = "Refuse",
    answer_after: float = 0,
    kind: str = "test.try",
    settings: Mapping[str, Json] | None = None,
    past: Past = NOTHING,
    steps: Mapping[str, Step] | None = None,
    wires: tuple[Wire, ...] = (),
    rehearsing: bool = False,
    limits: Limits | None = None,
) -> Played:
    """The run of one step that does what is wished; every question gets the same answer."""
    flow = Flow(
        id="f", name="Flow", steps=steps or {"it": Step(kind=kind, title="It", settings=settings or {})}, wires=wires
    )
    notebook = Notebook()
    shared = Shared(world, notebook, past)
    shared.govern(budget=Budget(limits) if limits is not None else None, rehearsing=rehearsing)
    answering: set[asyncio.Task[Any]] = set()

    def heard(told: Event) -> None:
        if isinstance(told, Asked):
            answering.add(asyncio.ensure_future(_answer(shared, told, answer, answer_after)))

    notebook.heard = heard
    if wish is not None:
        WISH.set(wish)
    end = await run(plan(flow, CATALOG), shared, {})
    await asyncio.gather(*answering)
    return Played(end, notebook.events)


async def _answer(shared: Shared, asked: Asked, answer: str, after: float) -> None:
    await asyncio.sleep(after)
    assert await shared.answer(asked.step, asked.key, Answer(answer))
