"""Copies of the database that are known to be good: the last five, and the last of every version."""

import os
import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from app.failpoint import failpoint
from app.store import connect
from app.store.home import folder
from app.store.trouble import damage, damaged, plainly
from app.store.version import HEAD, is_whole, version_of


@dataclass(frozen=True)
class Backup:
    path: Path
    version: str
    made_at: float


def back_up(path: Path, now: float | None = None) -> Backup:
    """Copy the database as it is at this moment, while it is in use. A copy with a damage is not kept but said."""
    to = folder(path.parent / "backups")
    half = to / f"{path.stem}.half"
    try:
        with plainly(half):
            half.unlink(missing_ok=True)
            os.close(os.open(half, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            with closing(connect.looker(path)) as source, closing(sqlite3.connect(half)) as copy:
                source.backup(copy)
                failpoint("backup.half")
                # The copy is one plain file: without this it would want a log beside it.
                copy.execute("PRAGMA journal_mode=DELETE")
                version = version_of(copy) or ""
                if not is_whole(copy):
                    raise damaged(path)
            sync(half)
            now = time.time() if now is None else now
            made = to / f"{path.stem}-{version}-{time.strftime('%Y%m%d-%H%M%S', time.localtime(now))}.db"
            half.replace(made)
            sync(to)
    finally:
        half.unlink(missing_ok=True)
    _forget_old(path)
    return Backup(made, version, now)


def backups(path: Path) -> list[Backup]:
    """Every backup of this database, newest first."""
    shape = re.compile(rf"{re.escape(path.stem)}-(\w+)-(\d{{8}}-\d{{6}})\.db")
    found = [(match, file) for file in _files(path) if (match := shape.fullmatch(file.name))]
    return [
        Backup(file, match[1], time.mktime(time.strptime(match[2], "%Y%m%d-%H%M%S")))
        for match, file in sorted(found, key=lambda pair: pair[0][2], reverse=True)
    ]


def newest_good_backup(path: Path) -> Backup | None:
    """The newest backup that is whole and that this Weft can read."""
    return next((each for each in backups(path) if each.version <= HEAD and _good(each)), None)


def sync(path: Path) -> None:
    """Return when this file, or the names in this folder, are on the disk."""
    if path.is_dir() and os.name == "nt":
        return  # Windows has no such call, and keeps names by itself
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _files(path: Path) -> Iterator[Path]:
    to = path.parent / "backups"
    return to.iterdir() if to.is_dir() else iter(())


def _good(backup: Backup) -> bool:
    try:
        with closing(connect.looker(backup.path)) as connection:
            return is_whole(connection) and version_of(connection) == backup.version
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        if damage(error):
            return False
        raise


def _forget_old(path: Path) -> None:
    every = backups(path)
    last_of_version = {each.version: each for each in reversed(every)}
    for old in every[5:]:
        if last_of_version[old.version] != old:
            old.path.unlink(missing_ok=True)
