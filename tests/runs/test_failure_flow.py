"""A flow that is run when a run of another one has failed, and never in circles."""

from __future__ import annotations

import asyncio
from pathlib import Path

import orjson

from app.engine.plan import Unrunnable
from app.runs.failure import problem_of
from app.store.refusal import FlowMissing
from app.store.runs import Run
from flows.model import Flow, Input
from flows.problems import Problem
from tests.engine.steps import Stage, lines
from tests.engine.story import flow, step
from tests.runs.studio import PATIENCE, RunStudio

ASKED = ("flow", "step", "message", "hint")


def failing(to: str = "alarm") -> Flow:
    made = flow(a=step("fail", message="No such page"))
    return made.model_copy(update={"name": "Nightly", "on_failure": to})


def alarm(ledger: Path, **more: object) -> Flow:
    text = "|".join(f"{{{{ inputs.{name} }}}}" for name in ASKED)
    made = flow(w=step("write", ledger=str(ledger), text=text))
    inputs = {name: Input() for name in (*ASKED, "run", "when")}
    return made.model_copy(update={"id": "alarm", "name": "Alarm", "inputs": inputs, **more})


class WithFlows(RunStudio):
    """A studio with flows on its shelf."""

    def __init__(self, folder: Path, *flows: Flow) -> None:
        super().__init__(folder, Stage())
        self.flows = {each.id: each for each in flows}
        self.held = ""
        self.runs.after_failure.flow_of = self.flow_of

    async def __aenter__(self) -> WithFlows:
        await super().__aenter__()
        return self

    async def flow_of(self, flow_id: str) -> Flow:
        if flow_id == self.held:
            raise Unrunnable([Problem("“Alarm” came from elsewhere and was not reviewed.")])
        if flow_id not in self.flows:
            raise FlowMissing("There is no such flow.", "")
        return self.flows[flow_id]

    async def all(self, count: int) -> list[Run]:
        """The runs there are, the newest first, once there are so many and all have ended."""
        for _ in range(PATIENCE):
            cards = await self.runs.stored.newest()
            if len(cards) >= count and all(card.ended_at is not None for card in cards):
                break
            await asyncio.sleep(0.01)
        return [await self.runs.wait(card.id) for card in await self.runs.stored.newest()]


async def test_after_a_failure_the_named_flow_runs_and_is_told_what_happened(tmp_path: Path) -> None:
    async with WithFlows(tmp_path, alarm(tmp_path / "ledger")) as studio:
        failed = await studio.play(failing())
        second, first = await studio.all(2)
        assert lines(tmp_path / "ledger") == ["Nightly|A|No such page|Check the address."]
        assert (second.trigger, second.status, second.parent) == ("failure of Nightly", "done", failed)
        told = orjson.loads(second.inputs)
        assert (first.id, told["run"], told["when"][:2]) == (failed, failed, "20")


async def test_it_is_given_only_what_it_asks_for(tmp_path: Path) -> None:
    quiet = alarm(tmp_path / "ledger", inputs={name: Input() for name in ASKED})
    async with WithFlows(tmp_path, quiet) as studio:
        await studio.play(failing())
        second, _ = await studio.all(2)
        assert sorted(orjson.loads(second.inputs)) == sorted(ASKED)


async def test_a_run_that_is_stopped_done_or_rehearsed_starts_nothing(tmp_path: Path) -> None:
    async with WithFlows(tmp_path, alarm(tmp_path / "ledger")) as studio:
        slow = flow(a=step("gated", gate="go")).model_copy(update={"on_failure": "alarm"})
        stopped = await studio.runs.start(slow, {})
        await studio.until(stopped, "a started")
        await studio.runs.stop(stopped)
        await studio.play(flow(a=step("say")).model_copy(update={"on_failure": "alarm"}))
        await studio.runs.wait(await studio.runs.start(failing(), {}, rehearse=True))
        assert len(await studio.all(3)) == 3


async def test_the_failure_of_such_a_flow_starts_nothing(tmp_path: Path) -> None:
    again = failing("first").model_copy(update={"id": "alarm", "name": "Alarm"})
    async with WithFlows(tmp_path, again, failing().model_copy(update={"id": "first"})) as studio:
        await studio.play(failing())
        second, first = await studio.all(2)
        await asyncio.sleep(0.1)
        assert (second.status, first.status, len(await studio.runs.stored.newest())) == ("failed", "failed", 2)


async def test_a_flow_that_is_not_there_or_may_not_run_is_said_with_the_failure(tmp_path: Path) -> None:
    async with WithFlows(tmp_path, alarm(tmp_path / "ledger")) as studio:
        for to, held, reason in (
            ("gone", "", "There is no such flow."),
            ("alarm", "alarm", "“Alarm” came from elsewhere and was not reviewed."),
            ("f", "", "A flow is not run because of a failure of its own."),
        ):
            studio.held = held
            run_id = await studio.play(failing(to))
            for _ in range(PATIENCE):
                if reason in (await studio.status(run_id))[1]:
                    break
                await asyncio.sleep(0.01)
            assert (await studio.status(run_id))[1].startswith(
                "“A” failed: No such page The flow that is to be run then did not start: "
            )


async def test_what_would_not_work_is_said_beforehand(tmp_path: Path) -> None:
    needs = alarm(tmp_path / "l", inputs={"flow": Input(), "who": Input()})
    async with WithFlows(tmp_path, alarm(tmp_path / "ledger"), needs.model_copy(update={"id": "needs"})) as studio:

        async def said(to: str) -> str:
            found = await problem_of(failing(to), studio.flow_of)
            return found.message if found else ""

        assert (await said("alarm"), await said("")) == ("", "")
        assert await said("gone") == "The flow that is to be run when this one fails is not here."
        assert await said("f") == "A flow cannot be the one that is run when it has failed itself."
        assert "needs an input that a failure does not give" in await said("needs")
        studio.held = "alarm"
        assert "was not reviewed" in await said("alarm")


async def test_a_run_that_goes_on_meanwhile_is_not_said_to_have_failed(tmp_path: Path) -> None:
    async with WithFlows(tmp_path) as studio:
        looked, found = asyncio.Event(), asyncio.Event()

        async def slow(flow_id: str) -> Flow:
            looked.set()
            await found.wait()
            raise FlowMissing("There is no such flow.", "")

        studio.runs.after_failure.flow_of = slow
        run_id = await studio.play(failing())
        await asyncio.wait_for(looked.wait(), 20)
        await studio.runs.stored.go_on(run_id)
        found.set()
        await studio.runs.after_failure.close()
        assert await studio.status(run_id) == ("running", "")
