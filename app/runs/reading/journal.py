"""Reading a run's journal back."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from functools import partial

from app.engine.events import Event, Finished, event
from app.engine.past import plain
from app.runs.reading.picture import Picture
from app.runs.reading.rounds import DONE
from app.store.artifacts import Artifacts
from app.store.database import Database
from app.store.journal import ALL, Only, StoredRow, read_rows

PART = 4000
"""Rows of a long journal that are looked at together."""

_OF_ONE = frozenset({"started", "progressed", "failed", "skipped", "logged", "streamed", "spent", "pictured"})
"""Kinds of events that change nothing but the light of their step."""


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
    # of the garbage collector, and a lot of memory. The next one is read meanwhile.
    read = partial(read_rows, database, run_id, artifacts=artifacts, light=True, most=PART)
    rows = await read(after=last)
    while rows:
        last = rows[-1].seq
        rows, _ = await asyncio.gather(read(after=last), asyncio.to_thread(take_rows, picture, rows))
    return picture, last


def picture_of(events: Iterable[Event]) -> Picture:
    """What the run looks like after these events."""
    picture = Picture()
    picture.take_all(events)
    return picture


def take_rows(picture: Picture, rows: Iterable[StoredRow]) -> None:
    """Take rows in order. Of a step that ended well round after round, only the last of these ends is looked into."""
    ends: dict[str, tuple[int, StoredRow]] = {}
    for row in rows:
        path = plain(row.step)
        if row.kind == "finished":
            picture.rounds.stands(row.step, DONE)
            picture.no_longer_runs(path, row.step)
            ends[path] = ends[path][0] + 1 if path in ends else 1, row
            continue
        # What is told of a step comes after what it has ended with before; what is told of the run, after everything.
        for held in [path] if row.kind in _OF_ONE else list(ends):
            _take_ends(picture, ends.pop(held, None))
        if (told := event((row.at, row.kind, row.step, row.body))) is not None:
            picture.take(told)
    for left in ends.values():
        _take_ends(picture, left)


def _take_ends(picture: Picture, ends: tuple[int, StoredRow] | None) -> None:
    if ends is not None:
        times, row = ends
        last = event((row.at, row.kind, row.step, row.body))
        if isinstance(last, Finished):
            picture.ended_well(last, times)


def _understood(rows: Iterable[StoredRow]) -> list[Event]:
    return [told for row in rows if (told := event((row.at, row.kind, row.step, row.body))) is not None]
