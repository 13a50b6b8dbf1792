"""R10 to R12: what waits outlives everything, is decided once, and goes on as the flow it was."""

from __future__ import annotations

import asyncio
import json
import secrets
import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from app.runs.service import RunService
from app.store import migrations
from app.store.runs import Runs
from app.store.schema import prepare
from app.studio import open_studio
from flows.edits import Set
from flows.model import Flow
from tests.engine.steps import CATALOG, lines
from tests.engine.story import flow, flow_of, step
from tests.faults.conftest import needs_kill
from tests.faults.ledger import Ledger
from tests.faults.life import Life, free_port
from tests.faults.repeats import times
from tests.faults.studio import Orders
from tests.faults.waiting import asked, becomes
from tests.runs.studio import RunStudio

DAY = 86_400.0


class Calendar:
    """A clock that a test moves on."""

    def __init__(self) -> None:
        self.now = time.time()

    def __call__(self) -> float:
        return self.now


class Start(RunStudio):
    """One start of Weft by this clock."""

    def __init__(self, folder: Path, clock: Callable[[], float]) -> None:
        super().__init__(folder)
        self.boot = secrets.token_hex(4)
        self.runs = RunService(
            database=self.database,
            artifacts=self.artifacts,
            runs=Runs(self.database, self.boot, clock),
            catalog=CATALOG,
            open_world=self._world,
            clock=clock,
        )


def waiting(ledger: Path, **wait: Any) -> Flow:
    return flow(
        "wait -> after", wait=step("control.wait", **wait), after=step("write", ledger=str(ledger), text="woke")
    )


def approving(ledger: Path, **more: Any) -> Flow:
    return flow(
        "ask.approved -> yes.value", "ask.rejected -> no.value", "ask.timed_out -> late.value",
        ask=step("control.approve", title="Send it?", **more),
        yes=step("write", ledger=str(ledger), text="sent"),
        no=step("write", ledger=str(ledger), text="not sent"),
        late=step("write", ledger=str(ledger), text="too late"),
    )  # fmt: skip


async def test_r10_a_wait_of_thirty_days_survives_fifty_restarts_and_wakes_once(tmp_path: Path) -> None:
    clock, ledger = Calendar(), tmp_path / "ledger"
    restarts = times(10, 50)
    async with Start(tmp_path, clock) as studio:
        run_id = await studio.runs.start(waiting(ledger, duration="30 days"), {})
        await becomes(studio.runs, run_id, "waiting")
    for restart in range(restarts):
        clock.now += 29 * DAY / restarts
        async with Start(tmp_path, clock) as studio:
            studio.runs.parking.after = 0.0 if restart % 2 else None
            await studio.runs.recover()
            await becomes(studio.runs, run_id, "waiting")
            if restart % 3 == 0:
                await asyncio.sleep(0.05)
            assert lines(ledger) == []
    clock.now += 1.1 * DAY
    async with Start(tmp_path, clock) as studio:
        await studio.runs.recover()
        assert await becomes(studio.runs, run_id, "done") == "done"
    assert lines(ledger) == ["woke"]
    async with Start(tmp_path, clock) as studio:
        assert await studio.runs.recover() == []
        assert (await studio.status(run_id))[0] == "done"
    assert lines(ledger) == ["woke"]


async def test_r10_a_deadline_acts_once_however_long_weft_was_closed(tmp_path: Path) -> None:
    clock, ledger = Calendar(), tmp_path / "ledger"
    async with Start(tmp_path, clock) as studio:
        run_id = await studio.runs.start(approving(ledger, deadline="2 days"), {})
        await becomes(studio.runs, run_id, "waiting")
    clock.now += 100 * DAY
    for _ in range(3):
        async with Start(tmp_path, clock) as studio:
            await studio.runs.recover()
            await becomes(studio.runs, run_id, "done")
    assert lines(ledger) == ["too late"]


async def test_r10_an_approval_survives_an_update_of_the_database(tmp_path: Path) -> None:
    # As the version before the inbox left it: the run waits, and its question is in the journal only.
    clock, ledger, path = Calendar(), tmp_path / "ledger", tmp_path / "weft.db"
    made = flow("a -> after", a=step("ask"), after=step("write", ledger=str(ledger), text="asked"))
    scripts = tmp_path / "migrations"
    shutil.copytree(migrations.HERE, scripts, ignore=shutil.ignore_patterns("__pycache__", "v000[3-9]*"))
    prepare(path, "0002", scripts)
    question = {"key": "1. Go on?", "title": "Go on?", "text": "", "choices": ["Yes", "No"]}
    with closing(sqlite3.connect(path)) as database:
        database.execute("INSERT INTO version (hash, document) VALUES ('v', ?)", (made.model_dump_json(),))
        database.execute(
            "INSERT INTO run (id, flow_id, flow_name, version_hash, inputs, trigger, status, message, created_at,"
            " boot_id) VALUES ('r', 'f', 'Flow', 'v', '{}', 'window', 'waiting', '', 1, 'gone')"
        )
        rows = [("r", 0, 1.0, "started", "a", "{}"), ("r", 1, 1.0, "asked", "a", json.dumps(question))]
        database.executemany("INSERT INTO event (run_id, seq, at, kind, step, body) VALUES (?, ?, ?, ?, ?, ?)", rows)
        database.commit()
    async with Start(tmp_path, clock) as studio:
        await studio.runs.recover()
        entry = await asked(studio.runs)
        assert (entry.title, entry.flow_name) == ("Go on?", "Flow")
        assert await studio.runs.answer("r", entry.step, entry.key, "Yes")
        assert await becomes(studio.runs, "r", "done")
    assert lines(ledger) == ["asked"]


@needs_kill
def test_r10_a_real_wait_ends_on_time_however_often_weft_is_killed(
    ledger: Ledger, live: Callable[..., Life], tmp_path: Path
) -> None:
    seconds = times(8, 600)
    made = flow_of(
        {
            "wait": step("control.wait", duration=f"{seconds} s"),
            "order": step("web.request", url=f"{ledger.url}/effect/order"),
        },
        "wait -> order",
    )
    Orders(made, free_port(), ledger.file, tmp_path).write(tmp_path / "orders")
    began = 0.0
    for _ in range(times(2, 5)):
        (tmp_path / "home" / "starts.json").unlink(missing_ok=True)
        life = live()
        life.until("statuses")
        began = began or time.time()
        life.go()
        life.until("began")
        time.sleep(0.5)
        life.kill()
        assert ledger.names() == []
    (tmp_path / "home" / "starts.json").unlink(missing_ok=True)
    life = live()
    life.until("statuses")
    life.go()
    assert life.until("ended", 60 + seconds)["ended"] == "done"
    life.end()
    (entry,) = ledger.entries()
    assert entry.at - began >= seconds - 0.1


@pytest.mark.parametrize("jump", [-DAY, DAY / 2])
async def test_r24_a_clock_that_is_set_moves_no_wait_and_fires_none_twice(jump: float, tmp_path: Path) -> None:
    clock, ledger = Calendar(), tmp_path / "ledger"
    due = clock.now + DAY
    async with Start(tmp_path, clock) as studio:
        run_id = await studio.runs.start(waiting(ledger, duration="1 day"), {})
        await becomes(studio.runs, run_id, "waiting")
        clock.now += jump
        await asyncio.sleep(0.1)
        assert lines(ledger) == []
    for now in (due - 60, due - DAY, due + 1, due - DAY, due + DAY):
        clock.now = now
        async with Start(tmp_path, clock) as studio:
            await studio.runs.recover()
            await becomes(studio.runs, run_id, "done" if now > due or lines(ledger) else "waiting")
        assert lines(ledger) == (["woke"] if now > due or lines(ledger) else [])
    assert lines(ledger) == ["woke"]


async def test_r11_of_a_hundred_answers_at_once_one_counts_and_the_others_hear_whose(tmp_path: Path) -> None:
    for turn in range(times(2, 20)):
        folder = tmp_path / str(turn)
        folder.mkdir()
        async with Start(folder, time.time) as studio:
            run_id = await studio.runs.start(approving(folder / "ledger"), {})
            entry = await asked(studio.runs)
            decisions = await asyncio.gather(
                *(
                    studio.runs.answer(run_id, entry.step, entry.key, ("Approve", "Reject")[n % 2], by=f"window {n}")
                    for n in range(100)
                )
            )
            won = [n for n, decision in enumerate(decisions) if decision.won]
            assert len(won) == 1
            choice = ("Approve", "Reject")[won[0] % 2]
            for decision in decisions:
                assert decision.entry is not None
                assert (decision.entry.choice, decision.entry.decided_by) == (choice, f"window {won[0]}")
                assert decision.entry.decided_at is not None
            await becomes(studio.runs, run_id, "done")
        assert lines(folder / "ledger") == ["sent" if choice == "Approve" else "not sent"]


@pytest.mark.parametrize(("before", "line"), [(0.001, "sent"), (-0.001, "too late"), (0.0, "too late")])
async def test_r11_at_the_deadline_either_the_person_or_the_clock_decides(
    before: float, line: str, tmp_path: Path
) -> None:
    clock, ledger = Calendar(), tmp_path / "ledger"
    async with Start(tmp_path, clock) as studio:
        run_id = await studio.runs.start(approving(ledger, deadline="1 h"), {})
        entry = await asked(studio.runs)
        assert entry.deadline is not None
        clock.now = entry.deadline - before
        decision = await studio.runs.answer(run_id, entry.step, entry.key, "Approve", by="a person")
        assert decision.won == (line == "sent")
        assert decision.entry is not None
        assert decision.entry.decided_by == ("a person" if decision.won else "the deadline")
        clock.now = entry.deadline + 1
        await becomes(studio.runs, run_id, "done")
    assert lines(ledger) == [line]


async def test_r11_a_decision_that_comes_late_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger"
    async with Start(tmp_path, time.time) as studio:
        run_id = await studio.runs.start(approving(ledger), {})
        entry = await asked(studio.runs)
        assert await studio.runs.answer(run_id, entry.step, entry.key, "Reject", by="the phone")
        await becomes(studio.runs, run_id, "done")
        late = await studio.runs.answer(run_id, entry.step, entry.key, "Approve", by="the window")
        assert not late
        assert late.entry is not None
        assert (late.entry.choice, late.entry.decided_by) == ("Reject", "the phone")
    assert lines(ledger) == ["not sent"]


@needs_kill
def test_r11_killed_right_after_a_decision_the_decision_stands(
    ledger: Ledger, live: Callable[..., Life], tmp_path: Path
) -> None:
    made = flow_of(
        {
            "ask": step("control.approve", title="Send it?"),
            "order": step("web.request", url=f"{ledger.url}/effect/order"),
        },
        "ask.approved -> order",
    )
    Orders(made, free_port(), ledger.file, tmp_path).write(tmp_path / "orders")
    life = live(WEFT_FAILPOINT="approval.commit")
    life.until("statuses")
    life.go()
    life.died()
    with closing(sqlite3.connect(tmp_path / "home" / "weft.db")) as database:
        assert database.execute("SELECT status, choice FROM question").fetchall() == [("answered", "Approve")]
    again = live()
    again.until("statuses")
    again.go()
    assert again.until("ended")["ended"] == "done"
    again.end()
    assert ledger.names() == ["order"]
    assert not any("asked" in each for each in again.said), "Nobody is asked a second time."


@pytest.mark.parametrize("change", ["edited", "deleted"])
async def test_r12_a_waiting_run_keeps_the_flow_it_started_with(change: str, ledger: Ledger, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    steps = {
        "ask": step("control.approve", title="Send it?"),
        "order": step("web.request", url=f"{ledger.url}/effect/as-it-was"),
    }
    made = flow_of(steps, "ask.approved -> order")
    studio = await open_studio(home)
    placed = await studio.shelf.bring_in(_text(made), "f.flow.yaml")
    await studio.shelf.accept(placed)
    run_id = await studio.runs.start(placed, {})
    await becomes(studio.runs, run_id, "waiting")
    opened = await studio.shelf.open(placed.id)
    if change == "edited":
        await opened.edit(Set(path="order", settings={"url": f"{ledger.url}/effect/edited"}))
    else:
        await studio.shelf.delete(placed.id)
    await studio.close()

    studio = await open_studio(home)
    try:
        await studio.runs.recover()
        entry = await asked(studio.runs)
        assert await studio.runs.answer(run_id, entry.step, entry.key, "Approve")
        ended = await becomes(studio.runs, run_id, "done", "failed", "interrupted")
        assert ended == "done", (await studio.runs.stored.get(run_id)).message
    finally:
        await studio.close()
    assert ledger.names() == ["as-it-was"]


def _text(made: Flow) -> bytes:
    from flows.text import write_flow

    return write_flow(made).encode()
