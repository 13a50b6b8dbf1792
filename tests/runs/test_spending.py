"""What runs spend: counted over a restart and over all runs of a day, and held to what is allowed."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from app.engine.asking import STOP
from app.engine.budget import MORE, Caps
from app.engine.events import Asked, Retried
from app.runs.spending import Spending, midnight
from app.store.inbox import Entry
from flows.model import Flow, Limits, Retry, Step
from nodes import Context, Json
from tests.engine.story import body, each, flow, step
from tests.model_server import Fails, ModelServer, Says, model_server
from tests.runs.conftest import Parts
from tests.runs.playing import play
from tests.runs.studio import PATIENCE, RunStudio
from tests.runs.test_world import OWN, connected

__all__ = ["model_server"]


def spends(rounds: int, cost: float, **limits: object) -> Flow:
    calls = body(pay=step("pays", money=cost, tokens=10), result="pay.value")
    made = flow("g.value -> l.items", g=step("give", value=list(range(rounds))), l=each(calls))
    return made.model_copy(update={"limits": Limits.model_validate(limits)})


async def asked(studio: RunStudio, run_id: str) -> Entry:
    """The open question of a run about its limits."""
    for _ in range(PATIENCE):
        if found := await studio.runs.inbox.open_of(run_id):
            return found[0]
        await asyncio.sleep(0.01)
    raise AssertionError("It never asked.")


async def test_r29_a_run_at_its_limit_stands_in_the_inbox_and_goes_on_after_a_restart(tmp_path: Path) -> None:
    async with RunStudio(tmp_path) as studio:
        run_id = await studio.runs.start(spends(10, 0.1, money=0.35), {})
        entry = await asked(studio, run_id)
        assert (entry.step, entry.sort, entry.title) == ("", "budget", "The run's limit of $0.35 is reached. Go on?")
        assert len(studio.stage.calls) == 4
    async with RunStudio(tmp_path) as studio:
        await studio.runs.recover()
        entry = await asked(studio, run_id)
        await studio.runs.answer(run_id, entry.step, entry.key, MORE, {"limit": 0.65})
        for _ in range(PATIENCE):
            entry = await asked(studio, run_id)
            if "$0.65" in entry.title:
                break
            await asyncio.sleep(0.01)
        assert len(studio.stage.calls) == 3
        await studio.runs.answer(run_id, entry.step, entry.key, STOP)
        record = await studio.runs.wait(run_id)
        assert (record.status, record.message) == ("stopped", "Stopped at the run's limit of $0.65.")


async def test_what_runs_spent_today_is_known_after_a_restart_too(tmp_path: Path) -> None:
    async with RunStudio(tmp_path) as studio:
        await studio.play(spends(3, 0.1))
    async with RunStudio(tmp_path) as studio:
        await studio.play(spends(2, 0.1).model_copy(update={"id": "other"}))
        today = await studio.runs.spending.today()
        assert (round(today.all.money, 6), today.all.tokens) == (0.5, 50)
        assert {id: round(used.money, 6) for id, used in today.flows.items()} == {"f": 0.3, "other": 0.2}


async def test_the_limit_of_a_day_counts_what_earlier_runs_have_used(tmp_path: Path) -> None:
    async with RunStudio(tmp_path) as studio:
        await studio.play(spends(3, 0.1))
    async with RunStudio(tmp_path) as studio:
        run_id = await studio.runs.start(spends(9, 0.1, money_a_day=0.5), {})
        entry = await asked(studio, run_id)
        assert entry.title == "The flow's limit for a day of $0.50 is reached. Go on?"
        assert len(studio.stage.calls) == 2
        await studio.runs.stop(run_id)


async def test_the_limit_of_all_flows_holds_for_every_run_and_can_be_changed_at_any_time(tmp_path: Path) -> None:
    async with RunStudio(tmp_path) as studio:
        await studio.runs.spending.put_caps(Caps(money=0.25))
        ids = [await studio.runs.start(spends(9, 0.1).model_copy(update={"id": f"f{n}"}), {}) for n in range(2)]
        for each_id in ids:
            entry = await asked(studio, each_id)
            assert entry.title == "The limit of all flows for a day of $0.25 is reached. Go on?"
        await studio.runs.spending.put_caps(Caps())
        for each_id in ids:
            entry = await asked(studio, each_id)
            await studio.runs.answer(each_id, entry.step, entry.key, MORE)
        assert [(await studio.runs.wait(each_id)).status for each_id in ids] == ["done", "done"]


async def test_at_midnight_a_new_day_begins(tmp_path: Path) -> None:
    now = [time.time()]
    async with RunStudio(tmp_path) as studio:
        spending = Spending(studio.database, lambda: now[0])
        await spending.put_caps(Caps(money=1))
        day = await spending.day_of("f", limited=True)
        day().flow.add(None, None, 0.9)
        assert day().flow.money == 0.9
        now[0] = midnight(now[0]) + 86_400 + 7200
        assert (day().flow.money, day().caps) == (0, Caps(money=1))


@pytest.mark.parametrize(("answer", "calls"), [(STOP, 1), (MORE, 3)])
async def test_a_call_that_could_pass_the_limit_is_asked_about_before_it_is_made(
    parts: Parts, model_server: ModelServer, answer: str, calls: int
) -> None:
    await connected(parts, model_server)
    model_server.script(*(Says("Yes.", tokens_in=30, tokens_out=20) for _ in range(3)))

    async def asks(ctx: Context) -> Json:
        model = await ctx.model()
        return [(await model.ask("?", max_tokens=60)).text for _ in range(3)]

    played = await play(parts.world(OWN), asks, answer=answer, limits=Limits(tokens=100))
    assert played.questions == ["The run's limit of 100 tokens is reached. Go on?"]
    asked_about = next(each for each in played.events if isinstance(each, Asked))
    assert asked_about.text.startswith("This run has used 110 tokens.")
    assert len(model_server.heard) == calls
    assert played.end.status == ("stopped" if answer == STOP else "done")


async def test_calls_that_come_together_do_not_pass_the_limit_together(parts: Parts, model_server: ModelServer) -> None:
    await connected(parts, model_server)
    model_server.script(*(Says("Yes.", tokens_in=30, tokens_out=20) for _ in range(4)))

    async def asks(ctx: Context) -> Json:
        model = await ctx.model()
        replies = await asyncio.gather(*(model.ask("?", max_tokens=60) for _ in range(4)))
        return [reply.text for reply in replies]

    await play(parts.world(OWN), asks, answer=STOP, limits=Limits(tokens=130))
    assert len(model_server.heard) == 2


@pytest.mark.parametrize(
    ("fault", "trouble"), [(Fails(429, retry_after=0.2), "busy"), (Fails(503), "busy"), (Fails(401), "")]
)
async def test_r05_a_model_that_is_busy_is_asked_again_when_it_says(
    parts: Parts, model_server: ModelServer, fault: Fails, trouble: str
) -> None:
    await connected(parts, model_server)
    model_server.script(fault, Says("Yes."))

    async def asks(ctx: Context) -> Json:
        return (await (await ctx.model()).ask("?")).text

    it = Step(kind="test.try", title="It", retry=Retry(times=2, wait=0, only=("busy",)))
    played = await play(parts.world(OWN), asks, steps={"it": it})
    waits = [each for each in played.events if isinstance(each, Retried)]
    assert [each.asked for each in waits] == ([fault.retry_after is not None] if trouble else [])
    assert all(each.wait >= (fault.retry_after or 0) for each in waits if isinstance(fault.retry_after, float))
    assert played.end.status == ("done" if trouble else "failed")
