"""What a person has allowed each flow to touch."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from app.store.database import Database


@dataclass(frozen=True)
class StoredGrant:
    """A grant as JSON text, and the hash of the flow that was reviewed when it was given."""

    flow_id: str
    content_hash: str
    grant_json: str
    accepted_at: float


class Grants:
    """One grant a flow; a new one takes the place of the old."""

    def __init__(self, database: Database, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self._now = now

    async def get(self, flow_id: str) -> StoredGrant | None:
        row = await self._database.read(
            lambda connection: connection.execute(
                "SELECT flow_id, content_hash, grant_json, accepted_at FROM flow_grant WHERE flow_id = ?", (flow_id,)
            ).fetchone()
        )
        return None if row is None else StoredGrant(*row)

    async def accept(self, flow_id: str, content_hash: str, grant_json: str) -> StoredGrant:
        grant = StoredGrant(flow_id, content_hash, grant_json, self._now())
        await self._database.write(
            lambda connection: connection.execute(
                "INSERT OR REPLACE INTO flow_grant (flow_id, content_hash, grant_json, accepted_at)"
                " VALUES (?, ?, ?, ?)",
                (flow_id, content_hash, grant_json, grant.accepted_at),
            )
        )
        return grant
