"""A flow on the real studio, with everything it is made of."""

from __future__ import annotations

from pathlib import Path

from app.studio import open_studio
from flows.model import Step, Wire
from tests.runs.studio import soon


async def test_a_flow_writes_a_file_and_goes_on_after_a_mended_failure(tmp_path: Path) -> None:
    steps = {
        "text": Step(kind="data.compose", settings={"text": "Hello"}),
        "write": Step(kind="files.write", settings={"path": "out.txt", "text": "{{ text.value }}"}),
        "read": Step(kind="files.read", settings={"path": "in.txt"}),
    }
    wires = (Wire.parse("text -> write"), Wire.parse("write -> read"))
    studio = await open_studio(tmp_path)
    try:
        flow = await studio.shelf.new("Files")
        flow = flow.model_copy(update={"steps": steps, "wires": wires})
        run_id = await studio.runs.start(flow, {})
        ended = await studio.runs.wait(run_id)
        assert (ended.status, "in.txt" in ended.message) == ("failed", True)
        written = tmp_path / "files" / "out.txt"
        assert written.read_text() == "Hello"
        written.write_text("as the person left it")
        (tmp_path / "files" / "in.txt").write_text("there")
        await studio.runs.resume(run_id)
        assert (await studio.runs.wait(run_id)).status == "done"
        assert written.read_text() == "as the person left it"
        watch = await studio.runs.watch(run_id, lambda _: None)
        assert {path: light.status for path, light in watch.picture.lights.items()} == {
            "text": "done", "write": "done", "read": "done",
        }  # fmt: skip
        watch.close()
    finally:
        await studio.close()


ARRIVED = b"""
format: 1
id: arrived
name: Arrived
steps:
  read:
    kind: files.read
    settings:
      path: in.txt
"""


async def test_what_was_refused_is_asked_again_each_time_the_run_is_continued(tmp_path: Path) -> None:
    studio = await open_studio(tmp_path)
    try:
        flow = await studio.shelf.bring_in(ARRIVED, "a.flow.yaml")
        run_id = await studio.runs.start(flow, {})
        watch = await studio.runs.watch(run_id, lambda _: None)
        for _ in range(2):
            await soon(lambda: bool(watch.picture.questions))
            ((step, key),) = watch.picture.questions
            assert await studio.runs.answer(run_id, step, key, "Refuse")
            ended = await studio.runs.wait(run_id)
            assert (ended.status, "You refused this" in ended.message) == ("failed", True)
            await studio.runs.resume(run_id)
        await soon(lambda: bool(watch.picture.questions))
        await studio.runs.stop(run_id)
        watch.close()
    finally:
        await studio.close()


async def test_a_key_that_is_typed_into_an_answer_or_into_data_reaches_no_file(tmp_path: Path) -> None:
    key = "sk-canary-4711-do-not-keep"
    steps = {
        "text": Step(kind="data.compose", settings={"text": "Hello"}),
        "ask": Step(kind="control.approve", settings={"title": "Well?"}),
    }
    studio = await open_studio(tmp_path)
    try:
        studio.secrets.masks.add(key)
        flow = await studio.shelf.new("Asks")
        flow = flow.model_copy(update={"steps": steps, "wires": (Wire.parse("text.value -> ask.value"),)})
        run_id = await studio.runs.start(flow, {})
        watch = await studio.runs.watch(run_id, lambda _: None)
        await soon(lambda: bool(watch.picture.questions))
        ((step, question),) = watch.picture.questions
        watch.close()
        assert await studio.runs.answer(run_id, step, question, "Approve", f"Hello {key}", by="a test")
        assert (await studio.runs.wait(run_id)).status == "done"
        again = await studio.continuing.continue_from(run_id, "ask", data={"text": {"value": key}})
        assert (await studio.runs.stored.get(again)).parent == run_id
        await studio.runs.stop(again)
    finally:
        await studio.close()
    assert files_that_hold(b"Hello", tmp_path) != []
    assert files_that_hold(key.encode(), tmp_path) == []


def files_that_hold(text: bytes, folder: Path) -> list[str]:
    """The names of the files in which it stands as it is."""
    return [path.name for path in folder.rglob("*") if path.is_file() and text in path.read_bytes()]
