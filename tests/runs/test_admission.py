"""How many runs of a flow go on at once, and what becomes of one too many."""

from __future__ import annotations

from pathlib import Path

from app.engine.debug import Debug
from flows.model import Flow, Limits
from tests.engine.story import flow, step
from tests.runs.studio import RunStudio, soon


def limited(made: Flow, **limits: object) -> Flow:
    return made.model_copy(update={"limits": Limits.model_validate(limits)})


def gated(**limits: object) -> Flow:
    """A flow that goes on until the test opens its gate."""
    return limited(flow(a=step("gated", gate="go")), **limits)


async def statuses(studio: RunStudio, *run_ids: str) -> list[str]:
    return [(await studio.status(each))[0] for each in run_ids]


async def begun(studio: RunStudio, run_id: str) -> None:
    await studio.until(run_id, "a started")


async def test_a_run_too_many_waits_for_its_turn_and_begins_by_itself_in_order(tmp_path: Path) -> None:
    async with RunStudio(tmp_path) as studio:
        made = gated(at_once=2)
        ids = [await studio.runs.start(made, {}) for _ in range(4)]
        await begun(studio, ids[1])
        assert await statuses(studio, *ids) == ["running", "running", "queued", "queued"]
        assert (await studio.status(ids[2]))[1] == "It begins by itself once one of the 2 runs that go on has ended."
        watch = await studio.runs.watch(ids[2], lambda _: None)
        assert watch.picture.status == "queued"
        await studio.runs.stop(ids[0])
        await begun(studio, ids[2])
        assert await statuses(studio, *ids) == ["stopped", "running", "running", "queued"]
        await soon(lambda: watch.picture.status == "running")
        watch.close()
        studio.stage.gate("go").set()
        assert [(await studio.runs.wait(each)).status for each in ids] == ["stopped", "done", "done", "done"]


async def test_other_flows_do_not_wait(tmp_path: Path) -> None:
    async with RunStudio(tmp_path) as studio:
        first = await studio.runs.start(gated(at_once=1), {})
        other = await studio.runs.start(gated(at_once=1).model_copy(update={"id": "other"}), {})
        await begun(studio, other)
        assert await statuses(studio, first, other) == ["running", "running"]


async def test_a_run_too_many_is_left_out_visibly_where_the_flow_says_so(tmp_path: Path) -> None:
    async with RunStudio(tmp_path) as studio:
        made = gated(at_once=1, when_full="skip")
        first = await studio.runs.start(made, {})
        second = await studio.runs.start(made, {})
        assert await studio.status(second) == (
            "skipped",
            "Left out, because another run of this flow went on already.",
        )
        record = await studio.runs.wait(second)
        assert record.ended_at is not None
        assert [card.id for card in await studio.runs.stored.newest()] == [second, first]
        watch = await studio.runs.watch(second, lambda _: None)
        assert (watch.picture.status, watch.picture.lights) == ("skipped", {})
        watch.close()


async def test_a_waiting_run_can_be_stopped_before_it_began(tmp_path: Path) -> None:
    async with RunStudio(tmp_path) as studio:
        made = gated(at_once=1)
        first, second, third = [await studio.runs.start(made, {}) for _ in range(3)]
        await studio.runs.stop(second)
        assert await studio.status(second) == ("stopped", "Stopped before it began.")
        await studio.runs.stop(first)
        await begun(studio, third)
        assert await studio.story(second) == ["stopped: Stopped before it began."]


async def test_a_run_that_waits_for_a_person_leaves_its_place_to_the_next(tmp_path: Path) -> None:
    async with RunStudio(tmp_path) as studio:
        made = limited(flow("ask -> a", ask=step("ask"), a=step("gated", gate="go")), at_once=1)
        first, second = [await studio.runs.start(made, {}) for _ in range(2)]
        await studio.until(second, "ask asks: Go on?")
        studio.stage.gate("go").set()
        for run_id in (first, second):
            await studio.runs.answer(run_id, "ask", "1. Go on?", "Yes")
        assert [(await studio.runs.wait(each)).status for each in (first, second)] == ["done", "done"]


async def test_runs_that_waited_for_their_turn_begin_in_order_after_a_restart(tmp_path: Path) -> None:
    made = gated(at_once=1)
    async with RunStudio(tmp_path) as studio:
        ids = [await studio.runs.start(made, {}) for _ in range(3)]
        await begun(studio, ids[0])
    async with RunStudio(tmp_path) as studio:
        assert await statuses(studio, *ids) == ["interrupted", "queued", "queued"]
        await studio.runs.recover()
        await begun(studio, ids[1])
        assert await statuses(studio, *ids) == ["interrupted", "running", "queued"]
        studio.stage.gate("go").set()
        assert [(await studio.runs.wait(each)).status for each in ids[1:]] == ["done", "done"]


async def test_the_same_click_that_arrives_twice_waits_once(tmp_path: Path) -> None:
    async with RunStudio(tmp_path) as studio:
        made = gated(at_once=1)
        await studio.runs.start(made, {})
        twice = [await studio.runs.start(made, {}, click_id="c") for _ in range(2)]
        assert twice[0] == twice[1]
        studio.stage.gate("go").set()
        assert (await studio.runs.wait(twice[0])).status == "done"
        assert len(await studio.runs.stored.newest()) == 2


async def test_who_sits_before_a_rehearsal_or_the_debugger_does_not_wait(tmp_path: Path) -> None:
    async with RunStudio(tmp_path) as studio:
        made = gated(at_once=1)
        ids = [
            await studio.runs.start(made, {}),
            await studio.runs.start(made, {}, rehearse=True),
            await studio.runs.start(made, {}, debug=Debug()),
        ]
        for each in ids:
            await begun(studio, each)
        studio.stage.gate("go").set()
        assert [(await studio.runs.wait(each)).status for each in ids] == ["done"] * 3


async def test_many_runs_all_come_to_their_turn(tmp_path: Path) -> None:
    async with RunStudio(tmp_path) as studio:
        made = limited(flow(a=step("suspends")), at_once=3)
        ids = [await studio.runs.start(made, {}) for _ in range(30)]
        assert {(await studio.runs.wait(each)).status for each in ids} == {"done"}
