"""Reading a run's journal back."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from functools import partial

from app.engine.events import Event, Finished, event
from app.engine.past import plain
from app.engine.pieces import loads
from app.runs.reading.frozen import freeze, thaw
from app.runs.reading.picture import Light, Picture
from app.runs.reading.rounds import DONE
from app.store.artifacts import Artifacts
from app.store.database import Database
from app.store.journal import ALL, Only, StoredRow, read_rows
from app.store.run_pictures import keep_picture, kept_picture

PART = 4000
"""Rows of a long journal that are looked at together."""

MANY = 4000
"""Rows that are read again each time; what more of them come to is kept."""

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
    """What a run looks like by what is on the disk, and the number of the last event of it.

    Where many rows had to be read, what they come to is kept, and whoever asks next reads only what came after them.
    """
    fold = await asyncio.to_thread(_Fold, run_id, await kept_picture(database, run_id))
    # A part at a time, and forgotten when it is understood: a hundred thousand events at once would be half the work
    # of the garbage collector, and a lot of memory. The next one is read meanwhile.
    read = partial(read_rows, database, run_id, artifacts=artifacts, light=True, most=PART)
    rows = await read(after=fold.last)
    while rows:
        rows, _ = await asyncio.gather(read(after=rows[-1].seq), asyncio.to_thread(fold.take, rows))
    if (kept := await asyncio.to_thread(fold.to_keep) if fold.is_long else None) is not None:
        keep_picture(database, run_id, *kept)
    return fold.picture, fold.last


class _Fold:
    """A picture that takes rows, from the one that was kept on, and can be kept again."""

    def __init__(self, run_id: str, kept: tuple[int, bytes] | None) -> None:
        found = None if kept is None else thaw(kept[1], run_id, kept[0])
        self.picture = found or Picture()
        self.last = self._began = kept[0] if found is not None and kept is not None else -1
        self._run_id = run_id
        self._frozen: tuple[int, bytes] | None = None

    @property
    def is_long(self) -> bool:
        """True where so much was read that one should not have to read it again."""
        return self.last - self._began >= MANY

    def take(self, rows: Sequence[StoredRow]) -> None:
        """Take the next rows. A run that ends is kept as it was right before: its end has the result."""
        if rows[-1].kind == "ended" and rows[-1].seq - self._began > MANY:
            self._take(rows[:-1])
            self._frozen = self._freeze()
            rows = rows[-1:]
        self._take(rows)

    def to_keep(self) -> tuple[int, bytes] | None:
        """The number of a row, and the picture after it as bytes."""
        return self._frozen or self._freeze()

    def _take(self, rows: Sequence[StoredRow]) -> None:
        if rows:
            take_rows(self.picture, rows)
            self.last = rows[-1].seq

    def _freeze(self) -> tuple[int, bytes] | None:
        body = freeze(self.picture, self._run_id, self.last)
        return None if body is None else (self.last, body)


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
            picture.lights.setdefault(path, Light("waiting"))  # Steps are told in the order in which they first came.
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
    stored = ((row.at, row.kind, row.step, row.body) for row in rows)
    return [told for each in stored if (told := event(each, loads)) is not None]
