"""The bones of a run's journal: what happened when and at which step, with a few fields of each row and no data."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache, partial
from typing import Any, NamedTuple

import orjson

from app.store.artifacts import Artifacts
from app.store.database import Database
from app.store.trouble import damaged

PART = 2000
"""Rows that are read at once."""

Wanted = tuple[tuple[str, tuple[str, ...]], ...]
"""The kinds of rows that are wanted, each with the names of the fields that are wanted of it."""


class Bone(NamedTuple):
    """One row, without what it holds apart from the fields that were asked for; None where it has no such field."""

    seq: int
    at: float
    kind: str
    step: str
    fields: Sequence[Any]


def wanted(kinds: Mapping[str, tuple[str, ...]]) -> Wanted:
    """Ask for these fields of rows of these kinds."""
    return tuple(kinds.items())


async def read_bones(
    database: Database, artifacts: Artifacts, run_id: str, after: int, what: Wanted, steps: str = "*"
) -> list[Bone]:
    """The next rows after a number, of steps that match a pattern; fewer than `PART` where there are no more."""
    return await _bones(database, artifacts, what, partial(_after, run_id, after, what, steps))


async def read_some(
    database: Database, artifacts: Artifacts, run_id: str, seqs: Sequence[int], what: Wanted
) -> list[Bone]:
    """The rows with these numbers."""
    return await _bones(database, artifacts, what, partial(_these, run_id, seqs, what))


async def _bones(database: Database, artifacts: Artifacts, what: Wanted, read: Any) -> list[Bone]:
    def found(connection: sqlite3.Connection) -> list[Bone]:
        fields = dict(what)
        return [
            Bone(seq, at, kind, step, _of_file(artifacts, sha, fields[kind]) if sha else own)
            for seq, at, kind, step, own, sha in orjson.loads(read(connection))
        ]

    try:
        return await database.read(found)
    except orjson.JSONDecodeError as error:
        raise damaged(database.path) from error


def _after(run_id: str, after: int, what: Wanted, steps: str, connection: sqlite3.Connection) -> str:
    (many,) = connection.execute(_statement(what, "seq > ? AND step GLOB ?"), (run_id, after, steps, PART)).fetchone()
    return str(many)


def _these(run_id: str, seqs: Sequence[int], what: Wanted, connection: sqlite3.Connection) -> str:
    numbers = orjson.dumps(list(seqs)).decode()
    statement = _statement(what, "seq IN (SELECT value FROM json_each(?))")
    (many,) = connection.execute(statement, (run_id, numbers, len(seqs))).fetchone()
    return str(many)


@cache
def _statement(what: Wanted, where: str) -> str:
    # Many rows as one text: between two rows the thread would have to win the interpreter back.
    cases = " ".join(f"WHEN '{kind}' THEN {_fields(names)}" for kind, names in what)
    kinds = ", ".join(f"'{kind}'" for kind, _ in what)
    return (
        f"SELECT json_group_array(json_array(seq, at, kind, step, CASE kind {cases} END, artifact)) FROM ("
        f"SELECT * FROM event WHERE run_id = ? AND {where} AND kind IN ({kinds}) ORDER BY seq LIMIT ?)"
    )


def _fields(names: tuple[str, ...]) -> str:
    return f"json_array({', '.join(f'json_extract(body, {_quoted(name)})' for name in names)})"


def _quoted(name: str) -> str:
    return f"'$.{name}'"


def _of_file(artifacts: Artifacts, sha: str, names: tuple[str, ...]) -> list[Any]:
    """The fields of a row that is kept as a file: of a step's end only how long it took, which it begins with."""
    with suppress(OSError):
        if names[:1] == ("ms",):
            with artifacts.path(sha).open("rb") as file:
                took = _TOOK.match(file.read(40))
            return [float(took[1]) if took else None, *(None for _ in names[1:])]
        told = orjson.loads(artifacts.path(sha).read_bytes())
        return [told.get(name) for name in names]
    return [None for _ in names]


_TOOK = re.compile(rb'\{"ms":([0-9.]+),')
