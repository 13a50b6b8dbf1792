"""What a list says of a run that waits, from the first moment; and what would become of one more run."""

from __future__ import annotations

import asyncio
from pathlib import Path

from flows.model import Limits
from tests.engine.story import flow, step
from tests.runs.studio import RunStudio


async def comes_to(studio: RunStudio, run_id: str, wanted: tuple[str, str]) -> None:
    for _ in range(1000):
        if (found := await studio.status(run_id)) == wanted:
            return
        await asyncio.sleep(0.01)
    raise AssertionError(found)


async def test_a_question_is_said_among_the_runs_as_soon_as_it_is_asked(tmp_path: Path) -> None:
    async with RunStudio(tmp_path) as studio:
        run_id = await studio.runs.start(flow("ask -> a", ask=step("ask"), a=step("gated", gate="go")), {})
        await comes_to(studio, run_id, ("waiting", "Go on?"))
        await studio.runs.answer(run_id, "ask", "1. Go on?", "Yes")
        await comes_to(studio, run_id, ("running", ""))


async def test_a_run_that_has_ended_is_not_said_to_wait_by_whoever_comes_late(tmp_path: Path) -> None:
    async with RunStudio(tmp_path) as studio:
        run_id = await studio.play(flow(a=step("say", text="x")))
        await studio.runs.stored.set_status(run_id, "waiting", "for an answer")
        assert await studio.status(run_id) == ("done", "")


async def test_what_would_become_of_another_run_is_what_becomes_of_it(tmp_path: Path) -> None:
    async with RunStudio(tmp_path) as studio:
        for when_full, becomes in (("queue", "queued"), ("skip", "skipped")):
            limits = Limits.model_validate({"at_once": 1, "when_full": when_full})
            made = flow(a=step("gated", gate="go")).model_copy(update={"id": when_full, "limits": limits})
            assert studio.runs.would_be(made) == "running"
            first = await studio.runs.start(made, {})
            assert studio.runs.would_be(made) == becomes
            second = await studio.runs.start(made, {})
            assert [(await studio.status(each))[0] for each in (first, second)] == ["running", becomes]
