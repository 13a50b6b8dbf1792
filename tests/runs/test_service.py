"""Runs as the studio keeps them: started, watched, stopped, continued, and written down before anybody sees them."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import sqlite3
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from app.engine.events import Logged
from app.engine.plan import Planned
from app.engine.scope import Round
from app.runs.service import CLOSED, NotStarted
from app.store.refusal import FlowMissing
from app.store.trouble import StoreTrouble
from flows.model import Input
from tests.engine.steps import lines
from tests.engine.story import body, each, flow, step
from tests.runs.studio import KEYS, PATIENCE, RunStudio, soon


async def test_a_run_is_kept_with_its_journal_and_its_result(tmp_path: Path) -> None:
    async with RunStudio(tmp_path) as studio:
        run_id = await studio.play(flow("a.value -> b.value", a=step("say", text="x"), b=step("say")))
        assert await studio.story(run_id) == ["a finished", "b finished", "done"]
        record = await studio.runs.stored.get(run_id)
        assert (record.status, record.message, record.result) == ("done", "", '{"value":"x"}')
        assert studio.worlds[0].closed == 1
        assert studio.runs.going == frozenset()


async def test_a_step_in_a_thread_writes_into_the_journal_of_the_disk(tmp_path: Path) -> None:
    async with RunStudio(tmp_path) as studio:
        run_id = await studio.runs.start(flow(a=step("thread", wait=True)), {})
        await studio.until(run_id, "a started")
        studio.stage.thread_gate.set()
        assert (await studio.runs.wait(run_id)).status == "done"
        said = [each.text for each in await studio.events(run_id) if isinstance(each, Logged)]
        assert said == ["not the loop's thread: True", "too late"]


async def test_one_click_is_one_run_however_often_it_arrives(tmp_path: Path) -> None:
    async with RunStudio(tmp_path) as studio:
        made = flow(a=step("gated"))
        ids = await asyncio.gather(*(studio.runs.start(made, {}, click_id="click") for _ in range(10)))
        assert len(set(ids)) == 1
        studio.stage.gate("").set()
        await studio.runs.wait(ids[0])
        assert len(await studio.runs.stored.newest()) == 1
        assert (await studio.story(ids[0])).count("a started") == 1


async def test_what_is_wrong_with_the_inputs_is_said_before_anything_starts(tmp_path: Path) -> None:
    async with RunStudio(tmp_path) as studio:
        inputs = {"price": Input(type="number", label="Price"), "on": Input(type="date", required=False)}
        made = flow(a=step("give", value="{{ [inputs.price, inputs.on] }}")).model_copy(update={"inputs": inputs})
        refusals: list[tuple[dict[str, Any], str]] = [
            ({"price": "much"}, "Price has to be a number, not “much”."),
            ({"price": 10**30}, "Price has to be a number that is not too large."),
            ({"price": "1" * 300}, "Price has to be a number that is not too large."),
            ({"price": float("nan")}, "Price has to be a number that is not too large."),
            ({"price": 1, "other": 2}, "This flow has no input `other`. Its inputs are: price, on."),
        ]
        for given, said in refusals:
            with pytest.raises(NotStarted) as refused:
                await studio.runs.start(made, given)
            assert str(refused.value) == said
        assert await studio.runs.stored.newest() == []
        run_id = await studio.play(made, price="3", on="")
        assert (await studio.runs.stored.get(run_id)).result == '{"value":[3,null]}'


async def test_a_run_whose_world_cannot_be_opened_says_so_and_does_not_seem_to_run(tmp_path: Path) -> None:
    async with RunStudio(tmp_path) as studio:

        def gone() -> None:
            raise FlowMissing("There is no such flow.", "Look again.")

        studio.opening = gone
        with pytest.raises(FlowMissing):
            await studio.runs.start(flow(a=step("say")), {})
        (card,) = await studio.runs.stored.newest()
        assert (card.status, card.message) == ("interrupted", "There is no such flow. Look again.")
        studio.opening = lambda: None
        await studio.runs.resume(card.id)
        assert (await studio.runs.wait(card.id)).status == "done"


async def test_the_start_of_a_writing_step_is_on_the_disk_before_it_runs_and_its_end_before_the_next(
    tmp_path: Path,
) -> None:
    database = str(tmp_path / "weft.db")
    made = flow(
        "w -> x", "x -> y",
        w=step("sees_itself", database=database), x=step("say", text="between"),
        y=step("sees_itself", database=database),
    )  # fmt: skip
    async with RunStudio(tmp_path) as studio:
        run_id = await studio.play(made)
        saw = {
            told.step: (told.outputs or {})["value"] for told in await studio.events(run_id) if hasattr(told, "outputs")
        }
    assert saw["w"] == ["w started"]
    assert saw["y"] == ["w started", "w finished", "x finished", "y started"]


async def test_what_a_watcher_sees_is_on_the_disk(tmp_path: Path) -> None:
    async with RunStudio(tmp_path) as studio:
        inside = body("a -> b", a=step("say", text="{{ item }}"), b=step("flaky", times=0))
        made = flow("i.value -> each.items", i=step("give", value=list(range(200))), each=each(inside))
        connection = sqlite3.connect(tmp_path / "weft.db")
        unseen: list[Any] = []

        def heard(changed: set[str]) -> None:
            (on_disk,) = connection.execute(
                "SELECT count(*) FROM event WHERE kind = 'finished' AND step LIKE 'each/%/b'"
            ).fetchone()
            if watch.picture.lights.get("each/b") and watch.picture.lights["each/b"].rounds > on_disk:
                unseen.append(on_disk)

        run_id = await studio.runs.start(made, {})
        watch = await studio.runs.watch(run_id, heard)
        await studio.runs.wait(run_id)
        await asyncio.sleep(0.1)
        watch.close()
        connection.close()
        assert unseen == []
        assert watch.picture.lights["each/b"].rounds == 200


async def test_all_watchers_see_the_same_however_late_they_come(tmp_path: Path) -> None:
    async with RunStudio(tmp_path) as studio:
        inside = body("a -> b", a=step("fail_on", bad=3, value="{{ item }}"), b=step("flaky", times=0))
        made = flow(
            "i.value -> each.items", "each -> g", "g -> f",
            i=step("give", value=[1, 2, 3, 4]), each=each(inside, on_item_error="skip"),
            g=step("gated"), f=step("fail"), s=step("fork", way="left"), never=step("say", text="{{ s.right }}"),
        )  # fmt: skip
        run_id = await studio.runs.start(made, {})
        early = await studio.runs.watch(run_id, lambda _: None)
        await studio.until(run_id, "g started")
        middle = await studio.runs.watch(run_id, lambda _: None)
        assert middle.picture.lights["g"].status == "running"
        studio.stage.gate("").set()
        await studio.runs.wait(run_id)
        late = await studio.runs.watch(run_id, lambda _: None)
        for watch in (early, middle):
            assert watch.picture.lights == late.picture.lights
            assert (watch.picture.status, watch.picture.message) == (late.picture.status, late.picture.message)
        assert {path: light.status for path, light in late.picture.lights.items()} == {
            "i": "done", "each": "done", "each/a": "failed", "each/b": "done", "g": "done", "f": "failed", "s": "done",
            "never": "skipped",
        }  # fmt: skip
        assert (late.picture.lights["each/a"].rounds, late.picture.lights["each/a"].failed_rounds) == (4, 1)
        assert (late.picture.status, late.picture.message) == ("failed", "“F” failed: No such page")
        for watch in (early, middle, late):
            watch.close()


async def test_a_watcher_hears_at_most_twenty_times_a_second(tmp_path: Path) -> None:
    async with RunStudio(tmp_path) as studio:
        heard: list[float] = []
        inside = body(a=step("flaky", times=0))
        made = flow("i.value -> each.items", i=step("give", value=list(range(300))), each=each(inside))
        run_id = await studio.runs.start(made, {})
        watch = await studio.runs.watch(run_id, lambda _: heard.append(time.monotonic()))
        await studio.runs.wait(run_id)
        await asyncio.sleep(0.1)
        watch.close()
        assert all(after - before > 0.045 for before, after in pairwise(heard))
        assert heard


async def test_a_run_that_is_continued_is_seen_to_run_in_windows_that_were_open_before(tmp_path: Path) -> None:
    async with RunStudio(tmp_path) as studio:
        inside = body("a -> m", a=step("say", text="{{ item }}"), m=step("missing", path=f"{tmp_path}/{{{{ item }}}}"))
        made = flow(
            "i.value -> each.items", "each -> g", i=step("give", value=["x", "y"]), each=each(inside), g=step("gated")
        )
        (tmp_path / "x").touch()
        run_id = await studio.play(made)
        changed: set[str] = set()
        watch = await studio.runs.watch(run_id, changed.update)
        assert (watch.picture.status, watch.picture.lights["each/m"].status) == ("failed", "failed")
        (tmp_path / "y").touch()
        await studio.runs.resume(run_id)
        await studio.until(run_id, "g started")
        await asyncio.sleep(0.1)
        assert (watch.picture.status, watch.picture.message) == ("running", "")
        assert {path: (light.status, light.rounds) for path, light in watch.picture.lights.items()} == {
            "i": ("done", 0), "each": ("done", 0), "each/a": ("done", 2), "each/m": ("done", 2), "g": ("running", 0),
        }  # fmt: skip
        assert {"each", "each/m", "g"} <= changed
        late = await studio.runs.watch(run_id, lambda _: None)
        assert late.picture.lights == watch.picture.lights
        studio.stage.gate("").set()
        await studio.runs.wait(run_id)
        assert watch.picture.status == "done"
        watch.close()
        late.close()


async def test_two_who_continue_at_once_continue_it_once(tmp_path: Path) -> None:
    async with RunStudio(tmp_path) as studio:
        made = flow(
            "m -> w", m=step("missing", path=str(tmp_path / "it")), w=step("write", ledger=str(tmp_path / "ledger"))
        )
        run_id = await studio.play(made)
        (tmp_path / "it").touch()
        await asyncio.gather(*(studio.runs.resume(run_id) for _ in range(5)))
        assert (await studio.runs.wait(run_id)).status == "done"
        assert lines(tmp_path / "ledger") == ["w"]
        with pytest.raises(NotStarted, match="This run is done"):
            await studio.runs.resume(run_id)


async def test_stop_ends_everything_within_five_seconds_even_if_it_is_pressed_twice(tmp_path: Path) -> None:
    async with RunStudio(tmp_path) as studio:
        made = flow(task=step("gated"), thread=step("thread", wait=True), ask=step("ask"), stuck=step("never_lets_go"))
        run_id = await studio.runs.start(made, {})
        watch = await studio.runs.watch(run_id, lambda _: None)
        await studio.until(run_id, "task started", "thread started", "ask asks: Go on?", "stuck started")
        began = time.monotonic()
        await asyncio.gather(*(studio.runs.stop(run_id) for _ in range(3)))
        assert time.monotonic() - began < 5
        assert await studio.status(run_id) == (
            "stopped",
            "Stopped before the end. A step did not let go and was left behind.",
        )
        assert {light.status for light in watch.picture.lights.values()} == {"stopped"}
        assert watch.picture.questions == {}
        assert studio.runs.going == frozenset()
        late = await studio.runs.watch(run_id, lambda _: None)
        assert late.picture.lights == watch.picture.lights
        late.close()
        watch.close()
        studio.stage.gate("let go").set()


async def test_a_run_stopped_before_its_first_step_has_stopped(tmp_path: Path) -> None:
    async with RunStudio(tmp_path) as studio:
        run_id = await studio.runs.start(flow(a=step("gated")), {})
        await studio.runs.stop(run_id)
        assert (await studio.status(run_id))[0] == "stopped"
        assert studio.runs.going == frozenset()


async def test_closing_interrupts_runs_and_those_that_ask_wait_on_after_the_next_start(tmp_path: Path) -> None:
    asking = flow("a -> w", a=step("ask"), w=step("write", ledger=str(tmp_path / "ledger")))
    async with RunStudio(tmp_path) as studio:
        working = await studio.runs.start(flow(a=step("gated")), {})
        waiting = await studio.runs.start(asking, {})
        await studio.until(working, "a started")
        await studio.until(waiting, "a asks: Go on?")
    async with RunStudio(tmp_path) as studio:
        assert await studio.status(working) == ("interrupted", CLOSED)
        assert (await studio.status(waiting))[0] == "waiting"
        assert await studio.runs.recover() == []
        assert studio.runs.going == frozenset()
        watch = await studio.runs.watch(waiting, lambda _: None)
        ((at, key),) = watch.picture.questions
        assert watch.picture.lights["a"].status == "asked"
        assert await studio.runs.answer(waiting, at, key, "Yes")
        assert not await studio.runs.answer(waiting, at, key, "Yes")
        assert (await studio.runs.wait(waiting)).status == "done"
        assert lines(tmp_path / "ledger") == ["w"]
        studio.stage.gate("").set()
        await studio.runs.resume(working)
        assert (await studio.runs.wait(working)).status == "done"
        watch.close()


async def test_a_waiting_run_that_cannot_go_on_does_not_keep_the_studio_from_starting(tmp_path: Path) -> None:
    async with RunStudio(tmp_path) as studio:
        waiting = await studio.runs.start(flow(a=step("ask")), {})
        await studio.until(waiting, "a asks: Go on?")
    async with RunStudio(tmp_path) as studio:

        def fails() -> None:
            raise ValueError("broken")

        studio.opening = fails
        await studio.runs.recover()
        assert await studio.status(waiting) == ("waiting", "Go on?")
        assert await studio.runs.answer(waiting, "a", "1. Go on?", "Yes")
        for _ in range(PATIENCE):  # It may be just being taken up for another reason.
            if await studio.status(waiting) == ("interrupted", "It could not wait on. broken"):
                break
            await asyncio.sleep(0.01)
        else:
            raise AssertionError(await studio.status(waiting))
        studio.opening = lambda: None
        await studio.runs.resume(waiting)
        # What was answered meanwhile is not asked again.
        assert (await studio.runs.wait(waiting)).status == "done"


async def test_the_status_follows_the_questions(tmp_path: Path) -> None:
    async with RunStudio(tmp_path) as studio:
        run_id = await studio.runs.start(flow("a -> b", a=step("ask"), b=step("ask", title="Sure?")), {})
        await studio.until(run_id, "a asks: Go on?")
        await asyncio.sleep(0.05)
        assert (await studio.status(run_id))[0] == "waiting"
        assert await studio.runs.answer(run_id, "a", "1. Go on?", "Yes")
        await studio.until(run_id, "b asks: Sure?")
        assert await studio.runs.answer(run_id, "b", "1. Sure?", "Yes")
        await studio.runs.wait(run_id)
        await asyncio.sleep(0.05)
        assert (await studio.status(run_id))[0] == "done"


@pytest.mark.parametrize("name", ["shop", "number"])
async def test_a_key_that_a_step_uses_is_nowhere_in_the_database(tmp_path: Path, name: str) -> None:
    async with RunStudio(tmp_path) as studio:
        await studio.play(flow("a.value -> b.value", a=step("secret", name=name), b=step("say"), result="b.value"))
        await studio.play(flow(a=step("secret", name=name, fail=True)))
        handled = flow("a.error -> b.value", a=step("secret", name=name, fail=True, on_error="port"), b=step("say"))
        await studio.play(handled)
        inside = body(a=step("secret", name=name, fail=True))
        await studio.play(flow("i.value -> each.items", i=step("give", value=[1]), each=each(inside)))
        stopping = flow(a=step("secret", name=name), s=step("stop", message="{{ a.value }}", failed=True))
        await studio.play(stopping)
        raw = studio.raw()
        assert KEYS[name] not in raw
        assert "••••" in raw


async def test_a_fault_with_a_key_in_it_is_masked_in_its_traceback(tmp_path: Path) -> None:
    async with RunStudio(tmp_path) as studio:
        run_id = await studio.play(flow(a=step("secret", name="bad")))
        assert (await studio.story(run_id))[1] == "a failed: The node `t.secret` has a fault: ValueError: ••••"
        assert "ValueError: ••••" in studio.raw()
        assert "ValueError: faulty" not in studio.raw()


LONG = "x" * 3500
"""Too long for what is left of a page."""


async def test_on_a_full_disk_a_run_waits_says_so_and_goes_on(tmp_path: Path) -> None:
    async with RunStudio(tmp_path) as studio:
        made = flow("g -> w", g=step("gated"), w=step("write", ledger=str(tmp_path / "ledger"), text=LONG))
        run_id = await studio.runs.start(made, {})
        watch = await studio.runs.watch(run_id, lambda _: None)
        await studio.until(run_id, "g started")
        await fill_the_disk(studio)
        studio.stage.gate("").set()
        await soon(lambda: "is full" in watch.picture.message)
        assert (watch.picture.status, lines(tmp_path / "ledger")) == ("running", [])
        await free_the_disk(studio)
        assert (await studio.runs.wait(run_id)).status == "done"
        assert (watch.picture.status, watch.picture.message) == ("done", "")
        assert lines(tmp_path / "ledger") == [LONG]
        watch.close()


async def test_a_run_that_waits_for_the_disk_can_be_stopped(tmp_path: Path) -> None:
    async with RunStudio(tmp_path) as studio:
        made = flow("g -> w", g=step("gated"), w=step("write", ledger=str(tmp_path / "ledger"), text=LONG))
        run_id = await studio.runs.start(made, {})
        watch = await studio.runs.watch(run_id, lambda _: None)
        await studio.until(run_id, "g started")
        await fill_the_disk(studio)
        studio.stage.gate("").set()
        await soon(lambda: "is full" in watch.picture.message)
        began = time.monotonic()
        await studio.runs.stop(run_id)
        assert time.monotonic() - began < 5
        assert (watch.picture.status, "is full" in watch.picture.message) == ("interrupted", True)
        assert studio.runs.going == frozenset()
        await free_the_disk(studio)
        await studio.runs.resume(run_id)
        assert (await studio.runs.wait(run_id)).status == "done"
        assert lines(tmp_path / "ledger") == [LONG]
        watch.close()


async def fill_the_disk(studio: RunStudio) -> None:
    """From now on there is no page left for a journal row that needs one."""
    await studio.database.write(lambda connection: connection.execute("PRAGMA max_page_count=1").fetchone())
    with contextlib.suppress(StoreTrouble):
        while True:
            await studio.database.write(_one_more)


def _one_more(connection: sqlite3.Connection) -> None:
    connection.execute("INSERT INTO setting (key, value) VALUES (hex(randomblob(8)), hex(randomblob(500)))")


async def free_the_disk(studio: RunStudio) -> None:
    await studio.database.write(lambda connection: connection.execute("PRAGMA max_page_count=1000000").fetchone())


async def test_the_window_answers_while_a_long_loop_runs_and_is_watched(tmp_path: Path) -> None:
    async with RunStudio(tmp_path) as studio:
        inside = body("a.value -> b.value", "b.value -> c.value", a=step("say"), b=step("say"), c=step("say"))
        made = flow("i.value -> each.items", i=step("give", value=list(range(10_000))), each=each(inside))
        waits: list[float] = []

        async def ticking() -> None:
            while True:
                # The work of this thread, not the time: the computer may be busy with something else.
                before = time.thread_time()
                await asyncio.sleep(0.001)
                waits.append(time.thread_time() - before)

        run_id = await studio.runs.start(made, {})
        watches = [await studio.runs.watch(run_id, lambda _: None) for _ in range(2)]
        ticker = asyncio.create_task(ticking())
        await studio.runs.wait(run_id)
        watches.append(await studio.runs.watch(run_id, lambda _: None))
        ticker.cancel()
        assert all(watch.picture.lights["each/c"].rounds == 10_000 for watch in watches)
        for watch in watches:
            watch.close()
        # All but a few: a turn in which Python collects its garbage takes longer.
        assert sorted(waits)[int(len(waits) * 0.98)] < 0.05


async def test_nothing_of_a_run_stays_in_memory_once_it_has_ended(tmp_path: Path) -> None:
    async with RunStudio(tmp_path) as studio:
        inside = body("a -> b", a=step("say", text="{{ item }}"), b=step("flaky", times=0))
        made = flow("i.value -> each.items", i=step("give", value=list(range(20))), each=each(inside))
        gc.collect()
        before = {id(found) for found in gc.get_objects() if isinstance(found, Planned | Round)}
        await studio.play(made)
        await asyncio.sleep(0)
        gc.collect()
        left = [found for found in gc.get_objects() if isinstance(found, Planned | Round) and id(found) not in before]
        assert left == []


async def test_a_run_keeps_to_the_flow_it_started_with(tmp_path: Path) -> None:
    async with RunStudio(tmp_path) as studio:
        first = flow("m -> a", m=step("missing", path=str(tmp_path / "it")), a=step("say", text="old"))
        run_id = await studio.play(first)
        (tmp_path / "it").touch()
        await studio.runs.resume(run_id)
        assert (await studio.runs.wait(run_id)).result == '{"value":"old"}'


async def test_a_damaged_store_interrupts_and_does_not_fail(tmp_path: Path) -> None:
    async with RunStudio(tmp_path) as studio:
        made = flow("g -> w", g=step("gated"), w=step("write", ledger=str(tmp_path / "ledger")))
        run_id = await studio.runs.start(made, {})
        watch = await studio.runs.watch(run_id, lambda _: None)
        await studio.until(run_id, "g started")
        await studio.database.write(lambda connection: connection.execute("ALTER TABLE event RENAME TO gone"))
        studio.stage.gate("").set()
        await soon(lambda: run_id not in studio.runs.going)
        assert watch.picture.status == "interrupted"
        assert lines(tmp_path / "ledger") == []
        watch.close()
        await studio.database.write(lambda connection: connection.execute("ALTER TABLE gone RENAME TO event"))
