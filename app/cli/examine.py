"""Try every part that Weft stands on, and say of each whether it works here."""

from __future__ import annotations

import asyncio
import contextlib
import os
import platform
import shutil
import socket
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from app.cli.findings import Finding
from app.setup import LOCK, NEEDED, pins_are_met

LITTLE_SPACE = 500 * 1024 * 1024


def examine() -> Iterator[Finding]:
    """The findings, each as soon as it is known."""
    for check in (python, packages, sqlite, data_folder):
        yield check()
    yield from database_keys_models()
    yield browser()
    yield port()


def python() -> Finding:
    return Finding(
        "Python",
        sys.version_info[:2] >= NEEDED,
        f"Python {platform.python_version()} at {sys.executable} on {platform.platform(terse=True)}.",
    )


def packages() -> Finding:
    if not LOCK.is_file():
        return Finding("Packages", True, "Weft is installed as a package, together with what it needs.")
    if pins_are_met():
        return Finding("Packages", True, "Every package is there in the version Weft is tested with.")
    return Finding(
        "Packages",
        False,
        "Some packages are missing or have another version than Weft is tested with.",
        "Start Weft with `python3 -m app` in its folder, which installs them.",
        essential=False,
    )


def sqlite() -> Finding:
    with tempfile.TemporaryDirectory() as folder:
        mode = _journal_mode(Path(folder))
    if mode == "wal":
        return Finding("SQLite", True, f"SQLite {sqlite3.sqlite_version} writes ahead (WAL), as Weft needs.")
    return Finding(
        "SQLite",
        False,
        f"SQLite {sqlite3.sqlite_version} cannot write ahead here: its journal mode stays “{mode}”.",
        "Set TMPDIR to a folder on a disk of this computer, and run this again.",
    )


def data_folder() -> Finding:
    from app.store.home import home
    from app.store.trouble import StoreTrouble

    elsewhere = "Set WEFT_HOME to a folder of yours on a disk of this computer."
    try:
        folder = home()
        with tempfile.TemporaryDirectory(prefix="doctor-", dir=folder) as trial:
            mode = _journal_mode(Path(trial))
    except StoreTrouble as trouble:
        return Finding("Data folder", False, trouble.message, trouble.hint)
    except OSError as error:
        return Finding("Data folder", False, f"The data folder cannot be written to: {error}.", elsewhere)
    if mode != "wal":
        return Finding("Data folder", False, f"{folder} cannot hold a database; it may be a network share.", elsewhere)
    free = shutil.disk_usage(folder).free
    says = f"{folder} can be written to, and its disk has {_size(free)} free."
    if free < LITTLE_SPACE:
        return Finding("Data folder", False, says, "Free some space: runs keep pictures and files.", essential=False)
    return Finding("Data folder", True, says)


def database_keys_models() -> Iterator[Finding]:
    from app.cli.kept import kept

    async def all_of_them() -> list[Finding]:
        return [finding async for finding in kept()]

    yield from asyncio.run(all_of_them())


def browser() -> Finding:
    from app.browser.check import working

    works, in_vain = working()
    tried = " ".join(f"{each.browser.path} was tried first: {each.why_not}" for each in in_vain)
    if works:
        says = f"{works.browser.name} {works.version} at {works.browser.path} starts and opens a page."
        return Finding("Browser", True, f"{says} {tried}".strip())
    if in_vain and in_vain[0].browser.chosen:
        says = f"{in_vain[0].browser.name}, {in_vain[0].browser.path}, does not work: {in_vain[0].why_not}"
        return Finding("Browser", False, says, "Name another browser there, or none at all.", essential=False)
    return Finding(
        "Browser",
        False,
        f"No browser works here, so steps that open web pages cannot run. {tried}".strip(),
        "Install Google Chrome, Microsoft Edge or Chromium, or set WEFT_BROWSER to the program of one. "
        "`python3 -m playwright install --with-deps chromium` gets one too.",
        essential=False,
    )


def port() -> Finding:
    from app.server.listen import USUAL_PORT, listen

    free = listen(None)
    with contextlib.closing(free):
        offered = free.getsockname()[1]
    with socket.socket() as probe:
        probe.settimeout(0.5)
        taken = probe.connect_ex(("127.0.0.1", USUAL_PORT)) == 0
    if offered == USUAL_PORT and not taken:
        return Finding("Port", True, f"The studio opens at http://127.0.0.1:{USUAL_PORT}, on this computer only.")
    return Finding(
        "Port",
        True,
        f"Port {USUAL_PORT} is in use, perhaps by a studio that is open; another one would use port {offered}.",
    )


def _journal_mode(folder: Path) -> str:
    """What SQLite answers when it is asked to write ahead in this folder, after really writing."""
    connection = sqlite3.connect(os.fspath(folder / "trial.sqlite"))
    try:
        mode = connection.execute("PRAGMA journal_mode=WAL").fetchone()[0]
        connection.execute("CREATE TABLE trial (word TEXT)")
        connection.commit()
        return str(mode)
    except sqlite3.Error as error:
        return str(error)
    finally:
        connection.close()


def _size(number: float) -> str:
    for unit in ("bytes", "kB", "MB"):
        if number < 1024:
            return f"{number:.0f} {unit}"
        number /= 1024
    return f"{number:.0f} GB"
