"""A run is begun, ended and let go by one hand at a time, and by whoever was first."""

from __future__ import annotations

import asyncio
from pathlib import Path

from app.runs.live import CLOSED
from app.store.database import Database
from nodes.context import Answer
from tests.engine.steps import lines
from tests.engine.story import flow, step
from tests.runs.studio import RunStudio, soon
from tests.runs.test_waiting import approval, ended, put_away, the_question


async def lives_elsewhere(studio: RunStudio, run_id: str) -> None:
    """From now on another start of Weft has the run, which is alive."""
    studio.runs.stored._lives = lambda _boot: True
    await _set(studio.database, "boot_id = 'another'", run_id)


async def _set(database: Database, what: str, run_id: str) -> None:
    await database.write(lambda connection: connection.execute(f"UPDATE run SET {what} WHERE id = ?", (run_id,)))


async def test_a_run_that_is_stopped_while_its_answer_takes_it_up_is_stopped_once_and_for_all(tmp_path: Path) -> None:
    for turns in range(0, 40, 3):
        folder = tmp_path / f"after {turns} turns"
        folder.mkdir()
        async with RunStudio(folder) as studio:
            run_id = await put_away(studio, approval(folder / "ledger"))
            where = await the_question(studio, run_id)
            answer = asyncio.create_task(studio.runs.answer(run_id, *where, "Reject"))
            for _ in range(turns):
                await asyncio.sleep(0)
            await studio.runs.stop(run_id)
            await answer
            await studio.runs.wait(run_id)
            ends = (await studio.story(run_id)).count("stopped: Stopped before the end.")
            status = (await studio.status(run_id))[0]
            assert (status, ends) in {("stopped", 1), ("done", 0)}, (turns, await studio.story(run_id))
            assert run_id not in studio.runs.going


async def test_what_ended_before_its_turn_to_be_taken_up_stays_as_it_ended(tmp_path: Path) -> None:
    async with RunStudio(tmp_path) as studio:
        done = await put_away(studio, approval(tmp_path / "done"))
        stopped = await put_away(studio, approval(tmp_path / "stopped"))
        await studio.runs.answer(done, *await the_question(studio, done), "Reject")
        assert await ended(studio, done) == "done"
        await studio.runs.stop(stopped)
        # The list of those that were to be taken up is older than their ends.
        for run_id in (done, stopped):
            await studio.runs.waker._wake(run_id)
        assert [(await studio.status(run_id))[0] for run_id in (done, stopped)] == ["done", "stopped"]
        assert studio.runs.going == frozenset()


async def test_what_another_start_has_taken_up_first_is_left_to_it(tmp_path: Path) -> None:
    async with RunStudio(tmp_path) as studio:
        run_id = await put_away(studio, approval(tmp_path / "ledger"))
        await lives_elsewhere(studio, run_id)
        await studio.runs.waker._wake(run_id)
        assert (await studio.status(run_id))[0] == "waiting"
        assert len(await studio.runs.inbox.open_of(run_id)) == 1


async def test_an_answer_while_weft_is_closed_takes_nothing_up_any_more(tmp_path: Path) -> None:
    async with RunStudio(tmp_path) as studio:
        run_id = await put_away(studio, approval(tmp_path / "ledger"))
        where = await the_question(studio, run_id)
        await studio.runs.close()
        assert await studio.runs.answer(run_id, *where, "Reject")
        assert (studio.runs.going, (await studio.status(run_id))[0]) == (frozenset(), "waiting")
    async with RunStudio(tmp_path) as studio:
        await studio.runs.recover()
        assert await ended(studio, run_id) == "done"
    assert lines(tmp_path / "ledger") == ["rejected"]


async def test_a_question_that_was_left_open_by_a_run_that_has_ended_leaves_the_inbox(tmp_path: Path) -> None:
    async with RunStudio(tmp_path) as studio:
        run_id = await put_away(studio, approval(tmp_path / "ledger"))
        # As far as a process comes that is killed right after it has noted the end.
        await studio.runs.stored.end(run_id, "stopped", "Stopped before the end.")
        waits = await put_away(studio, approval(tmp_path / "other"))
    async with RunStudio(tmp_path) as studio:
        await studio.runs.recover()
        assert [entry.run_id for entry in await studio.runs.inbox.pending()] == [waits]


async def test_what_a_terminal_left_behind_that_is_gone_is_found_by_the_window_beside_it(tmp_path: Path) -> None:
    async with RunStudio(tmp_path) as window:
        window.runs.waker.look_again = 0.01
        await window.runs.recover()
        made = flow(say=step("say", text="hello"))
        asking, running = await put_away(window, approval(tmp_path / "ledger")), await window.play(made)
        queued = await window.play(made)
        await _set(window.database, "boot_id = 'gone', status = 'queued', ended_at = NULL", queued)
        await window.database.write(
            lambda connection: connection.execute("DELETE FROM event WHERE run_id = ?", (queued,))
        )
        (entry,) = await window.runs.inbox.open_of(asking)
        await _set(window.database, "boot_id = 'gone'", asking)
        await _set(window.database, "boot_id = 'gone', status = 'running', ended_at = NULL", running)
        # Decided by the terminal just before it was killed.
        await window.runs.inbox.decide(asking, entry.step, entry.key, Answer("Reject", None, "a terminal"))
        await soon(lambda: lines(tmp_path / "ledger") == ["rejected"])
        assert await ended(window, asking) == "done"
        for _ in range(1000):
            if (await window.status(running))[0] != "running":
                break
            await asyncio.sleep(0.01)
        assert await window.status(running) == ("interrupted", CLOSED)
        await window.until(queued, "say finished")
        await window.runs.wait(queued)
        assert (await window.story(queued)).count("say finished") == 1


async def test_a_run_whose_answer_is_known_already_says_that_it_runs_when_it_goes_on(tmp_path: Path) -> None:
    made = flow("ask.approved -> g", ask=step("control.approve", title="Send it?"), g=step("gated"))
    async with RunStudio(tmp_path) as studio:
        run_id = await put_away(studio, made)
        await studio.runs.answer(run_id, *await the_question(studio, run_id), "Approve")
        await studio.until(run_id, "g started")
        await studio.runs.close()
        # As far as a process comes that is killed when the answer is in the journal and the run still noted as waiting.
        await _set(studio.database, "status = 'waiting', boot_id = 'gone', ended_at = NULL", run_id)
    async with RunStudio(tmp_path) as studio:
        await studio.runs.recover()
        assert (run_id in studio.runs.going, (await studio.status(run_id))[0]) == (True, "running")
        studio.stage.gate("").set()
        assert (await studio.runs.wait(run_id)).status == "done"


async def test_an_answer_that_waits_to_be_heard_keeps_nobody_looking(tmp_path: Path) -> None:
    async with RunStudio(tmp_path) as studio:
        other = await put_away(studio, approval(tmp_path / "other"))
        studio.runs.parking.after = None
        run_id = await studio.runs.start(approval(tmp_path / "ledger"), {})
        await studio.until(run_id, "ask asks: Send it?")
        # It is decided, and its run is taken up by nobody here.
        await studio.runs.inbox.decide(other, *await the_question(studio, other), Answer("Reject"))
        looks = 0
        pass_on = studio.runs.waker._pass_on

        async def counted() -> None:
            nonlocal looks
            looks += 1
            await pass_on()

        studio.runs.waker._pass_on = counted
        studio.runs.waker.poke()
        await asyncio.sleep(0.3)
        assert 1 <= looks < 10
