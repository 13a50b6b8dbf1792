"""What has been done to each flow, so that it can be undone: in a window, after a reload, and after a restart."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from app.store.database import Database
from app.store.deltas import texts_in
from app.store.sizes import shas_in

MOST = 8_000_000
"""Bytes that are kept of what was done to one flow; the oldest goes first."""

EVERY = 32
"""Edits after which it is looked whether that is too much."""

Trace = Callable[[sqlite3.Connection], object]
"""What is written of an edit in the same transaction as the flow."""


@dataclass(frozen=True)
class Done:
    """Something that was done to a flow, in words; `undone` where it was taken back and can be done again."""

    seq: int
    done: str
    undone: bool


class Pasts:
    """`all` that can be undone or done again in a flow; `noted` and `turned` are written together with the flow."""

    def __init__(self, database: Database, now: Callable[[], float] = time.time, most: int = MOST) -> None:
        self._database = database
        self._now = now
        self._most = most

    async def all(self, flow_id: str) -> list[Done]:
        """Everything that is kept, in the order in which it was done."""
        rows = await self._database.read(
            lambda connection: connection.execute(
                "SELECT seq, done, undone FROM past WHERE flow_id = ? ORDER BY seq", (flow_id,)
            ).fetchall()
        )
        return [Done(seq, done, bool(undone)) for seq, done, undone in rows]

    async def delta(self, flow_id: str, seq: int) -> bytes | None:
        """What it changed; None where it is not kept any more."""
        row = await self._database.read(
            lambda connection: connection.execute(
                "SELECT delta FROM past WHERE flow_id = ? AND seq = ?", (flow_id, seq)
            ).fetchone()
        )
        return None if row is None else bytes(row[0])

    async def has(self, flow_id: str, ticket: str) -> bool:
        """True where the edit that a window calls so has been made."""
        row = await self._database.read(
            lambda connection: connection.execute(
                "SELECT 1 FROM past WHERE flow_id = ? AND ticket = ?", (flow_id, ticket)
            ).fetchone()
        )
        return row is not None

    def noted(self, flow_id: str, seq: int, done: str, delta: bytes, ticket: str) -> Trace:
        """Note an edit, in place of whatever has this number or a later one."""
        text = texts_in(delta)
        files = " ".join(f"sha256:{sha}" for sha in sorted(set(shas_in(text.encode()))))
        row = (flow_id, seq, done, False, ticket, delta, files, self._now())

        def note(connection: sqlite3.Connection) -> None:
            connection.execute("DELETE FROM past WHERE flow_id = ? AND seq >= ?", (flow_id, seq))
            connection.execute(
                "INSERT INTO past (flow_id, seq, done, undone, ticket, delta, files, created_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                row,
            )
            if seq % EVERY == 0 or len(delta) > self._most // EVERY:
                connection.execute(_CUT, (flow_id, self._most))

        return note

    def turned(self, flow_id: str, seq: int, *, undone: bool) -> Trace:
        """Note that it was taken back, or done again."""

        def turn(connection: sqlite3.Connection) -> None:
            connection.execute("UPDATE past SET undone = ? WHERE flow_id = ? AND seq = ?", (undone, flow_id, seq))

        return turn

    async def forget(self, flow_id: str) -> None:
        """Keep nothing of what was done to a flow."""
        await self._database.write(partial(forget, flow_id))


def forget(flow_id: str, connection: sqlite3.Connection) -> None:
    """What was done before does not lead to the flow as it is now."""
    connection.execute("DELETE FROM past WHERE flow_id = ?", (flow_id,))


_CUT = """
    DELETE FROM past WHERE flow_id = ?1 AND seq <= (
        SELECT max(seq) FROM (
            SELECT seq, sum(length(delta) + 100) OVER (ORDER BY seq DESC ROWS UNBOUNDED PRECEDING) AS newer
            FROM past WHERE flow_id = ?1
        ) WHERE newer > ?2
    )
"""
