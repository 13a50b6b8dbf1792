"""A terminal and a window on one data folder: each leaves alone what the other runs."""

import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from tests.cli.flows import HELLO, put, slow
from tests.cli.weft import Left, weft

READY = "Weft is ready: open "


def studio(home: Path) -> Left:
    return Left(home, "--no-open", "--port", "0")


def statuses(home: Path) -> list[str]:
    with closing(sqlite3.connect(home / "weft.db")) as database:
        return [status for (status,) in database.execute("SELECT status FROM run ORDER BY created_at")]


def started(left: Left, home: Path) -> str:
    """The id of the run that this command goes on with."""
    left.until("▸ Wait")
    with closing(sqlite3.connect(home / "weft.db")) as database:
        return str(database.execute("SELECT id FROM run ORDER BY created_at DESC").fetchone()[0])


def test_a_flow_runs_in_a_terminal_while_the_studio_is_open(tmp_path: Path) -> None:
    with studio(tmp_path) as window:
        window.until(READY)
        told = weft(tmp_path, "run", put(tmp_path, "hello", HELLO), "-i", "who=Ada", "--accept")
        assert (told.status, told.out) == (0, "Hello, Ada!\n")
        window.process.send_signal(signal.SIGINT)
        assert window.end() == 0


def test_a_studio_that_starts_leaves_the_run_of_a_terminal_alone(tmp_path: Path) -> None:
    with Left(tmp_path, "run", slow(tmp_path, 30), "--accept") as terminal:
        run_id = started(terminal, tmp_path)
        with studio(tmp_path) as window:
            window.until(READY)
            assert statuses(tmp_path) == ["running"]
            elsewhere = weft(tmp_path, "resume", run_id)
            assert (elsewhere.status, elsewhere.err.splitlines()[-2:]) == (
                2,
                ["“Slow” goes on in another window or terminal of Weft.", "Stop it there first."],
            )
            window.process.send_signal(signal.SIGINT)
            assert window.end() == 0
        assert statuses(tmp_path) == ["running"]
        terminal.process.send_signal(signal.SIGINT)
        assert terminal.end() == 130
    assert statuses(tmp_path) == ["stopped"]


def test_after_kill_9_the_next_studio_finds_the_run_interrupted_and_a_terminal_goes_on(tmp_path: Path) -> None:
    with Left(tmp_path, "run", slow(tmp_path, 2), "--accept") as terminal:
        run_id = started(terminal, tmp_path)
        terminal.process.kill()
    assert statuses(tmp_path) == ["running"]
    with studio(tmp_path) as window:
        window.until(READY)
        assert statuses(tmp_path) == ["interrupted"]
        window.process.send_signal(signal.SIGINT)
        window.end()
    # It was killed in the middle of code, which may have done anything: that is asked.
    told = weft(tmp_path, "resume", run_id)
    assert (told.status, told.lines[-2]) == (
        3,
        "? Did “A moment” happen? (It happened / Do it again / Stop here)",
    )
    assert (tmp_path / "notes").read_text() == "noted\n"


def test_two_first_starts_at_once_make_one_database(tmp_path: Path) -> None:
    file = put(tmp_path, "hello", HELLO)
    with (
        Left(tmp_path, "run", file, "-i", "who=Ada", "--accept") as first,
        Left(tmp_path, "run", file, "-i", "who=Eve", "--accept") as second,
        studio(tmp_path) as window,
    ):
        window.until(READY)
        assert (first.end(), second.end()) == (0, 0), first.said + second.said
    assert ("Hello, Ada!" in first.said, "Hello, Eve!" in second.said) == (True, True)


def test_a_run_that_is_not_there_is_answered_with_those_that_can_be_continued(tmp_path: Path) -> None:
    with Left(tmp_path, "run", slow(tmp_path, 30), "--accept") as terminal:
        run_id = started(terminal, tmp_path)
        began = time.monotonic()
        terminal.process.send_signal(signal.SIGTERM)
        assert terminal.end() == 130
        assert time.monotonic() - began < 5
    told = weft(tmp_path, "resume", "0123")
    assert (told.status, told.err) == (
        2,
        f"There is no run “0123”.\nThese can be continued: {run_id} (“Slow”, stopped).\n",
    )
