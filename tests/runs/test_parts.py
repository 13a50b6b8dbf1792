"""A flow that runs another one, on the real studio: what is kept with its run, what it may touch, what is refused."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from app.engine.plan import Unrunnable
from app.runs.reading.reader import RunReader
from app.store.flows import Flows
from app.studio import Studio, open_studio
from flows.edits import Add, Describe, Remove, Set
from flows.model import Flow, Input, Step, Wire
from tests.runs.studio import soon

ARRIVED = b"""
format: 1
id: arrived
name: Arrived
inputs:
  file: {type: text}
steps:
  read:
    kind: files.read
    settings:
      path: "{{ inputs.file }}"
"""


@pytest_asyncio.fixture
async def studio(tmp_path: Path) -> AsyncIterator[Studio]:
    opened = await open_studio(tmp_path)
    yield opened
    await opened.close()


async def made(studio: Studio, flow: Flow) -> Flow:
    """The flow, on the shelf under its own id."""
    await Flows(studio.database).create(
        id=flow.id, name=flow.name, description="", document=flow.model_dump_json(), origin="made"
    )
    return flow


def calling(called: str, **inputs: str) -> Step:
    return Step(kind="control.run_flow", settings={"flow": called, "inputs": inputs})


def greeting(text: str) -> Flow:
    """A flow that needs a file before it gives a greeting."""
    steps = {
        "wait": Step(kind="files.read", settings={"path": "go.txt"}),
        "say": Step(kind="data.compose", settings={"text": text}),
    }
    wires = (Wire.parse("wait -> say"),)
    return Flow(id="greet", name="Greet", inputs={"who": Input()}, steps=steps, wires=wires, result="say.value")


async def test_a_run_goes_on_with_the_flows_it_began_with(studio: Studio, tmp_path: Path) -> None:
    await made(studio, greeting("Hello {{ inputs.who }}"))
    caller = await made(studio, Flow(id="caller", name="Caller", steps={"call": calling("greet", who="Ada")}))
    run_id = await studio.runs.start(caller, {})
    assert (await studio.runs.wait(run_id)).status == "failed"
    greet = await studio.shelf.open("greet")
    await greet.edit(Set(path="say", settings={"text": "Something else"}))
    await studio.shelf.delete("greet")
    (tmp_path / "files").mkdir(exist_ok=True)
    (tmp_path / "files" / "go.txt").write_text("go")
    await studio.runs.resume(run_id)
    ended = await studio.runs.wait(run_id)
    assert (ended.status, ended.result) == ("done", '{"value":"Hello Ada"}')
    with pytest.raises(Unrunnable, match="not here"):
        await studio.runs.start(caller, {})


async def test_the_windows_can_look_into_a_run_that_has_steps_of_another_flow(studio: Studio, tmp_path: Path) -> None:
    (tmp_path / "files").mkdir(exist_ok=True)
    (tmp_path / "files" / "go.txt").write_text("go")
    await made(studio, greeting("Hello"))
    caller = await made(studio, Flow(id="caller", name="Caller", steps={"call": calling("greet", who="Ada")}))
    run_id = await studio.runs.start(caller, {})
    await studio.runs.wait(run_id)
    watch = await studio.runs.watch(run_id, lambda _: None)
    assert {path: light.status for path, light in watch.picture.lights.items()} == {
        "call": "done", "call/wait": "done", "call/say": "done",
    }  # fmt: skip
    watch.close()
    reader = RunReader(studio.database, studio.artifacts, studio.runs.stored)
    reader.follow(run_id)
    assert (await reader.details("call/0/say")).outputs == {"value": "Hello"}


async def test_a_flow_from_elsewhere_runs_as_a_part_once_it_was_reviewed(studio: Studio, tmp_path: Path) -> None:
    arrived = await studio.shelf.bring_in(ARRIVED, "a.flow.yaml")
    caller = await made(studio, Flow(id="caller", name="Caller", steps={"call": calling(arrived.id, file="in.txt")}))
    with pytest.raises(Unrunnable, match="“Arrived” came from elsewhere and was not reviewed"):
        await studio.runs.start(caller, {})
    await studio.shelf.accept(arrived)
    assert not (await studio.shelf.grant(caller)).own
    (tmp_path / "files").mkdir(exist_ok=True)
    (tmp_path / "files" / "in.txt").write_text("secret")
    run_id = await studio.runs.start(caller, {})
    watch = await studio.runs.watch(run_id, lambda _: None)
    # Which file it reads is decided at run time, so its own grant does not cover it.
    await soon(lambda: bool(watch.picture.questions))
    ((step, key),) = watch.picture.questions
    assert step == "call/0/read"
    await studio.runs.answer(run_id, step, key, "Allow")
    watch.close()
    assert (await studio.runs.wait(run_id)).status == "done"
    again = await studio.runs.start(caller, {})
    assert (await studio.runs.wait(again)).status == "done"


async def test_what_an_arrived_flow_runs_is_part_of_its_review(studio: Studio) -> None:
    await made(studio, Flow(id="mine", name="Mine", steps={"r": Step(kind="files.read", settings={"path": "m.txt"})}))
    text = (
        b"format: 1\nid: a2\nname: A2\nsteps:\n  call:\n    kind: control.run_flow\n    settings:\n      flow: mine\n"
    )
    arrived = await studio.shelf.bring_in(text, "a2.flow.yaml")
    review = await studio.shelf.to_review(arrived.id)
    assert review is not None
    assert review.all.reads == ("m.txt",)
    await studio.shelf.accept(arrived)
    grant = await studio.shelf.grant(arrived)
    assert (grant.touches.reads, grant.own) == (("m.txt",), False)


async def test_problems_of_a_called_flow_are_seen_while_the_other_is_edited(studio: Studio) -> None:
    await made(
        studio, Flow(id="mine", name="Mine", inputs={"who": Input(label="Who")}, steps={"a": Step(kind="control.stop")})
    )
    caller = await made(studio, Flow(id="caller", name="Caller", steps={"call": calling("mine")}))
    opened = await studio.shelf.open(caller.id)
    assert [each.message for each in opened.problems] == ["“Mine”: Who is missing."]
    await opened.edit(Set(path="call", settings={"inputs": {"who": "Ada"}}))
    assert not opened.problems
    await (await studio.shelf.open("mine")).edit(Describe(inputs={}))
    assert [each.message for each in (await studio.shelf.open(caller.id)).problems] == ["“Mine” has no input `who`."]
    await opened.edit(Set(path="call", settings={"inputs": {}}))
    assert not opened.problems
    await opened.edit(Add(id="b", step=calling("caller"), at=(0, 0)))
    assert [each.message for each in opened.problems] == ["A flow cannot run itself."]
    await opened.edit(Remove(steps=("b",)))
    assert not opened.problems
