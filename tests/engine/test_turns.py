"""While a person thinks about a question, the step that asked takes neither time nor a place from the others."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import cast

from app.engine import gate
from app.engine.events import Asked, Event, Failed, Finished, Row, event
from app.engine.gate import Grant
from app.engine.outcomes import RunEnd
from app.engine.plan import plan
from app.engine.run import run
from app.engine.shared import AT_ONCE, Shared
from app.engine.world import World
from app.runs.world.door import Door
from flows.model import Flow, Step
from nodes import Answer, Context, Effect, Field, Json, Need, Node, Question, Touches
from nodes.catalog import Catalog

MANY = AT_ONCE[Need.MODEL]


NOW: list[str] = []
MOST: list[int] = []


async def working(seconds: float) -> None:
    """Work, and note how many do at the same time."""
    NOW.append("")
    MOST.append(len(NOW))
    try:
        await asyncio.sleep(seconds)
    finally:
        NOW.pop()


class Asks(Node, kind="t.asks", needs={Need.MODEL}, effect=Effect.READ):
    """Asks a person, and then works for a while."""

    works: float = Field(0, description="Seconds.")
    alone: bool = Field(False, description="Ask in a task beside the step.")

    async def run(self, ctx: Context) -> str:
        question = ctx.ask(Question("Go on?"))
        answer = await asyncio.create_task(question) if self.alone else await question
        await working(self.works)
        return answer.choice


class Works(Node, kind="t.works", needs={Need.MODEL}, effect=Effect.READ):
    """Works for a moment."""

    async def run(self, ctx: Context) -> None:
        await working(0.05)


class Passes(Node, kind="t.passes", needs={Need.MODEL}, effect=Effect.READ):
    """Passes the gate, where all ask the same."""

    async def run(self, ctx: Context) -> None:
        await DOORS[-1].passes(ctx, lambda grant, step: gate.host(grant, "example.com", "it"))


DOORS: list[Door] = []
CATALOG = Catalog({node.spec.kind: node for node in (Asks, Works, Passes)})


class Journal:
    """A journal in memory that tells of each event."""

    crowded = False

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.news = asyncio.Event()

    def append(self, row: Row) -> None:
        told = event(row)
        assert told is not None
        self.events.append(told)
        self.news.set()

    async def flush(self) -> None:
        return

    async def room(self) -> None:
        return


class Play:
    """A run of these steps, side by side."""

    def __init__(self, steps: Mapping[str, Step]) -> None:
        self.journal = Journal()
        self.shared = Shared(cast(World, None), self.journal)
        flow = Flow(id="f", name="Flow", steps=steps)
        self.ended = asyncio.create_task(run(plan(flow, CATALOG), self.shared, {}))

    def told(self, kind: type[Event]) -> list[str]:
        return [each.step for each in self.journal.events if isinstance(each, kind)]

    async def until(self, kind: type[Event], count: int) -> None:
        async with asyncio.timeout(10):
            while len(self.told(kind)) < count:
                self.journal.news.clear()
                await self.journal.news.wait()

    async def answer(self, choice: str) -> None:
        for each in [each for each in self.journal.events if isinstance(each, Asked)]:
            await self.shared.answer(each.step, each.key, Answer(choice))

    async def end(self) -> RunEnd:
        async with asyncio.timeout(10):
            return await self.ended


def steps(kind: str, count: int, timeout: float | None = None, **settings: Json) -> dict[str, Step]:
    made = Step(kind=f"t.{kind}", settings=settings, timeout=timeout)
    return {f"{kind}_{number}": made for number in range(count)}


async def test_the_time_limit_stands_still_while_a_person_thinks_and_goes_on_afterwards() -> None:
    for alone in (False, True):
        quick = Play(steps("asks", 1, timeout=0.5, alone=alone))
        await quick.until(Asked, 1)
        await asyncio.sleep(0.8)
        await quick.answer("Yes")
        assert (await quick.end()).status == "done"
    slow = Play(steps("asks", 1, timeout=0.5, works=5))
    await slow.until(Asked, 1)
    await asyncio.sleep(0.8)
    await slow.answer("Yes")
    assert (await slow.end()).message == "“Asks” failed: This step took longer than its limit of 0.5 s."


async def test_waiting_for_its_turn_is_not_on_a_steps_time() -> None:
    MOST.clear()
    playing = Play(steps("works", MANY * 30, timeout=1))
    assert (await playing.end()).status == "done"
    assert max(MOST) == MANY


async def test_steps_that_wait_for_a_person_leave_their_places_to_others_and_get_them_back() -> None:
    MOST.clear()
    playing = Play({**steps("asks", MANY * 2, works=0.01), **steps("works", MANY * 2)})
    await playing.until(Finished, MANY * 2)
    assert playing.told(Finished) == list(steps("works", MANY * 2))
    await playing.answer("Yes")
    assert ((await playing.end()).status, max(MOST)) == ("done", MANY)
    assert [slots._value for slots in playing.shared.slots.values()] == list(AT_ONCE.values())


async def test_steps_that_wait_for_the_same_answer_leave_their_places_too() -> None:
    async def remember(_: Touches) -> None:
        return

    for choice, ends in (("Allow", Finished), ("Refuse", Failed)):
        DOORS.append(Door(Grant(), remember))
        playing = Play({**steps("passes", MANY * 3, timeout=1), **steps("works", 3)})
        await playing.until(Finished, 3)
        assert (len(playing.told(Asked)), set(playing.told(Finished))) == (1, set(steps("works", 3)))
        await asyncio.sleep(1.2)
        await playing.answer(choice)
        await playing.until(ends, MANY * 3)
        await playing.end()


async def test_stop_does_not_wait_for_a_place() -> None:
    playing = Play({**steps("asks", MANY), **steps("works", 1)})
    await playing.until(Finished, 1)
    playing.ended.cancel()
    assert (await playing.end()).status == "stopped"
