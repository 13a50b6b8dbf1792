"""The model providers a person has set up. Their keys are secrets and not here."""

import secrets
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass

from app.store.database import Database
from app.store.refusal import NameTaken


@dataclass(frozen=True)
class Connection:
    id: str
    name: str
    provider: str
    base_url: str
    default_model: str
    created_at: float


class Connections:
    """Each has a name of its own; the first one made comes first."""

    def __init__(self, database: Database, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now = now

    async def all(self) -> list[Connection]:
        sql = "SELECT id, name, provider, base_url, default_model, created_at FROM connection ORDER BY created_at, name"
        rows = await self._database.read(lambda connection: connection.execute(sql).fetchall())
        return [Connection(*row) for row in rows]

    async def get(self, id: str) -> Connection | None:
        return next((each for each in await self.all() if each.id == id), None)

    async def named(self, name: str) -> Connection | None:
        return next((each for each in await self.all() if each.name == name), None)

    async def add(self, *, name: str, provider: str, base_url: str = "", default_model: str = "") -> Connection:
        made = Connection(secrets.token_hex(8), name, provider, base_url, default_model, self._now())
        await self.put(made)
        return made

    async def put(self, one: Connection) -> None:
        """Store it, in the place of the one with the same id if there is one."""

        def upsert(connection: sqlite3.Connection) -> None:
            other = connection.execute("SELECT 1 FROM connection WHERE name = ? AND id <> ?", (one.name, one.id))
            if other.fetchone():
                raise NameTaken(f"There is already a connection called “{one.name}”.", "Choose another name.")
            connection.execute(
                "INSERT OR REPLACE INTO connection (id, name, provider, base_url, default_model, created_at)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (one.id, one.name, one.provider, one.base_url, one.default_model, one.created_at),
            )

        await self._database.write(upsert)

    async def remove(self, id: str) -> None:
        await self._database.write(lambda connection: connection.execute("DELETE FROM connection WHERE id = ?", (id,)))
