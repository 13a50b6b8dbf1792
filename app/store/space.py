"""What takes space: the database and what is in it, kept files, backups, and each flow's runs."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import orjson

from app.store.artifacts import Artifacts
from app.store.backup import backups
from app.store.database import Database


@dataclass(frozen=True)
class FlowSpace:
    """The runs of one flow. `name` is the flow's, or what it was called when it last ran."""

    id: str
    name: str
    is_there: bool
    runs: int
    journal: int
    files: int
    oldest: float

    @property
    def bytes(self) -> int:
        return self.journal + self.files


@dataclass(frozen=True)
class InDatabase:
    """What the database can say of itself at once."""

    file: int
    free: int
    runs: int
    flows: tuple[FlowSpace, ...]


@dataclass(frozen=True)
class OnDisk:
    """What was found on the disk beside the database."""

    kept: int
    kept_files: int
    backups: int
    older_backups: tuple[Path, ...]
    older_backups_bytes: int
    damaged: tuple[Path, ...]
    damaged_bytes: int
    written: int
    """The files that flows have written into Weft's files folder: theirs, not Weft's."""


async def in_database(database: Database) -> InDatabase:
    """The database's size, and the runs of each flow, the largest first."""
    return await database.read(lambda connection: _in_database(connection, database.path))


def on_disk(folder: Path, database: Path, artifacts: Artifacts) -> OnDisk:
    """Look at the disk. It takes a while where there is much, so call it from a thread."""
    kept = [file.size for place in artifacts.folders() for file in artifacts.files_in(place)]
    # The newest of every version is what there is to go back to.
    every = backups(database)
    newest = {each.version: each.path for each in reversed(every)}
    older = tuple(each.path for each in every if newest[each.version] != each.path)
    damaged = tuple(sorted(database.parent.glob(f"{database.name}.damaged-*")))
    return OnDisk(
        kept=sum(kept),
        kept_files=len(kept),
        backups=sum(size_of(each.path) for each in every),
        older_backups=older,
        older_backups_bytes=sum(map(size_of, older)),
        damaged=damaged,
        damaged_bytes=sum(map(size_of, damaged)),
        written=sum(_sizes(folder / "files")),
    )


def size_of(path: Path) -> int:
    """The size of a file, nothing where there is none."""
    with suppress(OSError):
        return path.stat().st_size
    return 0


def _sizes(folder: Path) -> Iterator[int]:
    waiting = [folder]
    while waiting:
        with suppress(OSError), os.scandir(waiting.pop()) as entries:
            for entry in entries:
                with suppress(OSError):
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(Path(entry.path))
                    else:
                        yield entry.stat(follow_symlinks=False).st_size


def _in_database(connection: sqlite3.Connection, path: Path) -> InDatabase:
    (page,) = connection.execute("PRAGMA page_size").fetchone()
    (free,) = connection.execute("PRAGMA freelist_count").fetchone()
    rows = orjson.loads(connection.execute(_FLOWS).fetchone()[0])
    flows = tuple(FlowSpace(id, name or id, bool(there), *numbers) for id, name, there, *numbers in rows)
    file = size_of(path) + size_of(path.with_name(f"{path.name}-wal"))
    return InDatabase(file, page * free, sum(each.runs for each in flows), flows)


# Counted in an index: the rows of runs hold inputs and results, which may be large.
_FLOWS = """
    WITH counted AS (
        SELECT r.flow_id, count(*) AS runs, ifnull(sum(s.bytes), 0) AS journal, min(r.created_at) AS oldest
        FROM run r INDEXED BY run_newest_of_flow LEFT JOIN run_size s ON s.run_id = r.id GROUP BY r.flow_id
    ), kept AS (
        SELECT flow_id, sum(bytes) AS files FROM (
            SELECT DISTINCT r.flow_id, f.sha256, f.bytes FROM run_file f JOIN run r ON r.id = f.run_id
        ) GROUP BY flow_id
    )
    SELECT json_group_array(json_array(flow_id, name, is_there, runs, journal, files, oldest)) FROM (
        SELECT c.flow_id, f.id IS NOT NULL AS is_there, c.runs, c.journal, ifnull(k.files, 0) AS files, c.oldest,
               ifnull(f.name, (
                   SELECT flow_name FROM run WHERE flow_id = c.flow_id ORDER BY created_at DESC, id DESC LIMIT 1
               )) AS name
        FROM counted c LEFT JOIN kept k ON k.flow_id = c.flow_id
        LEFT JOIN flow f ON f.id = c.flow_id AND f.deleted_at IS NULL
        ORDER BY c.journal + ifnull(k.files, 0) DESC, name
    )
"""
