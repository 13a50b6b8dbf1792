"""What a waiting run keeps: its flow as it was, and its place through a change of the tables."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.store import migrations
from app.store.schema import prepare
from app.studio import Studio, open_studio
from flows.edits import Set
from flows.model import Flow
from tests.engine.steps import lines
from tests.runs.studio import RunStudio
from tests.runs.test_waiting import approval, ended, put_away

ASKS = b"""
format: 1
id: asks
name: Asks
steps:
  ask:
    kind: control.approve
    settings: {title: "Go on?"}
  say:
    kind: data.compose
    settings: {text: "as it was"}
wires:
  - ask.approved -> say
result: say.value
"""


async def waiting_run(studio: Studio, flow: Flow) -> str:
    """A run that was put away."""
    run_id = await studio.runs.start(flow, {})
    async with asyncio.timeout(30):
        while (await studio.runs.stored.get(run_id)).boot_id:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    return run_id


async def result(studio: Studio, run_id: str) -> str | None:
    """What the run gave, once it has ended."""
    async with asyncio.timeout(30):
        while (run := await studio.runs.wait(run_id)).status in ("waiting", "running"):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    return run.result


@pytest.mark.parametrize("change", ["edited", "deleted"])
async def test_r12_a_run_that_was_put_away_keeps_the_flow_it_began_with(tmp_path: Path, change: str) -> None:
    studio = await open_studio(tmp_path)
    studio.runs.parking.after = 0
    for _ in range(10):
        flow = await studio.shelf.bring_in(ASKS, "asks.flow.yaml")
        await studio.shelf.accept(flow)
        run_id = await waiting_run(studio, flow)
        if change == "deleted":
            await studio.shelf.delete(flow.id)
        else:
            opened = await studio.shelf.open(flow.id)
            await opened.edit(Set(path="say", settings={"text": "as it is now"}))
            await opened.settled()
        assert await studio.runs.answer(run_id, "ask", "1. Go on?", "Approve")
        assert await result(studio, run_id) == '"as it was"'
    await studio.close()


async def test_r10_a_run_that_waited_in_an_older_weft_waits_in_this_one(tmp_path: Path) -> None:
    before, now = tmp_path / "before", tmp_path / "now"
    before.mkdir()
    now.mkdir()
    async with RunStudio(before) as studio:
        run_id = await put_away(studio, approval(tmp_path / "ledger"))
    older(before / "weft.db", now / "weft.db", tmp_path / "scripts")
    async with RunStudio(now) as studio:
        await studio.runs.recover()
        await studio.until(run_id, "ask asks: Send it?")
        async with asyncio.timeout(20):
            while not (asked := await studio.runs.inbox.open_of(run_id)):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        assert await studio.runs.answer(run_id, asked[0].step, asked[0].key, "Approve", by="the Inbox")
        assert await ended(studio, run_id) == "done"
    assert lines(tmp_path / "ledger") == ["approved Ada by the Inbox"]


def older(found: Path, made: Path, scripts: Path) -> None:
    """The same runs in the tables of the version before there was an inbox."""
    shutil.copytree(migrations.HERE, scripts, ignore=shutil.ignore_patterns("__pycache__", "v000[3-9]*"))
    for later in (scripts / "versions").glob("v0*.py"):
        if later.name > "v0003":
            later.unlink()
    prepare(made, "0002", scripts)
    with closing(sqlite3.connect(made)) as connection:
        connection.execute("ATTACH ? AS found", (str(found),))
        connection.executescript(
            """
            INSERT INTO version SELECT hash, document FROM found.version;
            INSERT INTO run SELECT id, flow_id, flow_name, version_hash, inputs, trigger, status, message, created_at,
                                   ended_at, result, 'gone', click_id FROM found.run;
            INSERT INTO event SELECT * FROM found.event;
            """
        )
