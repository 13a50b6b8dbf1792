"""The flows a person has, and how each did when it last ran."""

import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.failpoint import failpoint
from app.store.database import Database
from app.store.pasts import Pasts, Trace, forget
from app.store.refusal import FlowConflict, FlowExists, FlowMissing


@dataclass(frozen=True)
class LastRun:
    id: str
    status: str
    message: str
    created_at: float
    ended_at: float | None
    trigger: str = "window"

    @property
    def seconds(self) -> float | None:
        """How long it took; None while it goes on."""
        return None if self.ended_at is None else self.ended_at - self.created_at


@dataclass(frozen=True)
class FlowCard:
    """What the home page shows of a flow."""

    id: str
    name: str
    description: str
    revision: int
    origin: str
    changed_at: float
    last_run: LastRun | None


@dataclass(frozen=True)
class StoredFlow:
    """A flow with its document as JSON text."""

    id: str
    name: str
    description: str
    document: str
    revision: int
    origin: str
    created_at: float
    changed_at: float


class Flows:
    """Deleting hides a flow and can be undone; its runs stay readable either way."""

    def __init__(self, database: Database, now: Callable[[], float] = time.time) -> None:
        self.pasts = Pasts(database, now)
        self._database = database
        self._now = now

    async def cards(self, search: str = "") -> list[FlowCard]:
        """The flows whose name or description contains the words, last changed first."""
        words = [word.casefold() for word in search.split()]
        every = "".join(" AND instr(casefold(f.name || ' ' || f.description), ?)" for _ in words)
        rows = await self._database.read(
            lambda connection: connection.execute(f"{_CARDS}{every}{_ORDER}", words).fetchall()
        )
        return [_card(*row) for row in rows]

    async def get(self, id: str) -> StoredFlow:
        return await self._one("id = ?", id)

    async def revision(self, id: str) -> int:
        """How often the flow has been saved; 0 where it is not here."""
        row = await self._database.read(
            lambda connection: connection.execute(
                "SELECT revision FROM flow WHERE id = ? AND deleted_at IS NULL", (id,)
            ).fetchone()
        )
        return 0 if row is None else int(row[0])

    async def find(self, text: str) -> StoredFlow:
        """The flow with this id or, if only one has it, this name."""
        return await self._one("(id = ?1 OR casefold(name) = casefold(?1))", text)

    async def origin(self, id: str) -> str | None:
        """Where a flow came from, also one that was deleted; None of one that was never here."""
        row = await self._database.read(
            lambda connection: connection.execute("SELECT origin FROM flow WHERE id = ?", (id,)).fetchone()
        )
        return None if row is None else str(row[0])

    async def arrived(self, id: str) -> None:
        """Count a flow as one that came from elsewhere."""
        await self._database.write(
            lambda connection: connection.execute("UPDATE flow SET origin = 'arrived' WHERE id = ?", (id,))
        )

    async def create(self, *, id: str, name: str, description: str, document: str, origin: str) -> StoredFlow:
        """Store a new flow; a deleted one with the same id makes room."""
        now = self._now()
        made = StoredFlow(id, name, description, document, 1, origin, now, now)

        def insert(connection: sqlite3.Connection) -> None:
            connection.execute("DELETE FROM flow WHERE id = ? AND deleted_at IS NOT NULL", (id,))
            failpoint("import.half")
            held = connection.execute("SELECT name FROM flow WHERE id = ?", (id,)).fetchone()
            if held:
                raise FlowExists(f"This flow is already here as “{held[0]}”.", "Replace it, or add it as a copy.")
            connection.execute(
                "INSERT INTO flow (id, name, description, document, revision, origin, created_at, changed_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (id, name, description, document, 1, origin, now, now),
            )

        await self._database.write(insert)
        return made

    async def save(
        self, id: str, *, expected: int, name: str, description: str, document: str, trace: Trace | None = None
    ) -> int:
        """Store the flow as it is now; returns its new revision. `expected` is the revision it was read at.

        `trace` notes how to undo that. Without it nothing can be undone, for what was done before led elsewhere.
        """

        def update(connection: sqlite3.Connection) -> int:
            changed = connection.execute(
                "UPDATE flow SET name = ?, description = ?, document = ?, revision = revision + 1, changed_at = ?"
                " WHERE id = ? AND revision = ? AND deleted_at IS NULL",
                (name, description, document, self._now(), id, expected),
            )
            if changed.rowcount == 1:
                forget(id, connection) if trace is None else trace(connection)
                return expected + 1
            held = connection.execute("SELECT revision FROM flow WHERE id = ? AND deleted_at IS NULL", (id,)).fetchone()
            if held is None:
                raise _missing(id)
            raise FlowConflict(
                f"“{name}” was changed in another window since you opened it here.",
                "Reload to see that version, or save yours as a copy. Nothing is lost until you choose.",
            )

        return await self._database.write(update)

    async def delete(self, id: str) -> None:
        """Hide the flow; `undelete` brings it back."""
        await self._mark(id, self._now())

    async def undelete(self, id: str) -> None:
        await self._mark(id, None)

    async def _mark(self, id: str, deleted_at: float | None) -> None:
        def update(connection: sqlite3.Connection) -> None:
            if connection.execute("UPDATE flow SET deleted_at = ? WHERE id = ?", (deleted_at, id)).rowcount != 1:
                raise _missing(id)

        await self._database.write(update)

    async def _one(self, where: str, text: str) -> StoredFlow:
        sql = (
            "SELECT id, name, description, document, revision, origin, created_at, changed_at FROM flow"
            f" WHERE {where} AND deleted_at IS NULL"
        )
        rows = await self._database.read(lambda connection: connection.execute(sql, (text,)).fetchall())
        flows = [StoredFlow(*row) for row in rows]
        match [flow for flow in flows if flow.id == text] or flows:
            case [flow]:
                return flow
            case []:
                raise _missing(text)
        raise FlowMissing(f"{len(flows)} flows are called “{text}”.", f"Use an id: {', '.join(f.id for f in flows)}.")


def _card(id: str, name: str, description: str, revision: int, origin: str, changed_at: float, *run: Any) -> FlowCard:
    return FlowCard(id, name, description, revision, origin, changed_at, LastRun(*run) if run[0] else None)


def _missing(text: str) -> FlowMissing:
    return FlowMissing(f"There is no flow “{text}” here.", "It may have been deleted; look for it on the home page.")


_CARDS = """
    SELECT f.id, f.name, f.description, f.revision, f.origin, f.changed_at,
           r.id, r.status, r.message, r.created_at, r.ended_at, r.trigger
    FROM flow f LEFT JOIN run r ON r.id = (
        SELECT id FROM run WHERE flow_id = f.id ORDER BY created_at DESC, id DESC LIMIT 1
    )
    WHERE f.deleted_at IS NULL"""

_ORDER = " ORDER BY f.changed_at DESC, f.name"
