"""Reading a run's journal back."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from app.engine.events import Event, event
from app.runs.reading.picture import Picture
from app.store.artifacts import Artifacts
from app.store.database import Database
from app.store.journal import ALL, Only, StoredRow, read_rows

PART = 1000
"""Rows of a long journal that are looked at together."""


async def events_of(
    database: Database,
    artifacts: Artifacts,
    run_id: str,
    after: int = -1,
    only: Only = ALL,
    *,
    light: bool = False,
    until: int | None = None,
) -> tuple[list[Event], int]:
    """The events of a run after the given number, all or some, and the number of the last one.

    With `light` the ends of steps come without their outputs where those are large; with `until` up to that number.
    """
    rows = await read_rows(database, run_id, after, artifacts=artifacts, only=only, light=light)
    if until is not None:
        rows = [row for row in rows if row.seq <= until]
    # A long journal takes a while to understand, and the windows do not wait for it.
    found = await asyncio.to_thread(_understood, rows)
    return found, rows[-1].seq if rows else after


async def picture_at(database: Database, artifacts: Artifacts, run_id: str) -> tuple[Picture, int]:
    """What a run looks like by what is on the disk, and the number of the last event of it."""
    picture, last = Picture(), -1
    # A part at a time, and forgotten when it is understood: a hundred thousand events at once would be half the work
    # of the garbage collector, and a lot of memory.
    while rows := await read_rows(database, run_id, last, artifacts=artifacts, light=True, most=PART):
        await asyncio.to_thread(_take, picture, rows)
        last = rows[-1].seq
    return picture, last


def picture_of(events: Iterable[Event]) -> Picture:
    """What the run looks like after these events."""
    picture = Picture()
    picture.take_all(events)
    return picture


def _take(picture: Picture, rows: Iterable[StoredRow]) -> None:
    for row in rows:
        if (told := event((row.at, row.kind, row.step, row.body))) is not None:
            picture.take(told)


def _understood(rows: Iterable[StoredRow]) -> list[Event]:
    return [told for row in rows if (told := event((row.at, row.kind, row.step, row.body))) is not None]
