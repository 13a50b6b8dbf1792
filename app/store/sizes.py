"""How much room a run takes and which kept files it refers to, noted while it is written."""

import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import suppress

from app.store.artifacts import Artifacts

ROW = 80
"""Bytes that a row of the journal takes besides its body: the run, the step, the kind and the time."""


def grow(connection: sqlite3.Connection, run_id: str, events: int, size: int, at: float) -> None:
    """Note that a run has so many more events, and so many more bytes in the database."""
    connection.execute(_GROW, (run_id, events, size, at))


def refer(connection: sqlite3.Connection, artifacts: Artifacts, run_id: str, shas: Iterable[str]) -> None:
    """Note that a run refers to these kept files, so that they stay as long as the run."""
    rows = [(run_id, sha, _bytes_of(artifacts, sha)) for sha in shas]
    if rows:
        connection.executemany("INSERT OR IGNORE INTO run_file (run_id, sha256, bytes) VALUES (?, ?, ?)", rows)


def shas_in(text: bytes) -> Iterator[str]:
    """The kept files that a JSON text speaks of, also where it is a text inside a text."""
    # Not one expression over all of it: bodies may be a hundred megabytes, and `find` is fifty times as fast.
    at = text.find(_MARK)
    while at >= 0:
        if found := _SHA.match(text, at):
            yield found[1].decode()
        at = text.find(_MARK, at + len(_MARK))


def _bytes_of(artifacts: Artifacts, sha: str) -> int:
    with suppress(OSError):
        return artifacts.path(sha).stat().st_size
    return 0


_MARK = b"sha256"
_SHA = re.compile(rb"""sha256[\\"']{0,9}\s{0,2}:\s{0,2}[\\"']{0,9}([0-9a-f]{64})(?![0-9a-f])""")
_GROW = """
    INSERT INTO run_size (run_id, events, bytes, last_at) VALUES (?, ?, ?, ?) ON CONFLICT (run_id) DO UPDATE SET
    events = events + excluded.events, bytes = bytes + excluded.bytes, last_at = max(last_at, excluded.last_at)
"""
