"""A start that cannot be says what is the matter and which command leads on."""

import asyncio
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from app.setup import ROOT
from app.store.backup import backups
from app.store.database import Database
from app.store.settings import Settings
from app.studio import open_studio
from tests.cli.flows import slow
from tests.cli.weft import Left, surroundings, weft

READY = "open http://127.0.0.1:"


async def filled(home: Path, *, backed_up: bool) -> Path:
    """A database with a word in it, and a backup from before a second word."""
    database = Database(home / "weft.db")
    await database.open()
    await Settings(database).put("word", "first")
    if backed_up:
        await database.back_up()
    await Settings(database).put("word", "second")
    await database.close()
    return database.path


def word(path: Path) -> str:
    with closing(sqlite3.connect(path)) as database:
        return str(database.execute("SELECT value FROM setting WHERE key = 'word'").fetchone()[0])


def damage(path: Path) -> None:
    path.write_bytes(b"garbage!" * 2000)


async def test_a_damaged_database_is_kept_and_the_newest_good_backup_comes_back(tmp_path: Path) -> None:
    path = await filled(tmp_path, backed_up=True)
    damage(path)
    for command in (["--no-open", "--port", "0"], ["run", "Hello"]):
        told = weft(tmp_path, *command)
        assert (told.status, told.out) == (1 if command[0] != "run" else 2, "")
        what, hint, restore, afresh = told.err.splitlines()
        assert what.startswith(f"The database {path} is damaged. A copy was kept beside it as weft.db.damaged-")
        assert hint.startswith("Restore the backup of ")
        assert restore.startswith("  weft doctor --restore        go back to the backup of ")
        assert afresh == "  weft doctor --start-afresh   begin with an empty database; the damaged one is kept"

    mended = weft(tmp_path, "doctor", "--restore")
    assert (mended.status, mended.err) == (0, "")
    assert mended.out.endswith(f" is in place. The damaged database was kept beside it, in {tmp_path}.\n")
    assert word(path) == '"first"'
    whole = weft(tmp_path, "doctor", "--restore")
    assert (whole.status, whole.out) == (0, f"The database {path} is in order, so nothing was changed.\n")


async def test_without_a_backup_one_begins_anew_and_the_damaged_one_is_kept(tmp_path: Path) -> None:
    path = await filled(tmp_path, backed_up=False)
    damage(path)
    told = weft(tmp_path, "--no-open", "--port", "0")
    assert told.err.splitlines()[1:] == [
        "There is no backup, so the way on is to start afresh; flows you exported can be imported again.",
        "  weft doctor --start-afresh   begin with an empty database; the damaged one is kept",
    ]
    none = weft(tmp_path, "doctor", "--restore")
    assert (none.status, none.err) == (1, f"There is no good backup of {path}.\nStart afresh instead.\n")
    anew = weft(tmp_path, "doctor", "--start-afresh")
    assert anew.status == 0
    assert anew.out.startswith("The next start of Weft makes an empty database. The one that was there is kept as ")
    with Left(tmp_path, "--no-open", "--port", "0") as window:
        window.until(READY)


async def test_nothing_is_mended_while_weft_is_in_use(tmp_path: Path) -> None:
    with Left(tmp_path, "run", slow(tmp_path, 30), "--accept") as terminal:
        terminal.until("▸ Wait")
        told = weft(tmp_path, "doctor", "--start-afresh")
        assert (told.status, told.err) == (
            1,
            "A flow is being run here by `weft run`. Let it end or stop it, then try again.\n",
        )
        terminal.process.send_signal(signal.SIGINT)
        terminal.end()
    with Left(tmp_path, "--no-open", "--port", "0") as window:
        window.until(READY)
        told = weft(tmp_path, "doctor", "--restore")
        assert (told.status, told.err.startswith("Weft is already open at http://127.0.0.1:")) == (1, True)


async def test_a_studio_that_stays_open_backs_its_database_up_once_a_day(tmp_path: Path) -> None:
    studio = await open_studio(tmp_path)
    half = tmp_path / "artifacts" / ".half-left-by-a-kill"
    half.touch()
    os.utime(half, (1, 1))
    for _ in range(2):
        keeping = asyncio.create_task(studio.keep_house(after=0))
        for _ in range(100):
            await asyncio.sleep(0.05)
            if backups(studio.database.path):
                break
        await asyncio.sleep(0.3)  # For the second time: nothing more may come.
        keeping.cancel()
    assert (len(backups(studio.database.path)), half.exists()) == (1, False)
    await studio.close()


async def test_a_newer_database_is_refused_untouched(tmp_path: Path) -> None:
    path = await filled(tmp_path, backed_up=False)
    with closing(sqlite3.connect(path)) as database:
        database.execute("UPDATE alembic_version SET version_num = '9000'")
        database.commit()
    before = path.read_bytes()
    told = weft(tmp_path, "--no-open", "--port", "0")
    assert (told.status, told.out) == (1, "")
    assert told.err.splitlines()[0].startswith(f"{path} was written by a newer Weft (its tables are version 9000")
    assert len(told.err.splitlines()) == 2
    assert path.read_bytes() == before


def test_a_second_start_says_where_the_first_is(tmp_path: Path) -> None:
    with Left(tmp_path, "--no-open", "--port", "0") as first:
        first.until(READY)
        told = weft(tmp_path, "--no-open")
        assert told.status == 0
        assert told.out.splitlines()[0].startswith("Weft is already open at http://127.0.0.1:")
        assert told.out.splitlines()[1] == (
            "Use that window, or close it first. WEFT_HOME opens a second studio on another folder."
        )


@pytest.mark.skipif(sys.platform == "win32", reason="a browser that is a script")
def test_a_second_start_opens_the_window_of_the_first(tmp_path: Path) -> None:
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > "{tmp_path}/opened"\n')
    browser.chmod(0o700)
    with Left(tmp_path, "--no-open", "--port", "0") as first:
        first.until(READY)
        told = weft(tmp_path, BROWSER=str(browser), DISPLAY=":99")
        assert (told.status, told.out.splitlines()[1]) == (0, "It is shown in your browser now.")
    address = told.out.splitlines()[0].removeprefix("Weft is already open at ")
    assert (tmp_path / "opened").read_text().strip() == address


def test_of_two_starts_at_once_one_opens_and_the_other_says_where(tmp_path: Path) -> None:
    with Left(tmp_path, "--no-open", "--port", "0") as one, Left(tmp_path, "--no-open", "--port", "0") as other:
        until = time.monotonic() + 30
        while "already open at http" not in one.said + other.said or READY not in one.said + other.said:
            assert time.monotonic() < until, one.said + other.said
            time.sleep(0.05)


def test_a_taken_port_is_said_and_the_next_one_used(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with Left(tmp_path, "--no-open", "--port", str(port)) as window:
            said = window.until(READY)
    assert f"Port {port} was taken, so this is another one." in said
    assert weft(tmp_path, "--port", "70000").err.splitlines()[-1] == (
        "weft: error: there is no port 70000; ports go up to 65535"
    )


def test_a_folder_that_cannot_be_written_to_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    home = tmp_path / "file" / "home"
    for command, status in ((["--no-open"], 1), (["run", "Hello"], 2), (["doctor", "--restore"], 1)):
        told = weft(home, *command)
        assert (told.status, told.out) == (status, "")
        assert told.err.splitlines() == [
            f"Weft may not write to {home}.",
            "Make the file and its folder writable for you, or set WEFT_HOME to a folder of yours.",
        ]


@pytest.mark.skipif(sys.platform == "win32", reason="a limit that only POSIX has")
def test_a_full_disk_is_a_sentence(tmp_path: Path) -> None:
    limited = "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)); "
    started = limited + "sys.argv[0] = 'weft'; from app.__main__ import main; sys.exit(main())"
    told = subprocess.run(
        [sys.executable, "-c", started, "--no-open", "--port", "0"],
        cwd=ROOT,
        env=surroundings(tmp_path, PYTHONDONTWRITEBYTECODE="1"),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr.splitlines() == [
        f"The disk that holds {tmp_path / 'weft.db'} is full.",
        "Free some space and try again; nothing saved before is lost.",
    ]
