"""R21: every step has a time limit, and Stop stops within five seconds, whatever hangs."""

from __future__ import annotations

import asyncio
import os
import subprocess
import threading
import time
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import psutil
import pytest

from app.engine.events import Started
from app.models.schemas import fitted
from app.models.values import ModelTrouble
from app.runs.reading.journal import events_of
from app.studio import Studio, open_studio
from flows.model import Flow, Step
from tests.engine.story import flow_of, step
from tests.faults.conftest import needs_kill
from tests.faults.ledger import Fault, Ledger

STOPS_WITHIN = 5.0
TREE = """
import subprocess, sys, time
sleep = "import time; time.sleep(600)"
below = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {sleep!r}], start_new_session=True); {sleep}"
subprocess.Popen([sys.executable, "-c", below])
time.sleep(600)
"""
PATTERN = "import re\nre.match('(a+)+$', 'a' * 60 + 'b')"
HANGS: dict[str, tuple[str, dict[str, Any]]] = {
    "a site that does not answer": ("web.get", {"time_limit": 600}),
    "a loop without an end": ("code.python", {"code": "while True:\n    pass", "time_limit": 600}),
    "a pattern without an end": ("code.python", {"code": PATTERN, "time_limit": 600}),
    "a tree of sleeping programs": ("code.python", {"code": TREE, "time_limit": 600}),
    "a page that is never still": ("browser.open", {"wait": 600}),
}  # fmt: skip


@pytest.fixture
async def studio(tmp_path: Path) -> AsyncIterator[Studio]:
    (tmp_path / "home").mkdir()
    opened = await open_studio(tmp_path / "home")
    yield opened
    await opened.close()


def hanging(what: str, ledger: Ledger, timeout: float | None = None) -> Flow:
    kind, settings = HANGS[what]
    where = {} if kind == "code.python" else {"url": f"{ledger.url}/effect/hang"}
    return flow_of({"hang": Step(kind=kind, title="Hang", settings={**settings, **where}, timeout=timeout)})


async def begun(studio: Studio, flow: Flow) -> str:
    """The id of a run of this flow whose step has started."""
    placed = await studio.shelf.new(flow.name)
    run_id = await studio.runs.start(flow.model_copy(update={"id": placed.id}), {})
    for _ in range(3000):
        events, _ = await events_of(studio.database, studio.artifacts, run_id)
        if any(isinstance(each, Started) for each in events):
            return run_id
        await asyncio.sleep(0.01)
    raise AssertionError("It does not start.")


def of_code() -> list[psutil.Process]:
    """The programs of code steps that are there now."""
    found = []
    for process in psutil.process_iter():
        try:
            mine = process.environ().get("WEFT_CODE_STEP", "").startswith(f"{os.getpid()}-")
            if mine and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except (psutil.Error, OSError):
            continue
    return found


@needs_kill
@pytest.mark.parametrize("what", HANGS)
async def test_r21_stop_ends_whatever_hangs_within_five_seconds(what: str, studio: Studio, ledger: Ledger) -> None:
    ledger.next(Fault(delay=60))
    run_id = await begun(studio, hanging(what, ledger))
    if what == "a tree of sleeping programs":
        for _ in range(3000):
            if len(of_code()) == 3:
                break
            await asyncio.sleep(0.01)
    asked = time.monotonic()
    await studio.runs.stop(run_id)
    assert time.monotonic() - asked < STOPS_WITHIN
    assert (await studio.runs.stored.get(run_id)).status == "stopped"
    assert of_code() == []


@needs_kill
@pytest.mark.parametrize("what", HANGS)
async def test_r21_the_time_limit_ends_whatever_hangs(what: str, studio: Studio, ledger: Ledger) -> None:
    ledger.next(Fault(delay=60))
    run_id = await begun(studio, hanging(what, ledger, timeout=2))
    asked = time.monotonic()
    ended = await studio.runs.wait(run_id)
    assert time.monotonic() - asked < 2 + STOPS_WITHIN
    assert (ended.status, ended.message) == ("failed", "“Hang” failed: This step took longer than its limit of 2 s.")
    assert of_code() == []


async def test_r21_a_thread_that_hangs_is_left_behind(studio: Studio, tmp_path: Path) -> None:
    # A pipe without a writer, as a drive that is gone: reading it never returns.
    os.mkfifo(tmp_path / "pipe")
    made = flow_of({"read": step("files.read", path=str(tmp_path / "pipe"))})
    placed = await studio.shelf.new("Pipe")
    asked = time.monotonic()
    run_id = await studio.runs.start(made.model_copy(update={"id": placed.id}), {})
    ended = await studio.runs.wait(run_id)
    assert time.monotonic() - asked < STOPS_WITHIN
    assert "is not a file but a device or a pipe" in ended.message


def test_r21_a_pattern_in_a_form_cannot_stop_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.models.patterns.WITHIN", 2.0)
    ticks: list[float] = []
    over = threading.Event()

    def tick() -> None:
        while not over.wait(0.02):
            ticks.append(time.monotonic())

    beside = threading.Thread(target=tick)
    beside.start()
    schema = {"type": "string", "pattern": "^(a+)+$"}
    with pytest.raises(ModelTrouble, match="A pattern in the form asked for takes too long"):
        fitted('"' + "a" * 60 + 'b"', schema)
    over.set()
    beside.join()
    assert max(after - before for before, after in pairwise(ticks)) < 1
    assert fitted('"aaa"', {**schema, "pattern": "^a+$"}) == "aaa"


def test_r21_expressions_have_no_patterns_of_their_own() -> None:
    from flows.expressions.registry import FILTERS, TESTS

    found = [name for name in (*FILTERS, *TESTS) if "regex" in name or name in ("match", "search", "matches")]
    assert found == []


@needs_kill
def test_r21_a_program_of_a_killed_weft_is_ended_by_the_next_one(tmp_path: Path) -> None:
    from nodes.code import _process

    gone = subprocess.Popen(["/bin/true"])
    gone.wait()
    orphan = subprocess.Popen(["sleep", "600"], env={_process.MARK: f"{gone.pid}-abc", "PATH": os.environ["PATH"]})
    mine = subprocess.Popen(["sleep", "600"], env={_process.MARK: f"{os.getpid()}-abc", "PATH": os.environ["PATH"]})
    try:
        _process.end_leftovers()
        assert orphan.wait(10) == -9
        assert mine.poll() is None
    finally:
        for each in (orphan, mine):
            each.kill()
            each.wait()
