"""R15 to R18: a disk that is full, a database that is locked or damaged, and a flow that is saved."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.setup import ROOT
from app.store import connect
from app.store.artifacts import Artifacts
from app.store.trouble import StoreTrouble
from app.studio import Studio, open_studio
from flows.edits import Describe
from tests.engine.steps import lines
from tests.engine.story import flow, step
from tests.faults.conftest import needs_kill
from tests.faults.repeats import times
from tests.nodes.test_web import answering
from tests.runs.studio import RunStudio, soon

resource = pytest.importorskip("resource")

LONG = "x" * 3500
LARGE = b"y" * 2_000_000


@contextlib.contextmanager
def full_disk(largest: int = 1_000_000) -> Iterator[None]:
    """No file can grow beyond so many bytes, as on a disk or a quota that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)


@pytest.fixture
async def studio(tmp_path: Path) -> AsyncIterator[Studio]:
    opened = await open_studio(tmp_path)
    yield opened
    await opened.close()


async def test_r15_on_a_full_disk_a_run_pauses_and_goes_on_when_there_is_space(tmp_path: Path) -> None:
    async with RunStudio(tmp_path) as studio:
        made = flow("g -> w", g=step("gated"), w=step("write", ledger=str(tmp_path / "ledger"), text=LONG))
        run_id = await studio.runs.start(made, {})
        watch = await studio.runs.watch(run_id, lambda _: None)
        await studio.until(run_id, "g started")
        await studio.database.checkpoint()
        with full_disk(1000):
            studio.stage.gate("").set()
            await soon(lambda: "is full" in watch.picture.message)
            assert str(tmp_path / "weft.db") in watch.picture.message
            assert (watch.picture.status, lines(tmp_path / "ledger")) == ("running", [])
        assert (await studio.runs.wait(run_id)).status == "done"
        assert watch.picture.message == ""
        assert lines(tmp_path / "ledger") == [LONG]
        watch.close()


async def test_r15_a_large_result_that_does_not_fit_on_the_disk_waits_for_space(tmp_path: Path) -> None:
    async with RunStudio(tmp_path) as studio:
        made = flow("g -> big", g=step("gated"), big=step("say", text=LARGE.decode()))
        run_id = await studio.runs.start(made, {})
        watch = await studio.runs.watch(run_id, lambda _: None)
        await studio.until(run_id, "g started")
        with full_disk():
            studio.stage.gate("").set()
            await soon(lambda: "is full" in watch.picture.message)
            assert watch.picture.status == "running"
        assert (await studio.runs.wait(run_id)).status == "done"
        watch.close()


async def test_r15_a_flow_that_cannot_be_saved_stays_as_it_was_and_is_saved_later(studio: Studio) -> None:
    made = await studio.shelf.new("First")
    opened = await studio.shelf.open(made.id)
    await studio.database.checkpoint()
    before = (await studio.shelf._flows.get(made.id)).document
    with (
        full_disk(1000),
        pytest.raises(StoreTrouble, match=r"The disk that holds .*weft\.db is full\. Free some space"),
    ):
        await studio.shelf.new("Another")
    assert (await studio.shelf._flows.get(made.id)).document == before
    assert opened.flow.name == "First"
    assert (await studio.shelf.new("Another")).name == "Another"


async def test_r15_a_flow_that_cannot_come_in_leaves_nothing_behind(studio: Studio) -> None:
    content = b"format: 1\nid: in\nname: Comes in\nsteps:\n  a: {kind: data.compose, settings: {text: x}}\n"
    await studio.database.checkpoint()
    with full_disk(1000), pytest.raises(StoreTrouble, match="is full"):
        await studio.shelf.bring_in(content, "in.flow.yaml")
    assert "Comes in" not in [card.name for card in await studio.shelf.cards()]
    await studio.shelf.bring_in(content, "in.flow.yaml")
    assert "Comes in" in [card.name for card in await studio.shelf.cards()]


def test_r15_a_file_of_a_run_is_kept_whole_or_not_at_all(tmp_path: Path) -> None:
    artifacts = Artifacts(tmp_path / "artifacts")
    kept = artifacts.save(b"kept")
    with full_disk(), pytest.raises(StoreTrouble, match="is full") as trouble:
        artifacts.save(LARGE)
    assert str(tmp_path) in trouble.value.message
    assert [path.name for path in (tmp_path / "artifacts").rglob("*") if path.is_file()] == [kept]
    assert artifacts.read(artifacts.save(LARGE)) == LARGE


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Another process holds the write lock."""
    hold = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None);"
        "c.execute('BEGIN IMMEDIATE'); print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holding:
        assert holding.stdout is not None
        holding.stdout.readline()
        try:
            yield
        finally:
            holding.kill()


async def _lag(until: asyncio.Event) -> float:
    longest = 0.0
    while not until.is_set():
        began = time.perf_counter()
        await asyncio.sleep(0.02)
        longest = max(longest, time.perf_counter() - began - 0.02)
    return longest


@pytest.mark.parametrize("seconds", [1, 3])
async def test_r16_a_locked_database_is_waited_for_and_then_said_and_the_window_lives(
    seconds: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The wait of five seconds is made two, so that one second is unnoticed and three are not.
    patient = connect.writer

    def less_patient(path: Path) -> sqlite3.Connection:
        connection = patient(path)
        connection.execute("PRAGMA busy_timeout=2000")
        return connection

    monkeypatch.setattr(connect, "writer", less_patient)
    async with RunStudio(tmp_path) as studio:
        made = flow("g -> w", g=step("gated"), w=step("write", ledger=str(tmp_path / "ledger"), text="once"))
        run_id = await studio.runs.start(made, {})
        said: list[str] = []
        watch = await studio.runs.watch(run_id, lambda _: said.append(watch.picture.message))
        await studio.until(run_id, "g started")
        over = asyncio.Event()
        lag = asyncio.ensure_future(_lag(over))
        with locked(tmp_path / "weft.db"):
            studio.stage.gate("").set()
            if seconds == 1:
                await asyncio.sleep(1)
            else:
                await soon(lambda: "Another program holds" in watch.picture.message)
            assert (watch.picture.status, lines(tmp_path / "ledger")) == ("running", [])
        assert (await studio.runs.wait(run_id)).status == "done"
        over.set()
        assert lines(tmp_path / "ledger") == ["once"]
        assert any("Another program holds" in each for each in said) == (seconds == 3)
        assert await lag < 1.0  # 0.2 s on a machine of its own; this one is shared.
        watch.close()


SAVING = """
import asyncio, sys
from pathlib import Path
from app.store.database import Database
from app.store.flows import Flows

async def main():
    database = Database(Path(sys.argv[1]))
    await database.open()
    flows = Flows(database)
    try:
        stored = await flows.get("f")
    except Exception:
        stored = await flows.create(id="f", name="F", description="", document="0 " + "x" * 40_000, origin="made")
    while True:
        number = int(stored.document.split()[0]) + 1
        document = f"{number} " + str(number % 10) * 40_000
        await flows.save("f", expected=stored.revision, name="F", description="", document=document)
        stored = await flows.get("f")
        print(number, flush=True)

asyncio.run(main())
"""


@needs_kill
def test_r18_killed_while_it_saves_a_flow_is_the_old_one_or_the_new_one(tmp_path: Path) -> None:
    path = tmp_path / "weft.db"
    for turn in range(times(5, 100)):
        with subprocess.Popen(
            [sys.executable, "-c", SAVING, str(path)], stdout=subprocess.PIPE, text=True, cwd=ROOT
        ) as saving:
            assert saving.stdout is not None
            for _ in range(3 + turn % 7):
                told = int(saving.stdout.readline())
            os.kill(saving.pid, signal.SIGKILL)
            told = max([told, *(int(line) for line in saving.stdout.read().split("\n")[:-1])])
        with closing(sqlite3.connect(path)) as database:
            (document,) = database.execute("SELECT document FROM flow").fetchone()
        number, _, body = document.partition(" ")
        assert int(number) in (told, told + 1), "What was told to be saved is saved."
        assert body == str(int(number) % 10) * 40_000, "It is whole."


async def test_r18_two_windows_that_edit_at_once_lose_nothing(studio: Studio) -> None:
    made = await studio.shelf.new("Shared")
    one, other = await studio.shelf.open(made.id), await studio.shelf.open(made.id)
    assert one is other, "Both windows have the same flow before them."
    await asyncio.gather(one.edit(Describe(name="From one")), other.edit(Describe(description="From the other")))
    kept = json.loads((await studio.shelf._flows.get(made.id)).document)
    assert (kept["name"], kept["description"]) == ("From one", "From the other")


async def test_r15_a_file_that_a_step_keeps_waits_for_space(studio: Studio) -> None:
    with answering(LARGE, "application/octet-stream") as url:
        made = flow(get=step("web.get", url=url, time_limit=60))
        placed = await studio.shelf.new("Keeps a file")
        with full_disk():
            run_id = await studio.runs.start(made.model_copy(update={"id": placed.id}), {})
            watch = await studio.runs.watch(run_id, lambda _: None)
            await soon(lambda: "is full" in watch.picture.message)
            assert str(studio.folder / "artifacts") in watch.picture.message
            assert (await studio.runs.stored.get(run_id)).status == "running"
        assert (await studio.runs.wait(run_id)).status == "done"
        assert watch.picture.message == ""
        watch.close()


@needs_kill
def test_r15_killed_while_a_flow_comes_in_it_is_not_there_or_whole(tmp_path: Path) -> None:
    bring = """
import asyncio, sys
from pathlib import Path
from app.studio import open_studio

async def main():
    studio = await open_studio(Path(sys.argv[1]))
    content = b"format: 1\\nid: in\\nname: Comes in\\nsteps:\\n  a: {kind: data.compose, settings: {text: x}}\\n"
    await studio.shelf.bring_in(content, "in.flow.yaml")

asyncio.run(main())
"""
    asyncio.run(_opened_once(tmp_path))
    environment = {**os.environ, "WEFT_FAILPOINT": "import.half", "PYTHONPATH": str(ROOT)}
    killed = subprocess.run([sys.executable, "-c", bring, str(tmp_path)], env=environment, cwd=ROOT)
    assert killed.returncode == -signal.SIGKILL
    with closing(sqlite3.connect(tmp_path / "weft.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("SELECT count(*) FROM flow WHERE id = 'in'").fetchone() == (0,)


async def _opened_once(folder: Path) -> None:
    await (await open_studio(folder)).close()
