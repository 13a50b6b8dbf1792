"""The timeline of a run: a row for each step, containers that open into their rounds, and only what is visible."""

from __future__ import annotations

import asyncio
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from app.engine.past import plain
from app.runs.reading.tracks import LETTERS, WANTED, WORDS, Bar, Level, Rounds, Track
from app.store.artifacts import Artifacts
from app.store.bones import PART, Bone, read_bones
from app.store.database import Database

MANY = 200
"""Rounds from which on they are shown in groups."""

GROUP = 100
"""Rounds of a group, and groups of a larger one."""

MARKS = 240
"""Marks in which the rounds of a row are summed up at most."""


@dataclass(frozen=True)
class Row:
    """One line of the timeline: a step, a round, or several rounds. `opens` is None where there is nothing inside."""

    id: str
    kind: str
    depth: int
    status: str
    start: float
    end: float | None
    opens: bool | None = None
    bars: Sequence[Bar] = ()
    waits: Sequence[Bar] = ()
    rounds: tuple[Rounds, int, int] | None = field(default=None, repr=False)
    """Of which rounds it is the sum: from one place to before another."""
    count: int = 0
    failed: int = 0
    name: str = ""
    """The name of a round, and of the first and the last one of a group."""


@dataclass(frozen=True)
class Part:
    """Some rows, of so many, with the marks of those that sum up rounds."""

    rows: list[tuple[Row, str]]
    first: int
    count: int


class Timeline:
    """`catch_up` with the journal, then ask for a `part` of its rows. `spared` may fail without harm."""

    def __init__(
        self, database: Database, artifacts: Artifacts, run_id: str, begin: float, spared: frozenset[str] = frozenset()
    ) -> None:
        self.run_id = run_id
        self.begin = begin
        """When its first step began; until then, when the run did."""
        self._created = begin
        self.root = Level("", begin, spared)
        self.over = ""
        self._spared = spared
        self._levels: dict[str, Level] = {}
        """The rounds that were opened, by their scope."""
        self._open: set[str] = set()
        self._rows: list[Row] | None = None
        self._seqs, self._ats = array("q"), array("d")
        self._turn = asyncio.Lock()
        self._database, self._artifacts = database, artifacts

    @property
    def until(self) -> float:
        """When anything was last heard of."""
        return self.root.until

    @property
    def events(self) -> int:
        """How many moments there are to look at."""
        return len(self._seqs)

    async def catch_up(self) -> bool:
        """Take what has come to the journal since; True where there was something."""
        async with self._turn:
            heard = await self._read(self.root)
            for level in self._levels.values() if heard else ():
                await self._read(level)
            if heard:
                self._rows = None
                self.begin = min((track.start for track in self.root.tracks.values()), default=self._created)
            return heard

    def end(self, status: str) -> None:
        """The run goes on no more, whether its journal could be told so or not."""
        if not self.over:
            self.over = status
            for level in (self.root, *self._levels.values()):
                level.end("interrupted" if status == "interrupted" else "stopped")
            self._rows = None

    def goes_on(self) -> None:
        """The run goes on after its end."""
        self.over = ""

    async def turn(self, id: str, open: bool | None = None) -> None:
        """Open a row or close it; without a word the other way round."""
        async with self._turn:
            wanted = id not in self._open if open is None else open
            if not wanted:
                self._open.discard(id)
            else:
                self._open.add(id)
                await self._load(id)
            self._rows = None

    async def part(self, first: int, count: int, since: float, until: float, now: float) -> Part:
        """So many rows from one on, and the marks of their rounds between two times."""
        async with self._turn:
            return await asyncio.to_thread(self._part, first, count, since, until, now)

    def row_of(self, id: str) -> int:
        """The place of a row; -1 where it is not there."""
        return next((place for place, row in enumerate(self._listed()) if row.id == id), -1)

    def event_at(self, moment: float) -> int:
        """The number of the last event that had happened at a time; -1 before the first."""
        place = bisect_right(self._ats, moment) - 1
        return self._seqs[place] if place >= 0 else -1

    def beside(self, event: int, by: int) -> int:
        """The event so many further on; where there is none, the last on the way."""
        place = bisect_right(self._seqs, event) - 1 + by
        return self._seqs[max(0, min(place, len(self._seqs) - 1))] if self._seqs else -1

    def time_of(self, event: int) -> float:
        """When an event happened."""
        place = bisect_right(self._seqs, event) - 1
        return self._ats[place] if place >= 0 else self.begin

    def number_of(self, event: int) -> tuple[int, int]:
        """Which event it is, as people count, and of how many."""
        return bisect_right(self._seqs, event), len(self._seqs)

    async def _read(self, level: Level) -> bool:
        heard = False
        while True:
            bones = await read_bones(
                self._database, self._artifacts, self.run_id, level.last, WANTED, level.pattern or "*"
            )
            if bones:
                heard = True
                await asyncio.to_thread(self._take, level, bones)
            if len(bones) < PART:
                break
        return heard

    def _take(self, level: Level, bones: Sequence[Bone]) -> None:
        level.take_all(bones)
        if level is self.root:
            last = self._ats[-1] if self._ats else self._created
            self._seqs.extend(bone.seq for bone in bones)
            for bone in bones:
                last = max(last, bone.at)
                self._ats.append(last)

    async def _load(self, id: str) -> None:
        """Read the rounds that a row shows the steps of."""
        for scope in self._scopes(id):
            if scope not in self._levels:
                level = self._levels[scope] = Level(scope, self._created, self._spared)
                await self._read(level)
                if self.over:
                    level.end("interrupted" if self.over == "interrupted" else "stopped")

    def _scopes(self, id: str) -> list[str]:
        """The round whose steps an open row shows: its own, or the only one there is."""
        if ":" in id:
            return []
        depth = id.count("/")
        if depth % 2:
            return [id]
        track = self._track(id)
        return [f"{id}/{track.rounds.names[0]}"] if track is not None and _only_one(track) and track.rounds else []

    def _track(self, path: str) -> Track | None:
        scope, _, name = path.rpartition("/")
        level = self.root if not scope else self._levels.get(scope)
        return None if level is None else level.tracks.get(name)

    def _listed(self) -> list[Row]:
        if self._rows is None:
            self._rows = list(self._steps(self.root, 0))
        return self._rows

    def _steps(self, level: Level, depth: int) -> Iterator[Row]:
        for track in level.in_order():
            rounds = track.rounds
            opened = None if not rounds else track.path in self._open
            last = track.bars[-1] if track.bars else None
            yield Row(
                track.path,
                "step",
                depth,
                track.status,
                track.start,
                last.end if last is not None else None,
                opened,
                track.bars,
                track.waits,
                (rounds, 0, len(rounds)) if rounds and not _only_one(track) else None,
                len(rounds) if rounds else 0,
                rounds.failed() if rounds else 0,
            )
            if opened and rounds:
                if _only_one(track):
                    yield from self._inside(f"{track.path}/{rounds.names[0]}", depth + 1)
                else:
                    yield from self._rounds(track.path, rounds, 0, len(rounds), depth + 1)

    def _rounds(self, path: str, rounds: Rounds, first: int, last: int, depth: int) -> Iterator[Row]:
        count = last - first
        if count <= MANY if first == 0 and last == len(rounds) else count <= GROUP:
            for place in range(first, last):
                yield from self._round(path, rounds, place, depth)
            return
        size = GROUP
        while size * GROUP < count:
            size *= GROUP
        for start in range(first, last, size):
            end = min(start + size, last)
            id = f"{path}:{start}-{end}"
            opened = id in self._open
            yield _sum(id, rounds, start, end, depth, opened)
            if opened:
                yield from self._rounds(path, rounds, start, end, depth + 1)

    def _round(self, path: str, rounds: Rounds, place: int, depth: int) -> Iterator[Row]:
        name = rounds.names[place]
        scope = f"{path}/{name}"
        opened = scope in self._open
        status, end = WORDS[rounds.status(place)], rounds.end(place)
        bar = Bar(rounds.starts[place], end, status)
        yield Row(scope, "round", depth, status, bar.start, end, opened, (bar,), name=name)
        if opened:
            yield from self._inside(scope, depth + 1)

    def _inside(self, scope: str, depth: int) -> Iterator[Row]:
        if (level := self._levels.get(scope)) is not None:
            yield from self._steps(level, depth)

    def _part(self, first: int, count: int, since: float, until: float, now: float) -> Part:
        rows = self._listed()
        shown = rows[max(0, first) : max(0, first) + count]
        marked = [(row, marks(row.rounds, since, until, now) if row.rounds else "") for row in shown]
        return Part(marked, max(0, first), len(rows))


def path_of(id: str) -> str:
    """The path in the flow of the step that a row is about; of a round, of its container."""
    place = id.partition(":")[0]
    return plain(place.rpartition("/")[0] if place.count("/") % 2 else place)


def rounds_of(id: str) -> list[tuple[str, str]]:
    """The rounds in which the step of a row stands, from the outside in: the path of each container, and a round."""
    parts = id.partition(":")[0].split("/")
    return [(plain("/".join(parts[:depth])), parts[depth]) for depth in range(1, len(parts), 2)]


def marks(part: tuple[Rounds, int, int], since: float, until: float, now: float) -> str:
    """The rounds between two times as letters, from the first to the last moment: the worst of each stretch."""
    rounds, first, last = part
    found = bytearray(MARKS)
    scale = MARKS / max(until - since, 1e-9)
    starts, ends, open = rounds.starts, rounds.ends, set(rounds.open())
    for place in range(first, last):
        end = now if place in open else ends[place]
        start = starts[place]
        if end < since or start > until:
            continue
        status = rounds.status(place)
        left = max(0, int((start - since) * scale))
        right = min(MARKS - 1, int((end - since) * scale))
        for at in range(left, right + 1):
            if found[at] < status:
                found[at] = status
    return "".join(LETTERS[status] for status in found)


def _sum(id: str, rounds: Rounds, first: int, last: int, depth: int, opened: bool) -> Row:
    failed = rounds.failed(first, last)
    goes = any(first <= place < last for place in rounds.open())
    end = None if goes else max(rounds.ends[first:last])
    status = "running" if goes else "failed" if failed else "done"
    names = f"{rounds.names[first]}-{rounds.names[last - 1]}"
    start = min(rounds.starts[first:last])
    return Row(
        id, "group", depth, status, start, end, opened, (), (), (rounds, first, last), last - first, failed, names
    )


def _only_one(track: Track) -> bool:
    """True for a container that is no loop: its steps are shown right in it."""
    return track.rounds is not None and len(track.rounds) == 1
