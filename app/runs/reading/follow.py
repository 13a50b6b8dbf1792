"""Watch a run that goes on in another start of Weft: its journal is read again and again, for nobody tells of it."""

from __future__ import annotations

import asyncio

from app.engine.events import event
from app.runs.reading.watch import Watch
from app.store.artifacts import Artifacts
from app.store.database import Database
from app.store.journal import read_rows
from app.store.runs import Run, Runs

EVERY = 0.5
"""Seconds between two looks."""


async def follow(database: Database, artifacts: Artifacts, stored: Runs, watch: Watch, run_id: str) -> Run | None:
    """The run once nobody else goes on with it; None where the watch is closed before."""
    while not watch.closed:
        record = await stored.get(run_id)
        # Looked at before the rows, so that the last of them are never missed.
        over = not stored.elsewhere(record)
        rows = await read_rows(database, run_id, watch.last, artifacts=artifacts)
        if rows:
            watch.committed(rows[0].seq, [event((row.at, row.kind, row.step, row.body)) for row in rows])
        if over:
            return record
        await asyncio.sleep(EVERY)
    return None
