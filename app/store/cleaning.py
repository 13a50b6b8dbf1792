"""Remove runs: gone at once for whoever looks, and from the disk in portions so small that nobody waits for them.

What is left of removed runs is in the table `removal`, so that it is cleared away even after a crash. Rows go before
files, and a file goes only if no run, flow or kept version refers to it and nobody has saved it for an hour.
"""

import asyncio
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

import orjson

from app.failpoint import failpoint
from app.store.artifacts import Artifacts
from app.store.database import Database
from app.store.sizes import shas_in

GRACE = 3600.0
"""Seconds for which a file is left alone after it was saved: whoever saved it may not have said so yet."""


@dataclass(frozen=True)
class Freed:
    """What went: runs, kept files, and bytes of both."""

    runs: int = 0
    files: int = 0
    bytes: int = 0

    def __add__(self, more: "Freed") -> "Freed":
        return Freed(self.runs + more.runs, self.files + more.files, self.bytes + more.bytes)


class Cleaning:
    """`remove` runs, `clear` what is left of them, `collect` files that nobody needs, `shrink` the database."""

    def __init__(
        self, database: Database, artifacts: Artifacts, now: Callable[[], float] = time.time, grace: float = GRACE
    ) -> None:
        self._database = database
        self._artifacts = artifacts
        self._now = now
        self._grace = grace

    async def remove(self, ids: Iterable[str], interrupted_before: float) -> list[str]:
        """The runs of these that are gone now. One that goes on, waits, or was interrupted later than that stays."""
        gone: list[str] = []
        for some in _portions(ids, _RUNS):
            gone += await self._database.write(partial(_take, some, interrupted_before))
            failpoint("removal.noted")
        return gone

    async def clear(self) -> Freed:
        """Take what is left of removed runs from the disk: journal, then the files that only they had."""
        freed = Freed()
        while found := await self._database.read(lambda connection: _rows(connection, _PORTION, _ROWS, _BYTES)):
            await self._write(_DELETE_EVENTS, _json(found))
            freed += Freed(bytes=sum(taken for _, _, taken in found))
            failpoint("removal.portion")
            await self._breathe()
        while refers := await self._database.read(lambda connection: _rows(connection, _REFERS, _FILES)):
            await self._write(_DELETE_REFERS, _json(refers))
            failpoint("removal.files")
            freed += await self.collect(dict.fromkeys(sha for _, sha in refers))
        await self._write(_DELETE_REMOVALS)
        return freed

    async def collect(self, shas: Iterable[str]) -> Freed:
        """Remove those of the files that nobody refers to any more."""
        freed = Freed()
        for some in _portions(shas, _FILES):
            before = self._now() - self._grace
            # Looked at twice: outside, so that hardly any turn of the writer is needed, and inside, where it counts.
            old = await asyncio.to_thread(self._older, some, before)
            for few in _portions(await self._database.read(partial(_loose, old)) if old else [], _ASIDE):
                freed += await self._drop(few, before)
        return freed

    async def collect_all(self) -> Freed:
        """Look at every kept file, and remove those that nobody refers to."""
        freed = Freed()
        for folder in await asyncio.to_thread(self._artifacts.folders):
            before = self._now() - self._grace
            found = await asyncio.to_thread(self._artifacts.files_in, folder)
            freed += await self.collect([file.sha for file in found if file.saved_at < before])
            await self._breathe()
        return freed

    async def shrink(self) -> None:
        """Give every free page of the database back to the disk."""
        before = -1
        while (left := await self._database.give_back(_PAGES)) not in (0, before):
            before = left
            await self._breathe()
        await self._database.checkpoint()

    async def _drop(self, shas: Sequence[str], before: float) -> Freed:
        try:
            await self._database.write(partial(self._set_aside, shas))
        except BaseException:
            await asyncio.to_thread(self._artifacts.sweep)
            raise
        failpoint("artifact.aside")
        sizes = await asyncio.to_thread(lambda: [self._artifacts.drop(sha, before) for sha in shas])
        return Freed(files=sum(size > 0 for size in sizes), bytes=sum(sizes))

    def _set_aside(self, shas: Sequence[str], connection: sqlite3.Connection) -> None:
        """While this writes nobody else does, so nobody can begin to refer to a file between the look and the move."""
        for sha in _loose(shas, connection):
            self._artifacts.set_aside(sha)

    def _older(self, shas: Iterable[str], before: float) -> list[str]:
        return [sha for sha in shas if (at := self._artifacts.saved_at(sha)) is not None and at < before]

    async def _write(self, sql: str, *values: str) -> None:
        await self._database.write(lambda connection: connection.execute(sql, values).rowcount)

    async def _breathe(self) -> None:
        # Whoever has something to write comes first; a removal has time.
        await asyncio.sleep(0.005)


def _take(ids: Sequence[str], interrupted_before: float, connection: sqlite3.Connection) -> list[str]:
    connection.execute(_NOTE, (_json(ids), interrupted_before))
    found: list[tuple[str, str]] = _rows(connection, _NOTED)
    gone = _json([id for id, _ in found])
    versions = _json(sorted({version for _, version in found}))
    connection.execute("DELETE FROM run_size WHERE run_id IN (SELECT value FROM json_each(?))", (gone,))
    connection.execute("DELETE FROM run WHERE id IN (SELECT value FROM json_each(?))", (gone,))
    connection.execute(_DELETE_VERSIONS, (versions,))
    return [id for id, _ in found]


def _rows(connection: sqlite3.Connection, sql: str, *values: object) -> list[Any]:
    """The rows of a query that gives them as one JSON text: between two rows the thread would wait for its turn."""
    rows: list[Any] = orjson.loads(connection.execute(sql, values).fetchone()[0])
    return rows


def _loose(shas: Sequence[str], connection: sqlite3.Connection) -> list[str]:
    """Those of the files that no run refers to, and no output that is, was or may again be pinned to a step."""
    pinned = {sha for (document,) in connection.execute(_PINS).fetchall() for sha in shas_in(document.encode())}
    return [sha for sha in _rows(connection, _LOOSE, _json(shas)) if sha not in pinned]


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()


def _portions(every: Iterable[str], size: int) -> Iterator[list[str]]:
    left = iter(every)
    while some := list(islice(left, size)):
        yield some


_NOTE = """
    INSERT OR IGNORE INTO removal (run_id)
    SELECT r.id FROM json_each(?) AS wanted JOIN run r ON r.id = wanted.value
    LEFT JOIN run_size s ON s.run_id = r.id
    WHERE r.status NOT IN ('running', 'waiting')
    AND CASE r.status WHEN 'interrupted' THEN ifnull(s.last_at, r.created_at) < ? ELSE r.ended_at IS NOT NULL END
"""
_NOTED = """
    SELECT json_group_array(json_array(r.id, r.version_hash)) FROM removal n JOIN run r ON r.id = n.run_id
"""
_DELETE_VERSIONS = """
    DELETE FROM version WHERE hash IN (SELECT value FROM json_each(?))
    AND NOT EXISTS (SELECT 1 FROM run WHERE version_hash = version.hash)
    AND NOT EXISTS (SELECT 1 FROM kept_version WHERE version_hash = version.hash)
    AND NOT EXISTS (SELECT 1 FROM published WHERE version_hash = version.hash)
"""
_PORTION = """
    SELECT json_group_array(json_array(run_id, last, taken)) FROM (
        SELECT run_id, max(seq) AS last, sum(taken) AS taken FROM (
            SELECT run_id, seq, taken, sum(taken) OVER (ORDER BY run_id, seq ROWS UNBOUNDED PRECEDING) AS so_far
            FROM (
                SELECT e.run_id, e.seq, 80 + length(e.body) AS taken
                FROM removal n JOIN event e ON e.run_id = n.run_id ORDER BY e.run_id, e.seq LIMIT ?
            )
        ) WHERE so_far <= ? OR so_far = taken GROUP BY run_id
    )
"""
_DELETE_EVENTS = """
    DELETE FROM event WHERE (run_id, seq) IN (
        SELECT e.run_id, e.seq FROM json_each(?) AS part
        JOIN event e ON e.run_id = json_extract(part.value, '$[0]') AND e.seq <= json_extract(part.value, '$[1]')
    )
"""
_REFERS = """
    SELECT json_group_array(json_array(run_id, sha256)) FROM (
        SELECT f.run_id, f.sha256 FROM removal n JOIN run_file f ON f.run_id = n.run_id LIMIT ?
    )
"""
_DELETE_REFERS = """
    DELETE FROM run_file WHERE (run_id, sha256) IN (
        SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?)
    )
"""
_DELETE_REMOVALS = """
    DELETE FROM removal WHERE NOT EXISTS (SELECT 1 FROM event WHERE run_id = removal.run_id)
    AND NOT EXISTS (SELECT 1 FROM run_file WHERE run_id = removal.run_id)
"""
_LOOSE = """
    SELECT json_group_array(value) FROM json_each(?) AS wanted
    WHERE NOT EXISTS (SELECT 1 FROM run_file WHERE sha256 = wanted.value)
"""
_PINS = """
    SELECT document FROM flow WHERE instr(document, 'sha256') UNION ALL
    SELECT files FROM past WHERE files != '' UNION ALL
    SELECT document FROM version WHERE hash IN (SELECT version_hash FROM kept_version) AND instr(document, 'sha256')
"""

_RUNS = 20
_ROWS = 500
_BYTES = 250_000
_FILES = 200
_ASIDE = 8
_PAGES = 100
