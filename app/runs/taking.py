"""Write down what a new run takes over before it plays a step, and find the wish again when the run is resumed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import replace

from pydantic import JsonValue as Json

from app.engine.events import Event, Resumed
from app.engine.past import Past
from app.engine.reuse import Reuse, beginning, past_of_reuse
from app.runs.options import REUSE, options_of
from app.store.artifacts import Artifacts
from app.store.database import Database
from app.store.journal import Journal
from app.store.runs import Run

AT_A_TIME = 10_000
"""Rows that are written before everything else on the loop has its turn."""

NOT_BEGUN = "This run ended before it had taken over what an earlier run had done."


async def take_over(database: Database, artifacts: Artifacts, run_id: str, reuse: Reuse, at: float) -> tuple[Past, int]:
    """Begin the journal of a new run with what it takes over; gives what it knows, and the number of its next row."""
    rows = await asyncio.to_thread(beginning, reuse, at)
    past = await asyncio.to_thread(past_of_reuse, rows, reuse)
    journal = Journal(database, run_id, artifacts=artifacts)
    try:
        for start in range(0, len(rows), AT_A_TIME):
            for row in rows[start : start + AT_A_TIME]:
                journal.append(row)
            await journal.flush()
    finally:
        await journal.close()
    return past, len(rows)


def as_option(reuse: Reuse) -> dict[str, Json]:
    """The wish, to keep with the run."""
    return {"only": None if reuse.only is None else [*sorted(reuse.only)], "alone": reuse.alone}


def wished(past: Past, record: Run, events: Iterable[Event]) -> Past | None:
    """The past of a run with the wish that was kept with it; None where it had not yet taken over what it was to."""
    kept = options_of(record).get(REUSE)
    if not isinstance(kept, Mapping):
        return past
    if not any(isinstance(each, Resumed) for each in events):
        return None
    only = kept.get("only")
    return replace(
        past, only=frozenset(map(str, only)) if isinstance(only, list) else None, alone=str(kept.get("alone", ""))
    )
