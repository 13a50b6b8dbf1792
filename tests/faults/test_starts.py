"""R22, R23 and R30: a studio comes up after crashes, has its folder to itself, and goes down in good order."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from app.store.starts import Starts
from flows.model import Flow
from tests.cli.weft import Left, weft
from tests.engine.story import flow_of, step
from tests.faults.conftest import needs_kill
from tests.faults.ledger import Fault, Ledger
from tests.faults.life import Life, free_port, page_at
from tests.faults.repeats import times
from tests.faults.studio import Orders

READY = "open http://127.0.0.1:"
CRASHES = "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n"


def studio(home: Path) -> Left:
    return Left(home, "--no-open", "--port", "0")


def ordering(ledger: Ledger, place: Path) -> None:
    """Orders for a studio that plays a flow of one request."""
    made: Flow = flow_of({"order": step("web.request", url=f"{ledger.url}/effect/order", time_limit=60)})
    Orders(made, free_port(), ledger.file, place).write(place / "orders")


@needs_kill
def test_r22_a_node_that_crashes_the_start_is_named_and_left_out(tmp_path: Path) -> None:
    (tmp_path / "nodes").mkdir()
    (tmp_path / "nodes" / "evil.py").write_text(CRASHES)
    for _ in range(2):
        with studio(tmp_path) as crashing:
            assert crashing.end() == -signal.SIGKILL
    with studio(tmp_path) as safe:
        page = page_at(safe.until(READY))
        assert "Weft crashed twice within a minute, so this time nothing was started by itself." in page
        assert "loading the node file evil.py" in page
        time.sleep(3)  # Longer than the others lived.
        safe.process.send_signal(signal.SIGINT)
        assert safe.end() == 0


@needs_kill
def test_r22_a_run_that_crashes_weft_again_and_again_is_named_and_not_begun(
    ledger: Ledger, live: Callable[..., Life], tmp_path: Path
) -> None:
    ordering(ledger, tmp_path)
    for _ in range(2):
        life = live(WEFT_FAILPOINT="effect.before")
        life.until("statuses")
        life.go()
        life.died()
    life = live()
    before = life.until("statuses")
    # It died in the middle of a step, or just after the answer that let it take that step again.
    assert list(before["statuses"].values()) in (["interrupted"], ["waiting"])
    assert before["going"] == []
    page = page_at(life.link())
    assert "Weft crashed twice within a minute" in page
    assert "at “ORDER”" in page
    life.go()
    assert life.until("ended")["ended"] == "done"
    life.end()
    assert ledger.names() == ["order"]


@needs_kill
def test_r22_in_a_safe_start_what_waits_is_not_woken(ledger: Ledger, live: Callable[..., Life], tmp_path: Path) -> None:
    home = tmp_path / "home"
    ordering(ledger, tmp_path)
    for lives in range(3):
        life = live(WEFT_FAILPOINT="" if lives else "effect.before", WEFT_LOOKS_ON="1")
        before = life.until("statuses")
        if not lives:
            life.go()
            life.died()
            continue
        waiting = lives == 2
        assert list(before["statuses"].values()) == (["waiting"] if waiting else ["interrupted"])
        assert before["going"] == []
        if not waiting:
            life.go()
            life.until("asked")
            _waits(home)
        life.kill()
    (home / "starts.json").unlink()
    life = live()
    assert len(life.until("statuses")["going"]) == 1, "An ordinary start wakes it."
    life.go()
    assert life.until("ended")["ended"] == "done"
    life.end()


def _waits(home: Path) -> None:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        with closing(sqlite3.connect(home / "weft.db")) as database:
            if database.execute("SELECT status FROM run").fetchone() == ("waiting",):
                return
        time.sleep(0.05)
    raise AssertionError("It does not wait.")


def test_r22_only_two_crashes_one_soon_after_the_other_make_a_safe_start(tmp_path: Path) -> None:
    now = 1_000_000.0

    def start(after: float) -> Starts:
        nonlocal now
        now += after
        return Starts(tmp_path, lambda: now)

    assert not start(0).safe
    assert not start(10).safe, "One crash is none."
    third = start(10)
    assert third.safe
    third.end()
    assert not start(10).safe, "The safe start ended as it should."
    assert not start(10).safe
    assert not start(61).safe, "They were too far apart."
    start(5).doing("loading the node file evil.py")
    assert start(5).culprit == "loading the node file evil.py"
    (tmp_path / "starts.json").write_text("[{")
    assert not start(5).safe


def test_r23_a_second_start_on_the_same_folder_says_where_the_first_is(tmp_path: Path) -> None:
    with studio(tmp_path) as first:
        first.until(READY)
        told = weft(tmp_path, "--no-open")
        assert (told.status, "Weft is already open at http://127.0.0.1:" in told.out) == (0, True)


@needs_kill
def test_r23_a_lock_whose_studio_was_killed_is_taken_over(tmp_path: Path) -> None:
    for _ in range(times(2, 20)):
        with studio(tmp_path) as killed:
            killed.until(READY)
            assert (tmp_path / "studio.lock").read_text().startswith("http")
            killed.process.kill()
    with studio(tmp_path) as next_one:
        next_one.until(READY)


def test_r23_what_is_written_in_a_lock_means_nothing_if_nobody_holds_it(tmp_path: Path) -> None:
    # A file with the number of a process that lives: by a mere number it would look taken.
    (tmp_path / "studio.lock").write_text(f"{os.getpid()} http://127.0.0.1:8428")
    with studio(tmp_path) as started:
        started.until(READY)


@needs_kill
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_r30_told_to_stop_in_the_middle_of_an_effect_it_is_gone_in_time_and_nothing_is_lost(
    number: int, ledger: Ledger, live: Callable[..., Life], tmp_path: Path
) -> None:
    home = tmp_path / "home"
    ordering(ledger, tmp_path)
    ledger.next(Fault(delay=30))
    before = signal.signal(number, signal.SIG_DFL)  # Whoever ran the tests may ignore it, and the studio then too.
    try:
        life = live()
    finally:
        signal.signal(number, before)
    life.until("statuses")
    life.link()
    life.go()
    ledger.until("order")
    asked = time.monotonic()
    life.process.send_signal(number)
    life.process.wait(10)
    assert time.monotonic() - asked < 5
    assert not (home / "weft.db-wal").exists(), "The file alone is the whole database."
    with closing(sqlite3.connect(f"file:{home / 'weft.db'}?immutable=1", uri=True)) as database:
        assert database.execute("SELECT status FROM run").fetchall() == [("interrupted",)]
        kinds = [kind for (kind,) in database.execute("SELECT kind FROM event WHERE step = 'order' ORDER BY seq")]
    assert kinds[0] == "started"
    assert "finished" not in kinds
    again = live()
    again.until("statuses")
    again.go()
    assert again.until("answered")["choice"] == "It happened"
    assert again.until("ended")["ended"] == "done"
    again.end()
    assert ledger.names() == ["order"]


@needs_kill
def test_r30_pressed_twice_it_is_gone_at_once(tmp_path: Path) -> None:
    with studio(tmp_path) as running:
        running.until(READY)
        running.process.send_signal(signal.SIGINT)
        running.process.send_signal(signal.SIGINT)
        assert running.process.wait(5) in (0, 1)


@needs_kill
def test_r30_a_terminal_run_that_is_stopped_can_go_on(tmp_path: Path) -> None:
    from tests.cli.flows import slow

    with Left(tmp_path, "run", slow(tmp_path, 30), "--accept") as terminal:
        terminal.until("▸ Wait")
        asked = time.monotonic()
        terminal.process.send_signal(signal.SIGTERM)
        assert terminal.end() == 130
        assert time.monotonic() - asked < 6
    assert not (tmp_path / "weft.db-wal").exists()
    check = "import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute('SELECT status FROM run').fetchall())"
    ran = subprocess.run(
        [sys.executable, "-c", check, str(tmp_path / "weft.db")], capture_output=True, text=True, check=True
    )
    assert ran.stdout == "[('stopped',)]\n"
