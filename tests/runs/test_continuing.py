"""Fix and resume, on the disk: a run goes on from any step of an ended one, and nothing that was done is done again."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from app.engine.events import Ended, Finished
from app.runs.continuing import Continuing
from app.runs.live import NotStarted
from app.setup import ROOT
from app.store.journal import Journal
from flows.model import Flow, Input
from tests.engine.steps import lines
from tests.engine.story import body, each, flow, step, told
from tests.runs.studio import RunStudio, soon


def continuing(studio: RunStudio) -> Continuing:
    return Continuing(studio.database, studio.artifacts, studio.runs)


async def fresh(studio: RunStudio, run_id: str) -> list[str]:
    """What happened in the run itself, without what it took over."""
    await studio.runs.wait(run_id)
    events = await studio.events(run_id)
    start = next(place for place, each in enumerate(events) if type(each).__name__ == "Resumed")
    return told(events[start + 1 :])


async def reused(studio: RunStudio, run_id: str) -> dict[str, str]:
    """The steps that were taken over, and the run in which each ran."""
    return {e.step: e.reused for e in await studio.events(run_id) if isinstance(e, Finished) and e.reused}


def writing(folder: Path) -> Flow:
    """A write, a step that needs a file, and another write."""
    return flow(
        "w.value -> m", "m -> last",
        w=step("write", ledger=str(folder / "ledger"), text="w"),
        m=step("missing", path=str(folder / "there")),
        last=step("write", ledger=str(folder / "ledger"), text="{{ m.value }}"),
    )  # fmt: skip


async def test_a_failed_run_is_continued_in_a_new_one_that_repeats_nothing(tmp_path: Path) -> None:
    async with RunStudio(tmp_path) as studio:
        old = await studio.play(writing(tmp_path))
        (tmp_path / "there").touch()
        new = await continuing(studio).continue_from(old, "m")
        assert await fresh(studio, new) == ["m started", "m finished", "last started", "last finished", "done"]
        assert await reused(studio, new) == {"w": old}
        assert lines(tmp_path / "ledger") == ["w", "found"]
        record = await studio.runs.stored.get(new)
        assert (record.parent, record.trigger, record.status) == (old, "continued", "done")
        assert (await studio.status(old))[0] == "failed"


async def test_each_sort_of_ended_run_can_be_continued_and_one_that_goes_on_cannot(tmp_path: Path) -> None:
    made = flow("w.value -> g.value", w=step("write", ledger=str(tmp_path / "ledger"), text="w"), g=step("gated"))
    async with RunStudio(tmp_path) as studio:
        going = await studio.runs.start(made, {})
        await studio.until(going, "g started")
        with pytest.raises(NotStarted) as refused:
            await continuing(studio).continue_from(going, "g")
        assert str(refused.value) == "This run still goes on. Stop it first."
        await studio.runs.stop(going)
        stopped = await continuing(studio).continue_from(going, "g")
        await studio.until(stopped, "g started")
    async with RunStudio(tmp_path) as studio:
        assert (await studio.status(stopped))[0] == "interrupted"
        studio.stage.gate("").set()
        done = await continuing(studio).continue_from(stopped, "g")
        assert await fresh(studio, done) == ["g started", "g finished", "done"]
        assert (await studio.status(stopped))[0] == "stopped", "It goes on in another run, and only there."
        again = await continuing(studio).continue_from(done, "g")
        assert await fresh(studio, again) == ["g started", "g finished", "done"]
        assert await reused(studio, again) == {"w": going}, "It ran in the first of the four."
        assert lines(tmp_path / "ledger") == ["w"]


async def test_edited_settings_and_edited_data_flow_on(tmp_path: Path) -> None:
    made = flow("a.value -> b.value", "b.value -> w.value", a=step("say", text="one"), b=step("say"),
                w=step("write", ledger=str(tmp_path / "ledger"), text="{{ b.value }}"))  # fmt: skip
    async with RunStudio(tmp_path) as studio:
        old = await studio.play(made)
        edited = made.model_copy(update={"steps": {**made.steps, "a": step("say", text="two")}})
        may = await continuing(studio).would_continue(old, "w", flow=edited)
        assert (may.repeated, dict(may.outputs)) == (("w",), {})
        new = await continuing(studio).continue_from(old, "w", flow=edited)
        assert await fresh(studio, new) == ["a finished", "b finished", "w started", "w finished", "done"]
        by_hand = await continuing(studio).continue_from(new, data={"b": {"value": "three"}})
        assert await fresh(studio, by_hand) == ["w started", "w finished", "done"]
        assert lines(tmp_path / "ledger") == ["one", "two", "three"]
        refusals: list[tuple[dict[str, Any], str]] = [
            ({"gone": {"value": 1}}, "There is no step `gone` in this flow. Choose another one."),
            ({"b": 3}, "The data for `b` has to name its outputs."),
            ({"b": {"value": float("nan")}}, "The data for `b` cannot be passed on: `value` is not a number"),
        ]
        for data, said in refusals:
            with pytest.raises(NotStarted) as refused:
                await continuing(studio).continue_from(old, data=data)
            assert str(refused.value).startswith(said)
        assert len(await studio.runs.stored.newest()) == 3


async def test_only_the_failed_rounds_run_again_and_the_results_keep_their_order(tmp_path: Path) -> None:
    there = tmp_path / "there"
    inside = body(
        "w -> m",
        w=step("write", ledger=str(tmp_path / "ledger"), text="{{ item }}"),
        m=step("missing", path=f"{{{{ '{there}' if item in [2, 5] else '{tmp_path}' }}}}"),
        result="item",
    )
    made = flow("items.value -> each.items", "each.results -> after.value", items=step("give", value=[1, 2, 3, 4, 5]),
                each=each(inside, on_item_error="collect"), after=step("say"))  # fmt: skip
    async with RunStudio(tmp_path) as studio:
        old = await studio.play(made)
        assert (await studio.status(old))[0] == "done"
        there.touch()
        new = await continuing(studio).retry_rounds(old, "each")
        assert [line for line in await fresh(studio, new) if line.endswith("started")] == [
            "each started", "each/1/m started", "each/4/m started",
        ]  # fmt: skip
        ends = {e.step: e.outputs for e in await studio.events(new) if isinstance(e, Finished)}
        assert ends["after"] == {"value": [1, 2, 3, 4, 5]}
        assert ends["each"] == {"results": [1, 2, 3, 4, 5], "failed": []}
        assert sorted(lines(tmp_path / "ledger")) == ["1", "2", "3", "4", "5"]
        with pytest.raises(NotStarted, match="No round of “EACH” failed"):
            await continuing(studio).retry_rounds(new, "each")


async def test_a_part_of_a_flow_runs_on_what_its_last_run_gave(tmp_path: Path) -> None:
    made = flow("a.value -> b.value", "b.value -> c.value", a=step("say", text="{{ inputs.name }}"), b=step("say"),
                c=step("say"), w=step("write", ledger=str(tmp_path / "ledger"), text="w"))  # fmt: skip
    made = made.model_copy(update={"inputs": {"name": Input(label="Name")}})
    async with RunStudio(tmp_path) as studio:
        partly = continuing(studio)
        with pytest.raises(NotStarted) as refused:
            await partly.run_only(made, {"name": "x"}, "b")
        said = "“A” has to run first: there is nothing of it to take over. Run to here instead."
        assert str(refused.value) == said
        to = await partly.run_to(made, {"name": "x"}, "b")
        assert "c skipped: It was not asked for." in await studio_story(studio, to)
        assert (await studio.runs.stored.get(to)).parent is None
        only = await partly.run_only(made, {"name": "x"}, "b")
        assert [line for line in await fresh(studio, only) if "skipped" not in line] == ["b finished", "done"]
        onwards = await partly.run_from(made, {"name": "x"}, "b")
        assert [line for line in await fresh(studio, onwards) if "skipped" not in line] == [
            "b finished", "c finished", "done",
        ]  # fmt: skip
        with pytest.raises(NotStarted) as refused:
            await partly.run_only(made, {"name": "y"}, "b")
        assert str(refused.value).startswith("“A” has changed since that run"), "Another name was given."
        all_of_it = await partly.run_changed(made, {"name": "x"})
        assert await fresh(studio, all_of_it) == ["w started", "w finished", "done"]
        assert lines(tmp_path / "ledger") == ["w"]
        other = await studio.play(made, name="y")
        assert [run.id for run in await partly.last_runs(made, {"name": "x"})] == [all_of_it, onwards, only, to, other]


async def studio_story(studio: RunStudio, run_id: str) -> list[str]:
    await studio.runs.wait(run_id)
    return await studio.story(run_id)


async def test_one_round_of_one_step_runs_alone(tmp_path: Path) -> None:
    inside = body("a.value -> w.value", a=step("say", text="{{ item }}"),
                  w=step("write", ledger=str(tmp_path / "ledger"), text="{{ a.value }}"), result="w.value")  # fmt: skip
    made = flow("items.value -> each.items", items=step("give", value=[1, 2, 3]), each=each(inside))
    async with RunStudio(tmp_path) as studio:
        await studio.play(made)
        new = await continuing(studio).run_only(made, {}, "each/1/w")
        assert [line for line in await fresh(studio, new) if "skipped" not in line] == [
            "each started", "each/1/w started", "each/1/w finished", "each stopped", "done",
        ]  # fmt: skip
        assert lines(tmp_path / "ledger") == ["1", "2", "3", "2"]
        whole = await continuing(studio).run_to(made, {}, "each")
        assert (await studio.runs.wait(whole)).status == "done"


async def test_stale_are_the_steps_that_would_give_something_else_now(tmp_path: Path) -> None:
    made = flow("a.value -> b.value", "items.value -> each.items", a=step("say", text="one"), b=step("say"),
                items=step("give", value=[1]), each=each(body(x=step("say", text="{{ b.value }}"))),
                beside=step("say"), never=step("fail"))  # fmt: skip
    async with RunStudio(tmp_path) as studio:
        run_id = await studio.play(made)
        partly = continuing(studio)
        assert await partly.stale_steps(made, run_id) == set()
        steps = {**made.steps, "a": step("say", text="two"), "never": step("say"), "new": step("say")}
        edited = made.model_copy(update={"steps": {name: each for name, each in steps.items() if name != "beside"}})
        assert await partly.stale_steps(edited, run_id) == {"a", "b", "each", "each/x"}
        assert await partly.stale_steps(made, run_id) == set()


async def test_nothing_of_a_rehearsal_is_taken_over(tmp_path: Path) -> None:
    made = flow(w=step("write", ledger=str(tmp_path / "ledger"), text="w"))
    async with RunStudio(tmp_path) as studio:
        record, _ = await studio.runs.stored.create(
            flow_id="f", flow_name="F", document=made.model_dump_json(), inputs="{}", trigger="window",
            options='{"rehearse": true}',
        )  # fmt: skip
        await studio.runs.stored.end(record.id, "done")
        with pytest.raises(NotStarted, match="This was a rehearsal"):
            await continuing(studio).continue_from(record.id, "w")
        assert await continuing(studio).last_runs(made, {}) == []


async def test_a_continued_run_that_is_cut_off_goes_on_with_what_it_took_over_and_what_it_was_asked(
    tmp_path: Path,
) -> None:
    made = flow(
        "w.value -> g.value", "g.value -> last.value",
        w=step("write", ledger=str(tmp_path / "ledger"), text="w"),
        g=step("gated"),
        last=step("say"),
        other=step("fail"),
    )  # fmt: skip
    async with RunStudio(tmp_path) as studio:
        old = await studio.runs.start(made, {})
        await studio.until(old, "g started")
        await studio.runs.stop(old)
        new = await continuing(studio).run_to(made, {}, "g")
        await studio.until(new, "g started")
    async with RunStudio(tmp_path) as studio:
        assert (await studio.status(new))[0] == "interrupted"
        studio.stage.gate("").set()
        await studio.runs.resume(new)
        assert (await studio.runs.wait(new)).status == "done"
        story = await studio.story(new)
        assert story.count("w finished") == 1
        assert "last skipped: It was not asked for." in story
        assert lines(tmp_path / "ledger") == ["w"]


async def test_a_run_that_was_cut_off_before_it_had_taken_everything_over_does_nothing(tmp_path: Path) -> None:
    async with RunStudio(tmp_path) as studio:
        old = await studio.play(writing(tmp_path))
        may = await continuing(studio).would_continue(old, "m")
        record, _ = await studio.runs.stored.create(
            flow_id="f", flow_name="F", document=writing(tmp_path).model_dump_json(), inputs="{}", trigger="continued",
            options='{"reuse": {"only": null, "alone": ""}}', parent=old,
        )  # fmt: skip
        journal = Journal(studio.database, record.id, artifacts=studio.artifacts)
        await journal.close()
        await studio.runs.stored.set_status(record.id, "interrupted")
        with pytest.raises(NotStarted) as refused:
            await studio.runs.resume(record.id)
        assert str(refused.value).startswith("This run ended before it had taken over what an earlier run had done.")
        assert (lines(tmp_path / "ledger"), list(may.outputs)) == (["w"], ["w"])


async def test_a_long_loop_is_taken_over_beside_the_loop_of_the_window(tmp_path: Path) -> None:
    inside = body(
        "a -> b", "b -> c", a=step("say", text="a"), b=step("say", text="b"), c=step("say", text="{{ index }}")
    )
    made = flow(
        "items.value -> each.items", items=step("give", value=[0] * 3000), each=each(inside), after=step("fail")
    )
    async with RunStudio(tmp_path) as studio:
        old = await studio.play(made)
        began = time.perf_counter()
        new = await continuing(studio).continue_from(old, "after")
        assert time.perf_counter() - began < 10, "Less than a second on a free machine."
        assert await fresh(studio, new) == ["after failed: No such page", "failed: “AFTER” failed: No such page"]
        assert len(await reused(studio, new)) == 3 * 3000 + 2


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are killed in a way only POSIX has")
async def test_a_continued_run_killed_in_its_middle_repeats_no_write(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.runs.continued", str(tmp_path), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"half-way\n"
    process.send_signal(signal.SIGKILL)
    await process.wait()
    async with RunStudio(tmp_path) as studio:
        await studio.runs.recover(wake=False)
        newest, _ = await studio.runs.stored.newest()
        assert newest.status == "interrupted"
        studio.stage.gate("").set()
        await studio.runs.resume(newest.id)
        await soon(lambda: newest.id not in studio.runs.going)
        assert (await studio.runs.stored.get(newest.id)).status == "done"
        assert lines(tmp_path / "ledger") == ["w", "found"]
        assert [type(event) for event in await studio.events(newest.id)][-1] is Ended
