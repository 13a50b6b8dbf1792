"""The inbox: every question that a run asks, and the one decision that each gets."""

import sqlite3
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, fields
from functools import partial
from typing import Any

import orjson
from pydantic import JsonValue as Json

from app.engine.asking import DEADLINE
from app.failpoint import failpoint
from app.store.database import Database
from app.store.refusal import RunMissing
from nodes.context import Answer, Question


@dataclass(frozen=True)
class Entry:
    """A question in the inbox.

    `sort` is question, rest, break or budget; `status` is pending, answered, expired (decided by its deadline) or gone.
    """

    id: int
    run_id: str
    step: str
    key: str
    sort: str
    flow_id: str
    flow_name: str
    title: str
    text: str
    choices: tuple[str, ...]
    payload: Json
    editable: bool
    picture: Mapping[str, Json] | None
    asked_at: float
    deadline: float | None
    at_deadline: str
    status: str
    choice: str
    answer_payload: Json
    decided_at: float | None
    decided_by: str

    @property
    def answer(self) -> Answer | None:
        """What was decided."""
        if self.status not in DECIDED:
            return None
        return Answer(self.choice, self.answer_payload, self.decided_by, self.decided_at)


@dataclass(frozen=True)
class Decision:
    """What came of an answer: whether it `won`, and how the question stands now (None where there never was one)."""

    won: bool
    entry: Entry | None

    def __bool__(self) -> bool:
        return self.won


@dataclass(frozen=True)
class Standing:
    """How the inbox stands: what a badge and whoever wakes runs need to know."""

    pending: int
    """Questions that a person can decide; rests are none."""
    rests: int
    next_deadline: float | None
    """Of the runs that were put away."""
    news: tuple[int, int]
    """Differs whenever a question has come, or one of those was decided."""


class Inbox:
    """`now` is the clock that deadlines are held against."""

    def __init__(self, database: Database, now: Callable[[], float] = time.time) -> None:
        self._database = database
        self.now = now

    async def put(self, run_id: str, step: str, key: str, question: Question, sort: str) -> Entry:
        """A run asks this now. A question that was open stays where it is; what was decided of it since is in it."""
        now = self.now()
        values = (
            sort,
            question.title,
            question.text,
            _text(list(question.choices)),
            _text(question.payload),
            int(question.editable),
            _text(question.picture.model_dump() if question.picture is not None else None),
            question.deadline,
            question.at_deadline,
        )

        def put(connection: sqlite3.Connection) -> Entry:
            connection.execute(_PUT, (step, key, now, *values, run_id))
            found = _find(connection, run_id, step, key)
            if found is None:
                raise RunMissing(f"There is no run “{run_id}”.", "Look for it among the runs.")
            return found

        return await self._database.write(put)

    async def decide(self, run_id: str, step: str, key: str, answer: Answer | None) -> Decision:
        """Decide a question, once: whoever comes later hears how it was decided. None leaves it to the deadline."""
        work = partial(_decide, run_id, step, key, answer, self.now())
        decision = await self._database.write(work)
        failpoint("approval.commit")
        return decision

    async def get(self, run_id: str, step: str, key: str) -> Entry | None:
        """A question, however it stands."""
        return await self._database.read(lambda connection: _find(connection, run_id, step, key))

    async def pending(self, *, limit: int = 100, before: Entry | None = None) -> list[Entry]:
        """What a person can decide, the newest first; `before` is the last one of the page before."""
        page = (before.asked_at, before.id) if before is not None else (float("inf"), 0)
        sql = (
            f"SELECT {_ENTRY} FROM question WHERE status = 'pending' AND sort <> 'rest' AND (asked_at, id) < (?, ?)"
            " ORDER BY asked_at DESC, id DESC LIMIT ?"
        )
        return await self._entries(sql, *page, limit)

    async def rests(self, *, limit: int = 100) -> list[Entry]:
        """Rests that go on, the one that ends first at the top."""
        sql = f"SELECT {_ENTRY} FROM question WHERE status = 'pending' AND sort = 'rest' ORDER BY deadline, id LIMIT ?"
        return await self._entries(sql, limit)

    async def open_of(self, run_id: str) -> list[Entry]:
        """What a run asks or rests for, the oldest first."""
        sql = f"SELECT {_ENTRY} FROM question WHERE run_id = ? AND status = 'pending' ORDER BY id"
        return await self._entries(sql, run_id)

    async def unheard_of(self, run_id: str) -> list[Entry]:
        """What was decided of a run that its journal does not know yet."""
        sql = f"SELECT {_ENTRY} FROM question WHERE run_id = ? AND heard = 0 AND status IN ('answered', 'expired')"
        return await self._entries(sql, run_id)

    async def unheard(self) -> list[Entry]:
        """The same of all runs."""
        sql = f"SELECT {_ENTRY} FROM question WHERE heard = 0 AND status IN ('answered', 'expired')"
        return await self._entries(sql)

    async def used(self, run_id: str) -> tuple[int, float]:
        """The tokens and the money (US dollars) that a run has used so far, as far as anybody knows."""
        row = await self._database.read(lambda connection: connection.execute(_USED, (run_id,)).fetchone())
        return int(row[0]), float(row[1])

    async def standing(self) -> Standing:
        """How the inbox stands."""
        row = await self._database.read(lambda connection: connection.execute(_STANDING).fetchone())
        pending, rests, deadline, newest, unheard = row
        return Standing(pending, rests, deadline, (newest, unheard))

    async def to_wake(self) -> list[str]:
        """The runs that were put away and have something to go on with: a decision, a deadline, the end of a rest."""
        now = self.now()
        rows = await self._database.read(lambda connection: connection.execute(_TO_WAKE, (now,)).fetchall())
        return [run_id for (run_id,) in rows]

    async def heard(self, run_id: str, keys: Collection[tuple[str, str]]) -> None:
        """The journal of the run knows these answers."""
        if not keys:
            return
        await self._database.write(
            lambda connection: connection.executemany(
                "UPDATE question SET heard = 1 WHERE run_id = ? AND step = ? AND key = ? AND status <> 'pending'",
                [(run_id, *key) for key in keys],
            )
        )

    async def withdraw(self, run_id: str, step: str, key: str) -> None:
        """Nobody waits for the answer any more."""
        await self._database.write(
            lambda connection: connection.execute(
                "UPDATE question SET status = 'gone', decided_at = ?, heard = 1"
                " WHERE run_id = ? AND step = ? AND key = ? AND status = 'pending'",
                (self.now(), run_id, step, key),
            )
        )

    async def keep_only(self, run_id: str, asked: Collection[tuple[str, str]]) -> None:
        """Withdraw what the run asked in an earlier life and asks no more."""
        for entry in await self.open_of(run_id):
            if (entry.step, entry.key) not in asked:
                await self.withdraw(run_id, entry.step, entry.key)

    async def close(self, run_id: str, *, ended: bool) -> bool:
        """The run asks nothing any more, because it has ended or was interrupted; whether anything was open."""
        now = self.now()

        def close(connection: sqlite3.Connection) -> bool:
            gone = connection.execute(
                "UPDATE question SET status = 'gone', decided_at = ?, heard = 1"
                " WHERE run_id = ? AND status = 'pending'",
                (now, run_id),
            )
            if ended:
                connection.execute("UPDATE question SET heard = 1 WHERE run_id = ? AND heard = 0", (run_id,))
            return gone.rowcount > 0

        return await self._database.write(close)

    async def close_left_open(self) -> None:
        """Withdraw what is asked by runs that have ended: a crash may come between their end and their questions'."""
        now = self.now()
        await self._database.write(lambda connection: connection.execute(_CLOSE_LEFT_OPEN, (now,)))

    async def _entries(self, sql: str, *values: object) -> list[Entry]:
        rows = await self._database.read(lambda connection: connection.execute(sql, values).fetchall())
        return [_entry(row) for row in rows]


def _decide(
    run_id: str, step: str, key: str, answer: Answer | None, now: float, connection: sqlite3.Connection
) -> Decision:
    won = False
    where = (run_id, step, key, now)
    if answer is not None:
        told = (answer.choice, _text(answer.payload), now, answer.by)
        won = connection.execute(_ANSWER, (*told, *where)).rowcount == 1
    if not won:
        won = connection.execute(_EXPIRE, (DEADLINE, *where)).rowcount == 1 and answer is None
    return Decision(won, _find(connection, run_id, step, key))


def _find(connection: sqlite3.Connection, run_id: str, step: str, key: str) -> Entry | None:
    sql = f"SELECT {_ENTRY} FROM question WHERE run_id = ? AND step = ? AND key = ?"
    row = connection.execute(sql, (run_id, step, key)).fetchone()
    return None if row is None else _entry(row)


def _entry(row: tuple[Any, ...]) -> Entry:
    told = dict(zip(_COLUMNS, row, strict=True))
    read = {name: orjson.loads(told[name] or "null") for name in ("choices", "payload", "picture", "answer_payload")}
    read["choices"], told["editable"] = tuple(read["choices"]), bool(told["editable"])
    return Entry(**told | read | {name: told[name] or "" for name in ("choice", "decided_by")})


def _text(value: Any) -> str:
    return orjson.dumps(value).decode()


_COLUMNS = [field.name for field in fields(Entry)]
_ENTRY = ", ".join(_COLUMNS)
# A decision that the run has not heard of yet is never asked anew.
_PUT = """
    INSERT INTO question (run_id, flow_id, flow_name, step, key, asked_at, sort, title, text, choices, payload,
                          editable, picture, deadline, at_deadline, status, heard)
    SELECT id, flow_id, flow_name, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending', 0 FROM run WHERE id = ?
    ON CONFLICT (run_id, step, key) DO UPDATE SET
        sort = excluded.sort, title = excluded.title, text = excluded.text, choices = excluded.choices,
        payload = excluded.payload, editable = excluded.editable, picture = excluded.picture,
        deadline = excluded.deadline, at_deadline = excluded.at_deadline,
        asked_at = CASE status WHEN 'pending' THEN asked_at ELSE excluded.asked_at END,
        status = 'pending', choice = NULL, answer_payload = NULL, decided_at = NULL, decided_by = NULL, heard = 0
    WHERE status = 'pending' OR heard = 1
"""
_ANSWER = """
    UPDATE question SET status = 'answered', choice = ?, answer_payload = ?, decided_at = ?, decided_by = ?, heard = 0
    WHERE run_id = ? AND step = ? AND key = ? AND status = 'pending' AND (deadline IS NULL OR deadline > ?)
"""
_EXPIRE = """
    UPDATE question SET status = 'expired', choice = at_deadline, answer_payload = payload, decided_at = deadline,
                        decided_by = ?, heard = 0
    WHERE run_id = ? AND step = ? AND key = ? AND status = 'pending' AND deadline <= ?
"""
_STANDING = """
    SELECT (SELECT count(*) FROM question WHERE status = 'pending' AND sort <> 'rest'),
           (SELECT count(*) FROM question WHERE status = 'pending' AND sort = 'rest'),
           (SELECT min(deadline) FROM question JOIN run ON run.id = run_id
            WHERE question.status = 'pending' AND run.status = 'waiting' AND boot_id = ''),
           (SELECT ifnull(sum(id), 0) FROM question WHERE status = 'pending'),
           (SELECT count(*) FROM question WHERE heard = 0 AND status IN ('answered', 'expired'))
"""
_USED = """
    SELECT total(body ->> 'tokens_in') + total(body ->> 'tokens_out'), total(body ->> 'money')
    FROM event WHERE run_id = ? AND kind = 'spent'
"""
_TO_WAKE = """
    SELECT run_id FROM question JOIN run ON run.id = run_id
    WHERE run.status = 'waiting' AND boot_id = ''
      AND ((question.status = 'pending' AND deadline <= ?)
           OR (heard = 0 AND question.status IN ('answered', 'expired')))
    GROUP BY run_id ORDER BY min(ifnull(deadline, decided_at))
"""
_CLOSE_LEFT_OPEN = """
    UPDATE question SET status = 'gone', decided_at = ?, heard = 1
    WHERE status = 'pending'
      AND (SELECT run.status FROM run WHERE run.id = run_id) NOT IN ('running', 'waiting', 'queued')
"""
DECIDED = ("answered", "expired")
