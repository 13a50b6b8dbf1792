"""The journal of a run: appended in a microsecond, on the disk within a moment, heard of only when it is there."""

import asyncio
import re
import sqlite3
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache, partial
from itertools import chain
from typing import NamedTuple

import orjson

from app.store.artifacts import Artifacts
from app.store.database import Database
from app.store.sizes import ROW, grow, refer, shas_in
from app.store.trouble import StoreTrouble, damaged

Row = tuple[float, str, str, bytes]
"""When, kind of event, path of the step, body as JSON."""

LARGE = 64 * 1024
"""Bodies over so many bytes are kept as artifacts."""


class StoredRow(NamedTuple):
    seq: int
    at: float
    kind: str
    step: str
    body: bytes


class Grown(NamedTuple):
    """So many rows, with so many bytes, the last one at this time."""

    events: int = 0
    bytes: int = 0
    at: float = 0.0

    def and_then(self, more: "Grown") -> "Grown":
        return Grown(self.events + more.events, self.bytes + more.bytes, max(self.at, more.at))


class Journal:
    """Appends to the journal of a run that exists.

    Rows are numbered in the order of `append`. When the disk refuses them they wait and are tried again every second;
    `flush` and `room` say what is the matter, so that the run can pause instead of fail.
    """

    def __init__(
        self,
        database: Database,
        run_id: str,
        *,
        artifacts: Artifacts,
        next_seq: int = 0,
        committed: Callable[[int, Sequence[Row]], None] | None = None,
    ) -> None:
        self._database = database
        self._run_id = run_id
        self._artifacts = artifacts
        self._committed = committed
        self._next = next_seq
        """The number of the first row that is not on the disk."""
        self._waiting: list[Row] = []
        self._sent: Sequence[Row] = ()
        self._planned = False
        self._timer: asyncio.TimerHandle | None = None
        self._flushing: deque[tuple[int, asyncio.Future[None]]] = deque()
        self._closed = False
        self._grown = Grown()
        """What was written since the size of the run was last noted."""
        self._sizes_at = time.monotonic()

    def append(self, row: Row) -> None:
        """Take a row; it is on the disk some 20 ms later, or when `flush` returns."""
        self._waiting.append(row)
        if not self._planned:
            self._plan(_GATHER)

    async def flush(self) -> None:
        """Return when everything appended so far is on the disk; a `StoreTrouble` says why it is not."""
        until = self.taken
        if until == self._next:
            return
        if not self._sent:
            self._send()
        ended = asyncio.get_running_loop().create_future()
        self._flushing.append((until, ended))
        await ended

    @property
    def taken(self) -> int:
        """How many rows it has taken, those of before included."""
        return self._next + len(self._sent) + len(self._waiting)

    @property
    def crowded(self) -> bool:
        """More rows wait than should be kept in memory: await `room` before appending more."""
        return len(self._waiting) > _CROWD

    async def room(self) -> None:
        """Return when the disk has caught up."""
        if self.crowded:
            await self.flush()

    async def close(self) -> None:
        """Flush; afterwards nothing can be appended."""
        try:
            await self.flush()
        finally:
            self._closed = True
            if self._timer is not None:
                self._timer.cancel()
            self._note_size()

    def _plan(self, delay: float) -> None:
        if self._closed:
            raise RuntimeError(f"the journal of run {self._run_id} is closed")
        self._planned = True
        self._timer = asyncio.get_running_loop().call_later(delay, self._send)

    def _send(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._planned = True
        rows = self._waiting
        try:
            sent = self._database.submit(partial(_insert, self._artifacts, self._run_id, self._next, rows))
            # Not with every batch: each statement more is one more wait for the interpreter.
            if time.monotonic() - self._sizes_at > _SIZES_EVERY:
                self._note_size()
        except StoreTrouble as trouble:
            self._failed(trouble)
        else:
            self._sent, self._waiting = rows, []
            sent.add_done_callback(self._settled)

    def _note_size(self) -> None:
        grown, self._grown, self._sizes_at = self._grown, Grown(), time.monotonic()
        if grown.events:
            # It shares the commit of what comes next. A size that is lost in a crash is a size a little too small.
            with suppress(StoreTrouble):
                noted = self._database.submit(lambda connection: grow(connection, self._run_id, *grown))
                noted.add_done_callback(lambda ended: ended.cancelled() or ended.exception())

    def _settled(self, sent: asyncio.Future[Grown]) -> None:
        rows, self._sent = self._sent, ()
        error = sent.exception()
        if error is not None:
            self._waiting[:0] = rows
            self._failed(error)
            return
        first = self._next
        self._next += len(rows)
        self._grown = self._grown.and_then(sent.result())
        try:
            if self._committed is not None:
                self._committed(first, rows)
        finally:
            self._go_on()

    def _go_on(self) -> None:
        self._planned = False
        while self._flushing and self._flushing[0][0] <= self._next:
            _, ended = self._flushing.popleft()
            if not ended.done():
                ended.set_result(None)
        if self._flushing:
            self._send()
        elif self._waiting:
            self._plan(_GATHER)

    def _failed(self, error: BaseException) -> None:
        self._planned = False
        heard = False
        while self._flushing:
            _, ended = self._flushing.popleft()
            if not ended.done():
                ended.set_exception(error)
                heard = True
        if isinstance(error, StoreTrouble):
            if not self._closed:
                self._plan(_AGAIN)
        elif not heard:
            raise error


class Only(NamedTuple):
    """Which rows are meant: of one kind, of steps that match a pattern (`each/*/line`) and do not match another."""

    steps: str = "*"
    but: str = "//"
    """A path that no step has; an empty pattern would leave out what is told of the run itself."""
    kind: str = "*"


ALL = Only()


async def read_rows(
    database: Database,
    run_id: str,
    after: int = -1,
    *,
    artifacts: Artifacts | None = None,
    only: Only = ALL,
    light: bool = False,
    most: int | None = None,
) -> list[StoredRow]:
    """The rows numbered higher than `after`, in order; large bodies come back from the artifacts.

    With `light` the ends of steps and of the run come without what they gave where that is large. With `most` it may
    be the first of them only, but at least so many.
    """
    files = artifacts or Artifacts(database.path.parent / "artifacts")
    try:
        return await database.read(partial(_select, files, run_id, after, only, light, most))
    except orjson.JSONDecodeError as error:
        raise damaged(database.path) from error


async def finished_steps(database: Database, run_id: str) -> list[str]:
    """The full paths of the steps that ended well."""

    def steps(connection: sqlite3.Connection) -> list[str]:
        (found,) = connection.execute(_SELECT_FINISHED, (run_id,)).fetchone()
        return [str(step) for step in orjson.loads(found)]

    return await database.read(steps)


async def next_seq(database: Database, run_id: str) -> int:
    """The number the next row of this run gets."""

    def highest(connection: sqlite3.Connection) -> int:
        (seq,) = connection.execute("SELECT max(seq) FROM event WHERE run_id = ?", (run_id,)).fetchone()
        return 0 if seq is None else int(seq) + 1

    return await database.read(highest)


def _insert(
    artifacts: Artifacts, run_id: str, first: int, rows: Sequence[Row], connection: sqlite3.Connection
) -> Grown:
    start = taken = 0
    while start < len(rows):
        size = next(size for size in _SIZES if size <= len(rows) - start)
        some = rows[start : start + size]
        bodies = [row[3] for row in some]
        length = sum(map(len, bodies))
        if length <= LARGE or max(map(len, bodies)) <= LARGE:
            written = connection.execute(_inserting(size), (run_id, first + start, *chain.from_iterable(some), run_id))
            if written.rowcount != size:
                raise LookupError(f"there is no run {run_id} to write a journal of")
            taken += length
        else:
            for place, row in enumerate(some, first + start):
                light = _lightened(artifacts, row)
                connection.execute(_INSERT_ONE, (run_id, place, *light))
                taken += len(light[3])
                if light[4] is not None:
                    refer(connection, artifacts, run_id, [light[4]])
        # Small ones are searched as one.
        texts = [b"".join(bodies)] if length <= LARGE else bodies
        if shas := dict.fromkeys(sha for text in texts for sha in shas_in(text)):
            refer(connection, artifacts, run_id, shas)
        start += size
    return Grown(len(rows), taken + ROW * len(rows), rows[-1][0] if rows else 0.0)


def _lightened(artifacts: Artifacts, row: Row) -> tuple[float, str, str, bytes, str | None]:
    at, kind, step, body = row
    return (at, kind, step, body, None) if len(body) <= LARGE else (at, kind, step, b"null", artifacts.save(body))


@cache
def _inserting(size: int) -> str:
    # One statement for many rows: between two statements the thread must win the interpreter back from a busy loop,
    # which takes up to 5 ms. executemany does so for every row and is two hundred times slower under load.
    values = ",".join(f"({place},?,?,?,?)" for place in range(size))
    return (
        "INSERT INTO event (run_id, seq, at, kind, step, body) "
        f"SELECT ?, ? + column1, column2, column3, column4, CAST(column5 AS TEXT) FROM (VALUES {values}) "
        "WHERE EXISTS (SELECT 1 FROM run WHERE id = ?)"
    )


_INSERT_ONE = (
    "INSERT INTO event (run_id, seq, at, kind, step, body, artifact) VALUES (?, ?, ?, ?, ?, CAST(? AS TEXT), ?)"
)


def _select(
    artifacts: Artifacts,
    run_id: str,
    after: int,
    only: Only,
    light: bool,
    most: int | None,
    connection: sqlite3.Connection,
) -> list[StoredRow]:
    rows: list[StoredRow] = []
    while True:
        (many,) = connection.execute(_SELECT_MANY, (run_id, after, *only)).fetchone()
        if not (some := orjson.loads(many)):
            return rows
        for seq, at, kind, step, body, sha in some:
            whole = _kept(artifacts, sha, kind if light else "") if sha else body.encode()
            rows.append(StoredRow(seq, float(at), kind, step, whole))
        if most is not None and len(rows) >= most:
            return rows
        after = rows[-1].seq


def _kept(artifacts: Artifacts, sha: str, light: str) -> bytes:
    """A large body; of a row that is wanted light, by its kind, only what it begins with."""
    if light in _BEGINNINGS:
        with suppress(OSError), artifacts.path(sha).open("rb") as file:
            if (begins := _BEGINNINGS[light].match(file.read(4096))) is not None:
                return begins[1] + b"}"
    return artifacts.read(sha)


# Many rows as one, for the reason given at `_inserting`. 17 digits bring a time back exactly.
_SELECT_MANY = """
    SELECT json_group_array(json_array(seq, printf('%!.17g', at), kind, step, body, artifact))
    FROM (
        SELECT * FROM event
        WHERE run_id = ? AND seq > ? AND step GLOB ? AND step NOT GLOB ? AND kind GLOB ? ORDER BY seq LIMIT 500
    )
"""

_SELECT_FINISHED = """
    SELECT json_group_array(step) FROM event WHERE run_id = ? AND kind = 'finished'
"""

_BEGINNINGS = {
    "finished": re.compile(rb'(\{"ms":[0-9.]+),'),
    "ended": re.compile(rb'(\{"status":"[a-z]+","message":"(?:[^"\\]|\\.)*"),"result":'),
}
"""How long a step took and how a run ended stand before the outputs and the result."""

_SIZES = (100, 20, 4, 1)
_GATHER = 0.02
_AGAIN = 1.0
_SIZES_EVERY = 2.0
_CROWD = 5000
