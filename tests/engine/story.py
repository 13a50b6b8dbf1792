"""Play a flow with a journal in memory, and tell what happened as lines that read like a story."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from app.engine.events import (
    Answered,
    Asked,
    Ended,
    Event,
    Failed,
    Finished,
    Logged,
    Retried,
    Row,
    Skipped,
    Started,
    Stopped,
    event,
)
from app.engine.outcomes import RunEnd
from app.engine.parts import NONE, Parts
from app.engine.past import NOTHING, Past, past_of, plain
from app.engine.plan import Plan, effects_in, plan
from app.engine.run import run
from app.engine.shared import Shared
from app.engine.world import World
from flows.model import Body, Flow, Step, Wire
from nodes.context import Answer
from nodes.values import Effect
from tests.engine.steps import CATALOG, STAGE, Stage


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
        await asyncio.sleep(0)

    async def room(self) -> None:
        return


@dataclass
class Played:
    """A run that has ended, or was cut off."""

    end: RunEnd
    events: list[Event]
    flow: Flow
    stage: Stage

    @property
    def story(self) -> list[str]:
        return told(self.events)

    def outputs(self, step: str) -> Mapping[str, Any]:
        """What a step gave."""
        return next(each.outputs or {} for each in self.events if isinstance(each, Finished) and each.step == step)

    def failure(self, step: str) -> Failed:
        """How a step failed."""
        return next(each for each in self.events if isinstance(each, Failed) and each.step == step)

    @property
    def past(self) -> Past:
        """What a resumed run would know."""
        return past_until(self.flow, self.events)


def past_until(flow: Flow, events: Sequence[Event], parts: Parts = NONE) -> Past:
    """What a run knows that goes on after these events."""
    effects = effects_in(plan(flow, CATALOG, parts))
    return past_of(events, lambda path: effects.get(path, Effect.WRITE))


def told(events: Sequence[Event]) -> list[str]:
    """The events in words; logs, progress and the like are left out."""
    return [line for each in events if (line := _line(each))]


def _line(each: Event) -> str:
    match each:
        case Started(step=step, attempt=attempt):
            return f"{step} started" + (f" ({attempt})" if attempt > 1 else "")
        case Finished(step=step):
            return f"{step} finished"
        case Failed(step=step, message=message):
            return f"{step} failed: {message}"
        case Skipped(step=step, reason=reason):
            return f"{step} skipped: {reason}"
        case Stopped(step=step):
            return f"{step} stopped"
        case Retried(step=step, message=message):
            return f"{step} tries again: {message}"
        case Asked(step=step, title=title):
            return f"{step} asks: {title}"
        case Answered(step=step, choice=choice):
            return f"{step} is answered: {choice}"
        case Logged(level="error"):
            return ""
        case Ended(status=status, message=message):
            return f"{status}: {message}" if message else status
        case _:
            return ""


async def play(
    flow: Flow,
    *,
    past: Past = NOTHING,
    stage: Stage | None = None,
    inputs: Mapping[str, Any] | None = None,
    answer: str | None = None,
    world: World | None = None,
    parts: Parts = NONE,
) -> Played:
    """Run a flow to its end; every question gets the same answer."""
    playing = Playing(flow, past=past, stage=stage, inputs=inputs, answer=answer, world=world, parts=parts)
    return await playing.ended()


async def story(flow: Flow, **more: Any) -> list[str]:
    """What happens when this flow runs, in lines."""
    return (await play(flow, **more)).story


class Playing:
    """A run that goes on."""

    def __init__(
        self,
        flow: Flow,
        *,
        past: Past = NOTHING,
        stage: Stage | None = None,
        inputs: Mapping[str, Any] | None = None,
        answer: str | None = None,
        world: World | None = None,
        parts: Parts = NONE,
    ) -> None:
        self.flow = flow
        self.stage = stage or Stage()
        STAGE.set(self.stage)
        self.notebook = Notebook()
        self.shared = Shared(cast(World, world), self.notebook, past)
        self._answering: set[asyncio.Task[Any]] = set()
        self._answer = answer
        self.notebook.heard = self._heard
        self.plan: Plan = plan(flow, CATALOG, parts)
        self.task = asyncio.create_task(run(self.plan, self.shared, {"inputs": dict(inputs or {}), "now": "2026"}))

    @property
    def story(self) -> list[str]:
        return told(self.notebook.events)

    async def until(self, *lines: str) -> None:
        """Return once the story has these lines."""
        async with asyncio.timeout(10):
            while not all(line in self.story for line in lines):
                assert not self.task.done(), self.story
                await asyncio.sleep(0)

    async def stop(self) -> Played:
        """Stop the run."""
        self.task.cancel()
        return await self.ended()

    async def ended(self) -> Played:
        async with asyncio.timeout(20):
            return Played(await self.task, self.notebook.events, self.flow, self.stage)

    def _heard(self, each: Event) -> None:
        if isinstance(each, Asked) and self._answer is not None:
            self._answering.add(asyncio.ensure_future(self._say(each, self._answer)))

    async def _say(self, asked: Asked, choice: str) -> None:
        await asyncio.sleep(0)
        assert await self.shared.answer(asked.step, asked.key, Answer(choice))


def flow(*wires: str, result: str = "", **steps: Step) -> Flow:
    """A flow of these steps; their titles are their ids in capitals, so that one can tell names from ids."""
    return flow_of(steps, *wires, result=result)


def flow_of(steps: Mapping[str, Step], *wires: str, result: str = "") -> Flow:
    """The same for steps that are made in a loop."""
    return Flow(id="f", name="Flow", steps=_titled(steps), wires=tuple(map(Wire.parse, wires)), result=result)


def body(*wires: str, result: str = "", **steps: Step) -> Body:
    """The inside of a container."""
    return Body(steps=_titled(steps), wires=tuple(map(Wire.parse, wires)), result=result)


def step(kind: str, body: Body | None = None, **settings: Any) -> Step:
    """A step of a test node; names of what every step has are taken as such."""
    own = {name: settings.pop(name) for name in list(settings) if name in COMMON}
    full = kind if "." in kind else f"t.{kind}"
    return Step(kind=full, body=body, settings=settings, **own)


def each(inside: Body, **settings: Any) -> Step:
    """A For each with this inside."""
    return step("control.for_each", inside, **settings)


COMMON = {"on_error", "instead", "retry", "timeout", "disabled", "pinned"}


def _titled(steps: Mapping[str, Step]) -> dict[str, Step]:
    return {name: each.model_copy(update={"title": each.title or name.upper()}) for name, each in steps.items()}


__all__ = [
    "Notebook",
    "Played",
    "Playing",
    "body",
    "each",
    "flow",
    "flow_of",
    "past_until",
    "plain",
    "play",
    "step",
    "story",
    "told",
]
