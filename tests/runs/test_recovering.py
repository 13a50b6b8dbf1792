"""After a crash: what is offered, what goes on by itself, and what is let go."""

from __future__ import annotations

import asyncio
from pathlib import Path

from app.runs.recovering import UNSURE
from app.runs.service import DISCARDED
from flows.model import Flow
from nodes import Context, Effect, Node, Question
from nodes.catalog import Catalog
from tests.engine.steps import CATALOG, lines
from tests.engine.story import flow, step
from tests.runs.studio import KEYS, RunStudio


class AskWithKey(Node, kind="t.ask_with_key", effect=Effect.READ):
    """Asks about a secret."""

    async def run(self, ctx: Context) -> str:
        key = await ctx.secret("shop")
        asked = Question(f"Use {key}?", f"It is {key}.", payload={"key": key, "n": 1}, editable=True)
        return (await ctx.ask(asked)).choice


def reading_then_writing(folder: Path, *, by_itself: bool) -> Flow:
    made = flow(
        "g -> w", g=step("gated"), w=step("write", ledger=str(folder / "ledger"), text="written")
    )  # fmt: skip
    return made.model_copy(update={"resumes_itself": by_itself})


async def cut_off(folder: Path, made: Flow, *until: str) -> str:
    """A run that was going when its process was gone, as far as the database can tell."""
    studio = RunStudio(folder)
    async with studio:
        run_id = await studio.runs.start(made, {})
        await studio.until(run_id, *until)
        row = await studio.runs.stored.get(run_id)
    async with RunStudio(folder) as later:
        await later.database.write(
            lambda connection: connection.execute(
                "UPDATE run SET status = 'running', boot_id = ?, ended_at = NULL WHERE id = ?", (row.boot_id, run_id)
            )
        )
        await later.database.write(
            lambda connection: connection.execute(
                "DELETE FROM event WHERE run_id = ? AND kind IN ('ended', 'stopped')", (run_id,)
            )
        )
    return run_id


async def test_a_flow_that_may_resumes_by_itself_and_it_is_said(tmp_path: Path) -> None:
    run_id = await cut_off(tmp_path, reading_then_writing(tmp_path, by_itself=True), "g started")
    async with RunStudio(tmp_path) as studio:
        assert await studio.runs.recover() == []
        assert [each.id for each in studio.runs.went_on] == [run_id]
        studio.stage.gate("").set()
        assert (await studio.runs.wait(run_id)).status == "done"
    assert lines(tmp_path / "ledger") == ["written"]


async def test_it_does_not_where_a_step_is_in_doubt_or_the_start_is_a_safe_one(tmp_path: Path) -> None:
    doubtful = flow(w=step("write_then", ledger=str(tmp_path / "ledger"), then="hang")).model_copy(
        update={"resumes_itself": True}
    )
    run_id = await cut_off(tmp_path, doubtful, "w started")
    async with RunStudio(tmp_path) as studio:
        assert [run.id for run in await studio.runs.recover()] == [run_id]
        assert (studio.runs.went_on, await studio.status(run_id)) == ([], ("interrupted", UNSURE))
    other = await cut_off(tmp_path, reading_then_writing(tmp_path, by_itself=True), "g started")
    async with RunStudio(tmp_path) as studio:
        assert [run.id for run in await studio.runs.recover(wake=False)] == [other]
        assert studio.runs.going == frozenset()


async def test_an_interrupted_run_is_discarded_and_can_still_be_continued(tmp_path: Path) -> None:
    run_id = await cut_off(tmp_path, reading_then_writing(tmp_path, by_itself=False), "g started")
    async with RunStudio(tmp_path) as studio:
        assert [run.id for run in await studio.runs.recover()] == [run_id]
        watch = await studio.runs.watch(run_id, lambda _: None)
        await studio.runs.discard(run_id)
        assert await studio.status(run_id) == ("stopped", DISCARDED)
        assert (watch.picture.status, watch.picture.lights["g"].status) == ("stopped", "interrupted")
        assert await studio.runs.stored.newest(status="interrupted") == []
        await studio.runs.resume(run_id)
        studio.stage.gate("").set()
        assert (await studio.runs.wait(run_id)).status == "done"
        watch.close()


async def test_a_key_in_a_question_is_masked_in_the_inbox(tmp_path: Path) -> None:
    async with RunStudio(tmp_path) as studio:
        studio.runs.catalog = CATALOG | Catalog({"t.ask_with_key": AskWithKey})
        run_id = await studio.runs.start(flow(a=step("ask_with_key")), {})
        async with asyncio.timeout(20):
            while not (asked := await studio.runs.inbox.open_of(run_id)):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        assert (asked[0].title, asked[0].payload) == ("Use ••••?", {"key": "••••", "n": 1})
        await studio.runs.answer(run_id, asked[0].step, asked[0].key, "Yes")
        assert (await studio.runs.wait(run_id)).status == "done"
        assert KEYS["shop"] not in studio.raw()
