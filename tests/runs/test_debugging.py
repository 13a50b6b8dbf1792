"""The debugger through the studio: kept with the run, changed while it runs, and still there after a restart."""

from __future__ import annotations

import asyncio
from pathlib import Path

import orjson
import pytest

from app.engine.asking import STOP
from app.engine.debug import CONTINUE, NEXT, Debug
from app.runs.inbox import AnswerRefused
from app.store.inbox import Entry
from flows.model import Flow
from nodes import Json
from tests.engine.steps import lines
from tests.engine.story import flow, step
from tests.runs.studio import PATIENCE, RunStudio


def writes(ledger: Path) -> Flow:
    return flow(
        "a -> one", "one -> two",
        a=step("say"),
        one=step("write", ledger=str(ledger), text="one"),
        two=step("write", ledger=str(ledger), text="two"),
    )  # fmt: skip


async def stands(studio: RunStudio, run_id: str, at: str) -> Entry:
    """The break at which a run stands."""
    for _ in range(PATIENCE):
        for entry in await studio.runs.inbox.open_of(run_id):
            if (entry.step, entry.sort) == (at, "break"):
                return entry
        await asyncio.sleep(0.01)
    raise AssertionError(await studio.story(run_id))


async def test_a_run_left_at_a_break_stands_there_after_a_restart_with_what_was_set_meanwhile(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger"
    async with RunStudio(tmp_path) as studio:
        run_id = await studio.runs.start(writes(ledger), {}, debug=Debug(frozenset({"one"})))
        entry = await stands(studio, run_id, "one")
        assert (entry.editable, entry.choices) == (True, (CONTINUE, NEXT, STOP))
        debug = studio.runs.debug(run_id)
        assert debug is not None
        debug.set(breakpoints={"one", "two"})
        for _ in range(PATIENCE):
            options = orjson.loads((await studio.runs.stored.get(run_id)).options)
            if options["debug"]["breakpoints"] == ["one", "two"]:
                break
            await asyncio.sleep(0.01)
    async with RunStudio(tmp_path) as studio:
        await studio.runs.recover()
        entry = await stands(studio, run_id, "one")
        edited: Json = {"settings": {"ledger": str(ledger), "text": "edited"}, "inputs": {}}
        await studio.runs.answer(run_id, "one", entry.key, CONTINUE, edited)
        entry = await stands(studio, run_id, "two")
        assert lines(ledger) == ["edited"]
        await studio.runs.answer(run_id, "two", entry.key, CONTINUE)
        assert (await studio.runs.wait(run_id)).status == "done"
        assert lines(ledger) == ["edited", "two"]


async def test_a_breakpoint_can_be_set_in_a_run_that_was_started_without_any(tmp_path: Path) -> None:
    async with RunStudio(tmp_path) as studio:
        made = flow("slow -> b", slow=step("gated", gate="go"), b=step("say"))
        run_id = await studio.runs.start(made, {})
        await studio.until(run_id, "slow started")
        debug = studio.runs.debug(run_id)
        assert debug is not None
        debug.set(breakpoints={"b"})
        studio.stage.gate("go").set()
        entry = await stands(studio, run_id, "b")
        await studio.runs.answer(run_id, "b", entry.key, STOP)
        record = await studio.runs.wait(run_id)
        assert (record.status, record.message) == ("stopped", "Stopped before “B”.")
        assert studio.runs.debug(run_id) is None


async def test_a_run_at_a_break_can_be_stopped_like_any_other(tmp_path: Path) -> None:
    async with RunStudio(tmp_path) as studio:
        run_id = await studio.runs.start(writes(tmp_path / "l"), {}, debug=Debug(on_writes=True))
        await stands(studio, run_id, "one")
        await studio.runs.stop(run_id)
        assert (await studio.status(run_id))[0] == "stopped"
        assert lines(tmp_path / "l") == []


async def test_another_choice_than_the_three_is_refused(tmp_path: Path) -> None:
    async with RunStudio(tmp_path) as studio:
        run_id = await studio.runs.start(writes(tmp_path / "l"), {}, debug=Debug(stepping=True))
        entry = await stands(studio, run_id, "a")
        with pytest.raises(AnswerRefused):
            await studio.runs.answer(run_id, "a", entry.key, "Jump")
        await studio.runs.stop(run_id)
