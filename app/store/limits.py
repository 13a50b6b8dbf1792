"""How long runs are kept: which ones are over a limit, and what of them may go."""

import sqlite3
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import partial

import orjson

from app.store.database import Database

DAY = 86_400.0
MB = 1_000_000
CAN_BE_CONTINUED = 7 * DAY
"""Seconds for which an interrupted run stays, whatever the limits say."""


@dataclass(frozen=True)
class Limits:
    """Runs older than so many days go, runs beyond so many of a flow, and the oldest beyond so many megabytes."""

    days: int | None = None
    runs: int | None = None
    megabytes: int | None = None


@dataclass(frozen=True)
class Policy:
    """`general` is for every flow, its megabytes for all of them together; a flow of `own` has its own days and runs,
    and megabytes that it may take besides."""

    general: Limits = Limits(90, 200, 2000)
    own: Mapping[str, Limits] = field(default_factory=dict)


@dataclass(frozen=True)
class Going:
    """Runs that would go, the oldest first, and about how many bytes that frees."""

    ids: tuple[str, ...] = ()
    bytes: int = 0
    stay: int = 0
    """Runs that were meant too, but wait, go on now, or can still be continued."""


async def over(database: Database, policy: Policy, now: float) -> Going:
    """The runs that are over the limits and may go. The last run of every flow on the shelf stays."""
    return await database.read(partial(_over, policy, now))


async def of_flow(
    database: Database, flow_id: str, now: float, *, older_than: int | None = None, but_newest: int = 0
) -> Going:
    """The runs of a flow that are older than so many days, all but so many of the newest."""
    before = None if older_than is None else now - older_than * DAY
    return await database.read(partial(_of_flow, flow_id, now, before, but_newest))


async def of_ids(database: Database, ids: list[str]) -> Going:
    """Those of these runs that may go because a person says so: all that do not go on now and do not wait."""
    return await database.read(partial(_of_ids, ids))


def _over(policy: Policy, now: float, connection: sqlite3.Connection) -> Going:
    general = policy.general
    own = {
        flow: {"days": each.days, "runs": each.runs, "bytes": None if each.megabytes is None else each.megabytes * MB}
        for flow, each in policy.own.items()
    }
    values = {
        "now": now,
        "days": general.days,
        "runs": general.runs,
        "bytes": None if general.megabytes is None else general.megabytes * MB,
        "own": orjson.dumps(own).decode(),
        "interrupted": now - CAN_BE_CONTINUED,
    }
    found = orjson.loads(connection.execute(_OVER, values).fetchone()[0])
    return Going(tuple(id for id, _ in found), sum(size for _, size in found))


def _of_flow(flow_id: str, now: float, before: float | None, newest: int, connection: sqlite3.Connection) -> Going:
    rows = orjson.loads(
        connection.execute(
            _OF_FLOW, {"flow": flow_id, "before": before, "newest": newest, "interrupted": now - CAN_BE_CONTINUED}
        ).fetchone()[0]
    )
    ids = tuple(id for id, may_go in rows if may_go)
    return Going(ids, _taken(connection, ids), len(rows) - len(ids))


def _of_ids(wanted: list[str], connection: sqlite3.Connection) -> Going:
    ids = tuple(orjson.loads(connection.execute(_OF_IDS, (orjson.dumps(wanted).decode(),)).fetchone()[0]))
    return Going(ids, _taken(connection, ids), len(wanted) - len(ids))


def _taken(connection: sqlite3.Connection, ids: tuple[str, ...]) -> int:
    text = orjson.dumps(ids).decode()
    (journal,) = connection.execute(_JOURNAL_OF, (text,)).fetchone()
    (files,) = connection.execute(_FILES_OF, (text, text)).fetchone()
    return int(journal + files)


def as_json(policy: Policy) -> dict[str, object]:
    """The policy as a setting keeps it."""
    return {"general": asdict(policy.general), "own": {flow: asdict(each) for flow, each in policy.own.items()}}


_MAY_GO = """
    CASE WHEN r.status IN ('running', 'waiting') THEN 0
    WHEN r.status = 'interrupted' THEN ifnull(s.last_at, r.created_at) < :interrupted
    ELSE r.ended_at IS NOT NULL END
"""

# A kept file is on the account of the newest run that refers to it: the others free nothing when they go before it.
_OVER = f"""
    WITH file AS (
        SELECT r.id AS run_id, f.bytes, max(r.created_at) FROM run_file f JOIN run r ON r.id = f.run_id
        GROUP BY f.sha256
    ), files AS (
        SELECT run_id, sum(bytes) AS bytes FROM file GROUP BY run_id
    ), placed AS (
        SELECT r.id, r.flow_id, r.created_at, {_MAY_GO} AS may_go,
               ifnull(s.bytes, 0) + ifnull(f.bytes, 0) AS bytes, o.value AS own,
               row_number() OVER flow AS place,
               sum(ifnull(s.bytes, 0) + ifnull(f.bytes, 0)) OVER (flow ROWS UNBOUNDED PRECEDING) AS of_flow
        FROM run r LEFT JOIN run_size s ON s.run_id = r.id LEFT JOIN files f ON f.run_id = r.id
        LEFT JOIN json_each(:own) o ON o.key = r.flow_id
        WINDOW flow AS (PARTITION BY r.flow_id ORDER BY r.created_at DESC, r.id DESC)
    ), limited AS (
        SELECT *, iif(own IS NULL, :days, json_extract(own, '$.days')) AS days,
               iif(own IS NULL, :runs, json_extract(own, '$.runs')) AS runs,
               json_extract(own, '$.bytes') AS most
        FROM placed
    ), judged AS (
        SELECT *, may_go AND NOT (place = 1 AND EXISTS (SELECT 1 FROM flow WHERE id = flow_id AND deleted_at IS NULL))
                  AS free,
               ifnull(created_at < :now - days * {DAY}, 0) OR ifnull(place > runs, 0) OR ifnull(of_flow > most, 0)
               AS is_over
        FROM limited
    ), together AS (
        SELECT *, is_over OR ifnull(sum(iif(free AND is_over, 0, bytes)) OVER (
            ORDER BY created_at DESC, id DESC ROWS UNBOUNDED PRECEDING
        ) > :bytes, 0) AS goes FROM judged
    )
    SELECT json_group_array(json_array(id, bytes)) FROM (
        SELECT id, bytes FROM together WHERE free AND goes ORDER BY created_at, id
    )
"""
_OF_FLOW = f"""
    SELECT json_group_array(json_array(id, may_go)) FROM (
        SELECT r.id, {_MAY_GO} AS may_go, r.created_at,
               row_number() OVER (ORDER BY r.created_at DESC, r.id DESC) AS place
        FROM run r LEFT JOIN run_size s ON s.run_id = r.id WHERE r.flow_id = :flow ORDER BY r.created_at, r.id
    ) WHERE place > :newest AND ifnull(created_at < :before, 1)
"""
_OF_IDS = """
    SELECT json_group_array(r.id) FROM json_each(?) AS wanted JOIN run r ON r.id = wanted.value
    WHERE r.status NOT IN ('running', 'waiting') AND (r.ended_at IS NOT NULL OR r.status = 'interrupted')
"""
_JOURNAL_OF = "SELECT ifnull(sum(bytes), 0) FROM run_size WHERE run_id IN (SELECT value FROM json_each(?))"
_FILES_OF = """
    SELECT ifnull(sum(bytes), 0) FROM (
        SELECT f.sha256, max(f.bytes) AS bytes FROM run_file f
        WHERE f.run_id IN (SELECT value FROM json_each(?))
        AND NOT EXISTS (
            SELECT 1 FROM run_file o WHERE o.sha256 = f.sha256 AND o.run_id NOT IN (SELECT value FROM json_each(?))
        ) GROUP BY f.sha256
    )
"""
