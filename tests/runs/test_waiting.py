"""Runs that wait: put away, woken by a person or the clock, once each, however often Weft is closed meanwhile."""

from __future__ import annotations

import asyncio
import gc
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from app.engine.asking import DEADLINE
from app.engine.plan import Planned
from app.engine.scope import Round
from app.engine.shared import Shared
from app.runs.inbox import AnswerRefused
from app.store.inbox import Decision
from flows.model import Flow
from nodes import Context, Effect, Field, Json, Node, Question
from nodes.catalog import Catalog
from nodes.context import Answer
from tests.engine.steps import CATALOG, lines
from tests.engine.story import body, each, flow, step
from tests.runs.studio import RunStudio, soon

DAY = 86_400.0
BEGAN = 1_790_000_000.0


@dataclass
class Clock:
    """A clock that stands still until it is set."""

    now: float = BEGAN

    def __call__(self) -> float:
        return self.now


class WriteAndAsk(Node, kind="t.write_and_ask", effect=Effect.WRITE):
    """Reaches the world, and asks in the middle of it."""

    ledger: str = Field("", description="Where it writes.")

    async def run(self, ctx: Context) -> str:
        ctx.touched("host", "shop")  # type: ignore[attr-defined]  # as the world does
        with open(self.ledger, "a") as file:  # noqa: ASYNC230
            file.write("half\n")
        return (await ctx.ask(Question("Go on?"))).choice


def approval(ledger: Path, **settings: Any) -> Flow:
    """Asks, and writes which way it went."""
    return flow(
        "v.value -> ask.value", "ask.approved -> yes", "ask.rejected -> no", "ask.timed_out -> late",
        v=step("give", value={"to": "Ada", "pieces": 2}),
        ask=step("control.approve", title="Send it?", **settings),
        yes=step("write", ledger=str(ledger), text="approved {{ ask.approved.to }} by {{ ask.decided_by }}"),
        no=step("write", ledger=str(ledger), text="rejected"),
        late=step("write", ledger=str(ledger), text="timed out"),
    )  # fmt: skip


async def put_away(studio: RunStudio, made: Flow) -> str:
    """A run of this flow that was put away."""
    studio.runs.parking.after = 0
    run_id = await studio.runs.start(made, {})
    await soon(lambda: run_id not in studio.runs.going)
    assert (await studio.status(run_id))[0] == "waiting"
    return run_id


async def the_question(studio: RunStudio, run_id: str) -> tuple[str, str]:
    """Where the only question of a run is asked."""
    (entry,) = await studio.runs.inbox.open_of(run_id)
    return entry.step, entry.key


async def ended(studio: RunStudio, run_id: str) -> str:
    """How the run ended, once it has."""
    async with asyncio.timeout(20):
        while (await studio.status(run_id))[0] in ("running", "waiting"):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    return (await studio.status(run_id))[0]


async def test_a_run_that_only_waits_is_put_away_and_goes_on_with_its_answer(tmp_path: Path) -> None:
    async with RunStudio(tmp_path) as studio:
        run_id = await put_away(studio, approval(tmp_path / "ledger"))
        assert studio.worlds[0].closed == 1
        assert await studio.status(run_id) == ("waiting", "Send it?")
        watch = await studio.runs.watch(run_id, lambda _: None)
        (question,) = watch.picture.questions.values()
        assert (question.title, question.payload, question.editable) == ("Send it?", {"to": "Ada", "pieces": 2}, True)
        left: Json = {"to": "Bea", "pieces": 3}
        decision = await studio.runs.answer(run_id, "ask", "1. Send it?", "Approve", left, by="the Inbox")
        assert decision.won
        assert await ended(studio, run_id) == "done"
        assert lines(tmp_path / "ledger") == ["approved Bea by the Inbox"]
        assert (await studio.story(run_id)).count("v finished") == 1
        assert watch.picture.status == "done"
        watch.close()


async def test_what_goes_on_beside_a_question_is_not_put_away(tmp_path: Path) -> None:
    async with RunStudio(tmp_path) as studio:
        studio.runs.parking.after = 0
        run_id = await studio.runs.start(flow(a=step("ask"), g=step("gated")), {})
        await studio.until(run_id, "a asks: Go on?", "g started")
        await asyncio.sleep(0.1)
        assert run_id in studio.runs.going
        studio.stage.gate("").set()
        await soon(lambda: run_id not in studio.runs.going)
        await studio.runs.answer(run_id, *await the_question(studio, run_id), "Yes")
        assert await ended(studio, run_id) == "done"
        assert (await studio.story(run_id)).count("g finished") == 1


async def test_a_page_that_is_open_is_kept_for_longer(tmp_path: Path) -> None:
    async with RunStudio(tmp_path) as studio:
        studio.runs.parking.after = 0.05
        run_id = await studio.runs.start(flow(a=step("ask")), {})
        studio.worlds[0].has_pages = True
        await studio.until(run_id, "a asks: Go on?")
        await asyncio.sleep(0.2)
        assert run_id in studio.runs.going
        studio.runs.parking.pages_after = 0.1
        await studio.runs.answer(run_id, "a", "1. Go on?", "Yes")
        assert await ended(studio, run_id) == "done"


async def test_a_write_that_asks_half_way_is_not_put_away_and_in_doubt_after_a_restart(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger"
    catalog = CATALOG | Catalog({"t.write_and_ask": WriteAndAsk})
    made = flow(w=step("write_and_ask", ledger=str(ledger)))
    async with RunStudio(tmp_path) as studio:
        studio.runs.catalog = catalog
        studio.runs.parking.after = 0
        run_id = await studio.runs.start(made, {})
        await studio.until(run_id, "w asks: Go on?")
        await asyncio.sleep(0.1)
        assert run_id in studio.runs.going
    async with RunStudio(tmp_path) as studio:
        studio.runs.catalog = catalog
        await studio.runs.recover()
        await studio.until(run_id, "w asks: Did “W” happen?")
        assert lines(ledger) == ["half"]
        (doubt,) = await studio.runs.inbox.open_of(run_id)
        assert doubt.title == "Did “W” happen?"
        await studio.runs.answer(run_id, doubt.step, doubt.key, "It happened")
        assert await ended(studio, run_id) == "done"
    assert lines(ledger) == ["half"]


async def test_stop_ends_a_run_that_was_put_away(tmp_path: Path) -> None:
    async with RunStudio(tmp_path) as studio:
        run_id = await put_away(studio, approval(tmp_path / "ledger"))
        watch = await studio.runs.watch(run_id, lambda _: None)
        await studio.runs.stop(run_id)
        assert await studio.status(run_id) == ("stopped", "Stopped before the end.")
        assert (watch.picture.status, watch.picture.questions) == ("stopped", {})
        assert await studio.runs.inbox.open_of(run_id) == []
        late = await studio.runs.answer(run_id, "ask", "1. Send it?", "Approve")
        assert (late.won, late.entry and late.entry.status) == (False, "gone")
        # Whoever goes on with it is asked again.
        await studio.runs.resume(run_id)
        await soon(lambda: bool(watch.picture.questions))
        await studio.runs.answer(run_id, "ask", "1. Send it?", "Reject")
        assert await ended(studio, run_id) == "done"
        assert lines(tmp_path / "ledger") == ["rejected"]
        watch.close()


async def test_an_answer_that_was_decided_just_before_a_crash_counts_at_the_next_start(tmp_path: Path) -> None:
    async with RunStudio(tmp_path) as studio:
        run_id = await put_away(studio, approval(tmp_path / "ledger"))
        # As far as a process comes that is killed right after the decision.
        await studio.runs.inbox.decide(run_id, "ask", "1. Send it?", Answer("Reject", None, "the Inbox"))
    async with RunStudio(tmp_path) as studio:
        await studio.runs.recover()
        assert await ended(studio, run_id) == "done"
        assert (await studio.story(run_id)).count("ask is answered: Reject") == 1
        assert await studio.runs.inbox.unheard_of(run_id) == []
    assert lines(tmp_path / "ledger") == ["rejected"]


async def test_an_answer_that_another_start_of_weft_gives_reaches_the_run_that_goes_on_here(tmp_path: Path) -> None:
    async with RunStudio(tmp_path) as terminal, RunStudio(tmp_path) as window:
        terminal.runs.waker.look_again = 0.01
        run_id = await terminal.runs.start(approval(tmp_path / "ledger"), {})
        await terminal.until(run_id, "ask asks: Send it?")
        await window.runs.inbox.decide(run_id, "ask", "1. Send it?", Answer("Approve", {"to": "Ada"}, "the window"))
        assert await ended(terminal, run_id) == "done"
    assert lines(tmp_path / "ledger") == ["approved Ada by the window"]


async def test_answers_are_checked_before_they_count(tmp_path: Path) -> None:
    async with RunStudio(tmp_path) as studio:
        run_id = await put_away(studio, approval(tmp_path / "ledger"))
        where = (run_id, "ask", "1. Send it?")
        refused: list[tuple[str, Json, str]] = [
            ("Perhaps", None, "“Perhaps” is none of the answers. Choose one of these: “Approve”, “Reject”."),
            ("Approve", {"pieces": "many"}, "“pieces” has to be a number. Nothing was decided."),
            ("Approve", {"to": 3}, "“to” has to be text. Nothing was decided."),
            ("Approve", ["Ada"], "What was edited has to be a record. Nothing was decided."),
        ]
        for choice, left, said in refused:
            with pytest.raises(AnswerRefused) as error:
                await studio.runs.answer(*where, choice, left)
            assert str(error.value) == said
        with pytest.raises(AnswerRefused, match="This is longer than"):
            await studio.runs.answer(*where, "Approve", {"to": "x" * 2_000_001})
        assert not await studio.runs.answer("another run", "ask", "1. Send it?", "Approve")
        assert not await studio.runs.answer(run_id, "ask", "another question", "Approve")
        assert (await studio.status(run_id))[0] == "waiting"
        assert lines(tmp_path / "ledger") == []
        assert await studio.runs.answer(*where, "Approve", {"to": "x" * 10_000, "pieces": 2})
        assert await ended(studio, run_id) == "done"


@pytest.mark.parametrize(
    ("deadline", "at_deadline", "way"),
    [("2020-01-01", "time_out", "timed out"), ("1 s", "approve", "approved Ada by the deadline"),
     ("1 s", "reject", "rejected")],
)  # fmt: skip
async def test_a_deadline_means_what_it_says_also_one_that_is_past(
    tmp_path: Path, deadline: str, at_deadline: str, way: str
) -> None:
    clock = Clock()
    async with RunStudio(tmp_path, clock=clock) as studio:
        run_id = await studio.runs.start(approval(tmp_path / "l", deadline=deadline, at_deadline=at_deadline), {})
        await studio.until(run_id, "ask asks: Send it?")
        clock.now += 1
        assert await ended(studio, run_id) == "done"
    assert lines(tmp_path / "l") == [way]


async def test_a_deadline_in_a_hundred_years_is_fine(tmp_path: Path) -> None:
    async with RunStudio(tmp_path) as studio:
        run_id = await put_away(studio, approval(tmp_path / "ledger", deadline="5200 weeks"))
        (entry,) = await studio.runs.inbox.open_of(run_id)
        assert entry.deadline is not None
        assert entry.deadline > entry.asked_at + 99 * 365 * DAY


def _has(ledger: Path, expected: list[str]) -> bool:
    return lines(ledger) == expected


async def test_long_waits_in_rounds_at_the_same_time_end_each_at_its_time(tmp_path: Path) -> None:
    clock = Clock()
    inside = body("w -> l", w=step("control.wait", duration="{{ item }} days"),
                  l=step("write", ledger=str(tmp_path / "ledger"), text="{{ item }}"))  # fmt: skip
    made = flow("i.value -> each.items", i=step("give", value=[3, 1, 2]), each=each(inside, at_once=3))
    async with RunStudio(tmp_path, clock=clock) as studio:
        run_id = await put_away(studio, made)
        await studio.runs.recover()
        for day in (1, 2, 3):
            clock.now = BEGAN + day * DAY
            await soon(partial(_has, tmp_path / "ledger", [str(number) for number in range(1, day + 1)]))
        assert await ended(studio, run_id) == "done"


async def test_a_short_rest_costs_no_row_and_a_time_of_the_past_none_at_all(tmp_path: Path) -> None:
    async with RunStudio(tmp_path) as studio:
        run_id = await studio.play(flow("a -> b", a=step("control.wait", duration="0.05 s"), b=step("control.wait",
                                   until="2020-01-01")))  # fmt: skip
        assert (await studio.status(run_id))[0] == "done"
        assert await studio.story(run_id) == ["a started", "a finished", "b started", "b finished", "done"]


async def test_a_thousand_runs_that_were_put_away_cost_nothing(tmp_path: Path) -> None:
    async with RunStudio(tmp_path) as studio:
        gc.collect()
        before = {id(found) for found in gc.get_objects() if isinstance(found, Planned | Round | Shared)}
        studio.runs.parking.after = 0
        made = approval(tmp_path / "ledger", deadline="1 day")
        for _ in range(20):
            await asyncio.gather(*(studio.runs.start(made, {}) for _ in range(50)))
        async with asyncio.timeout(60):
            while studio.runs.going or (await studio.runs.inbox.standing()).pending < 1000:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        gc.collect()
        left = [found for found in gc.get_objects() if isinstance(found, Planned | Round | Shared)]
        assert [found for found in left if id(found) not in before] == []
    async with RunStudio(tmp_path) as studio:
        await studio.runs.recover()
        assert (studio.runs.going, studio.worlds) == (frozenset(), [])


# --- The promises.


async def test_r10_a_wait_of_thirty_days_ends_once_after_fifty_restarts(tmp_path: Path) -> None:
    ledger, clock = tmp_path / "ledger", Clock()
    made = flow(
        "w -> after", "ask.timed_out -> late", "ask.approved -> never",
        w=step("control.wait", duration="30 days"),
        ask=step("control.approve", title="Well?", deadline="20 days"),
        after=step("write", ledger=str(ledger), text="after"),
        late=step("write", ledger=str(ledger), text="timed out"),
        never=step("write", ledger=str(ledger), text="approved"),
    )  # fmt: skip
    opened = 0
    async with RunStudio(tmp_path, clock=clock) as studio:
        run_id = await put_away(studio, made)
    for restart in range(1, 51):
        clock.now = BEGAN + restart * 30.5 * DAY / 50
        async with RunStudio(tmp_path, clock=clock) as studio:
            studio.runs.parking.after = 0
            await studio.runs.recover()
            if clock.now > BEGAN + 20 * DAY:
                await soon(lambda: "timed out" in lines(ledger) and not studio.runs.going)
            if clock.now > BEGAN + 30 * DAY:
                assert await ended(studio, run_id) == "done"
            opened += len(studio.worlds)
    assert sorted(lines(ledger)) == ["after", "timed out"]
    # It was taken up for the deadline and for the end of the wait, and for nothing else.
    assert opened == 2


@pytest.mark.parametrize("put_away_first", [False, True], ids=["in memory", "put away"])
async def test_r11_of_a_hundred_decisions_at_once_one_counts_and_the_others_hear_who_decided(
    tmp_path: Path, put_away_first: bool
) -> None:
    async with RunStudio(tmp_path) as studio:
        for _ in range(20):
            made = approval(tmp_path / "ledger")
            if put_away_first:
                run_id = await put_away(studio, made)
            else:
                run_id = await studio.runs.start(made, {})
                await studio.until(run_id, "ask asks: Send it?")
            decisions = await asyncio.gather(
                *(
                    studio.runs.answer(run_id, "ask", "1. Send it?", ("Approve", "Reject")[number % 2], by=f"{number}")
                    for number in range(100)
                )
            )
            (winner,) = (each for each in decisions if each.won)
            assert {(each.entry.choice, each.entry.decided_by) for each in decisions if each.entry} == {
                (winner.entry.choice, winner.entry.decided_by) if winner.entry else ("", "")
            }
            assert await ended(studio, run_id) == "done"
            assert (await studio.story(run_id)).count("ask is answered: Approve") + (await studio.story(run_id)).count(
                "ask is answered: Reject"
            ) == 1
    assert len(lines(tmp_path / "ledger")) == 20


@pytest.mark.parametrize(
    ("milliseconds", "who"), [(-1, "a person"), (0, DEADLINE), (1, DEADLINE)], ids=["before", "at", "after"]
)
async def test_r11_a_person_and_the_deadline_cannot_both_decide(tmp_path: Path, milliseconds: int, who: str) -> None:
    clock = Clock()
    async with RunStudio(tmp_path, clock=clock) as studio:
        run_id = await put_away(studio, approval(tmp_path / "ledger", deadline="1 h", at_deadline="reject"))
        (entry,) = await studio.runs.inbox.open_of(run_id)
        assert entry.deadline is not None
        clock.now = entry.deadline + milliseconds / 1000
        where = (run_id, "ask", "1. Send it?")
        person = [studio.runs.answer(*where, "Approve", by="a person") for _ in range(50)]
        deadline = [studio.runs.inbox.decide(*where, None) for _ in range(50)]
        decisions: list[Decision] = await asyncio.gather(*person, *deadline)
        assert {each.entry.decided_by for each in decisions if each.entry and each.entry.status != "pending"} == {who}
        assert sum(each.won for each in decisions) <= 1
        assert await ended(studio, run_id) == "done"
    assert lines(tmp_path / "ledger") == ["approved Ada by a person" if milliseconds < 0 else "rejected"]
