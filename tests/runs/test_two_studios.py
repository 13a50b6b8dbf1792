"""Two starts of Weft on one data folder, as a window and a terminal are."""

import asyncio
from pathlib import Path

import pytest

from app.runs.reading.picture import Picture
from app.store.refusal import RunElsewhere
from app.studio import Studio, open_studio
from flows.model import Flow

TWO_STEPS = b"""
format: 1
id: two-steps
name: Two steps
steps:
  first:
    kind: code.python
    settings: {code: return 1}
  second:
    kind: code.python
    settings: {code: "import time; time.sleep(1); return 2"}
wires:
  - first -> second
"""


async def put(studio: Studio) -> Flow:
    """The flow, on the shelf as one that was accepted."""
    flow = await studio.shelf.bring_in(TWO_STEPS, "two.flow.yaml")
    await studio.shelf.accept(flow)
    return flow


async def seen(studio: Studio, run_id: str) -> tuple[Picture, asyncio.Event]:
    """What this studio shows of the run, and when that is no longer a run that goes on."""
    over = asyncio.Event()

    def heard(_paths: set[str]) -> None:
        if watch.picture.status != "running":
            over.set()

    watch = await studio.runs.watch(run_id, heard)
    return watch.picture, over


async def test_a_run_of_the_other_one_is_shown_to_its_end_and_left_alone(tmp_path: Path) -> None:
    terminal = await open_studio(tmp_path)
    window = await open_studio(tmp_path)
    flow = await put(terminal)
    run_id = await terminal.runs.start(flow, {}, trigger="terminal")

    assert await window.runs.recover() == []
    with pytest.raises(RunElsewhere):
        await window.runs.resume(run_id)

    picture, over = await seen(window, run_id)
    assert (picture.status, run_id in window.runs.going) == ("running", False)
    await asyncio.wait_for(over.wait(), 20)
    assert picture.status == "done"
    assert {path: light.status for path, light in picture.lights.items()} == {"first": "done", "second": "done"}
    await terminal.close()
    await window.close()


async def test_what_the_other_one_left_when_it_was_gone_is_shown_as_interrupted(tmp_path: Path) -> None:
    terminal = await open_studio(tmp_path)
    window = await open_studio(tmp_path)
    flow = await put(terminal)
    run_id = await terminal.runs.start(flow, {}, trigger="terminal")
    picture, over = await seen(window, run_id)
    await terminal.close()
    await asyncio.wait_for(over.wait(), 20)
    assert picture.status == "interrupted"
    await window.runs.resume(run_id)
    await window.close()


async def test_so_is_what_one_left_that_was_killed(tmp_path: Path) -> None:
    killed = await open_studio(tmp_path)
    window = await open_studio(tmp_path)
    run_id = await killed.runs.start(await put(killed), {}, trigger="terminal")
    picture, over = await seen(window, run_id)
    killed.boot.end()  # All that the others can see of a process that is no more.
    await asyncio.wait_for(over.wait(), 20)
    assert picture.status == "interrupted"
    assert (await window.runs.stored.get(run_id)).status == "interrupted"
    await killed.close()
    await window.close()
