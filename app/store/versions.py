"""The versions of a flow: those that a person has kept, and those that runs have used."""

import hashlib
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass

from app.store.database import Database
from app.store.refusal import VersionMissing


@dataclass(frozen=True)
class Kept:
    """A version that a person has kept; `changes` since the one before, None of the first."""

    id: int
    hash: str
    name: str
    note: str
    changes: int | None
    at: float


@dataclass(frozen=True)
class Used:
    """A version that runs have used: how many, and the last of them."""

    hash: str
    runs: int
    last_run: str
    at: float


class Versions:
    """`keep` a version of a flow, list `kept` and `used` ones, read the `document` of any. Content is stored once."""

    def __init__(self, database: Database, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now = now

    async def keep(self, flow_id: str, document: str, *, name: str, note: str = "", changes: int | None = None) -> Kept:
        """Keep this document, with the name and the note that a person gives it."""
        version, at = hash_of(document), self._now()

        def insert(connection: sqlite3.Connection) -> int:
            connection.execute("INSERT OR IGNORE INTO version (hash, document) VALUES (?, ?)", (version, document))
            made = connection.execute(
                "INSERT INTO kept_version (flow_id, version_hash, name, note, changes, created_at)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (flow_id, version, name, note, changes, at),
            )
            return int(made.lastrowid or 0)

        return Kept(await self._database.write(insert), version, name, note, changes, at)

    async def kept(self, flow_id: str) -> list[Kept]:
        """Those that a person has kept, the newest first."""
        rows = await self._database.read(
            lambda connection: connection.execute(
                "SELECT id, version_hash, name, note, changes, created_at FROM kept_version WHERE flow_id = ?"
                " ORDER BY created_at DESC, id DESC",
                (flow_id,),
            ).fetchall()
        )
        return [Kept(*row) for row in rows]

    async def used(self, flow_id: str, limit: int = 50) -> list[Used]:
        """Those that runs have used, the last used first."""
        # Of a group, SQLite takes the other columns from the row that has the maximum.
        rows = await self._database.read(
            lambda connection: connection.execute(
                "SELECT version_hash, count(*), id, max(created_at) AS at FROM run WHERE flow_id = ?"
                " GROUP BY version_hash ORDER BY at DESC LIMIT ?",
                (flow_id, limit),
            ).fetchall()
        )
        return [Used(*row) for row in rows]

    async def document(self, hash: str) -> str:
        """The flow of a version, as JSON. VersionMissing where it is gone with the last run that used it."""
        row = await self._database.read(
            lambda connection: connection.execute("SELECT document FROM version WHERE hash = ?", (hash,)).fetchone()
        )
        if row is None:
            raise VersionMissing("This version is not here any more.", "It went with the last run that used it.")
        return str(row[0])


def hash_of(document: str) -> str:
    """What a version is known by: the same content is the same version."""
    return hashlib.sha256(document.encode()).hexdigest()
