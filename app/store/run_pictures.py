"""What a long run looked like after a row of its journal, kept as bytes that the store does not look into."""

from __future__ import annotations

import sqlite3
from contextlib import suppress

from app.store.database import Database
from app.store.sizes import grow
from app.store.trouble import StoreTrouble

LARGEST = 500_000
"""Bytes; what is larger is not kept, so that removing runs stays a matter of small portions."""


async def kept_picture(database: Database, run_id: str) -> tuple[int, bytes] | None:
    """The number of the row that it was kept after, and what was kept; None where there is nothing for this journal."""
    row = await database.read(lambda connection: connection.execute(_SELECT, (run_id,)).fetchone())
    return None if row is None or not isinstance(row[1], bytes) else (int(row[0]), row[1])


def keep_picture(database: Database, run_id: str, seq: int, body: bytes) -> None:
    """Keep it in place of an earlier one, soon. Nobody waits for it: without it, the journal is read again."""
    if len(body) > LARGEST:
        return

    def put(connection: sqlite3.Connection) -> None:
        found = connection.execute(_SIZE, (run_id,)).fetchone()
        if found is not None:  # Else the run was removed meanwhile.
            connection.execute(_PUT, (run_id, seq, body))
            grow(connection, run_id, 0, len(body) - found[0], 0.0)

    with suppress(StoreTrouble):
        database.submit(put).add_done_callback(lambda ended: ended.cancelled() or ended.exception())


_SELECT = "SELECT seq, body FROM run_picture WHERE run_id = ?"
_SIZE = "SELECT ifnull(length(p.body), 0) FROM run r LEFT JOIN run_picture p ON p.run_id = r.id WHERE r.id = ?"
_PUT = """
    INSERT INTO run_picture (run_id, seq, body) VALUES (?, ?, ?)
    ON CONFLICT (run_id) DO UPDATE SET seq = excluded.seq, body = excluded.body
"""
