"""Which version of each flow is the published one."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable

from app.store.database import Database


class PublishedVersions:
    """The published version of a flow by its hash; a flow has one or none."""

    def __init__(self, database: Database, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now = now

    async def get(self, flow_id: str) -> str | None:
        """The hash of the published version; None where none is."""
        row = await self._database.read(
            lambda connection: connection.execute(
                "SELECT version_hash FROM published WHERE flow_id = ?", (flow_id,)
            ).fetchone()
        )
        return None if row is None else str(row[0])

    async def put(self, flow_id: str, hash: str) -> None:
        """Publish this version in place of any other."""
        row = (flow_id, hash, self._now())

        def put(connection: sqlite3.Connection) -> None:
            connection.execute(
                "INSERT INTO published (flow_id, version_hash, published_at) VALUES (?, ?, ?)"
                " ON CONFLICT (flow_id) DO UPDATE SET"
                " version_hash = excluded.version_hash, published_at = excluded.published_at",
                row,
            )

        await self._database.write(put)

    async def take_back(self, flow_id: str) -> None:
        """Publish none."""
        await self._database.write(
            lambda connection: connection.execute("DELETE FROM published WHERE flow_id = ?", (flow_id,)).rowcount
        )
