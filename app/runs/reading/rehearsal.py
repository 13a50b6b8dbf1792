"""What a rehearsal says: everything that would have been written, sent or bought, in order, with exactly what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pydantic import JsonValue as Json

from app.engine.events import Event, Rehearsed, Skipped
from app.engine.rehearsal import NOT_KNOWN
from app.runs.reading.journal import events_of
from app.store.artifacts import Artifacts
from app.store.database import Database


@dataclass(frozen=True)
class Would:
    """A step, by its path in the run, what it does to the world, what it would have done, and with what.

    `effect` is `write`, `spend`, or `unknown` where nothing can be said of the step, because it works with made-up
    values: `sentence` then says with whose.
    """

    step: str
    effect: str
    sentence: str
    payload: Mapping[str, Json] = field(default_factory=dict)


def report_of(events: Iterable[Event]) -> list[Would]:
    """The report that a journal gives."""
    found: list[Would] = []
    for event in events:
        match event:
            case Rehearsed(step=step, effect=effect, what=what, given=given):
                found.append(Would(step, effect, what, given or {}))
            case Skipped(step=step, reason=reason) if reason.startswith(NOT_KNOWN):
                found.append(Would(step, "unknown", reason))
            case _:
                pass
    return found


async def report(database: Database, artifacts: Artifacts, run_id: str) -> list[Would]:
    """The report of a run that was a rehearsal."""
    return report_of((await events_of(database, artifacts, run_id))[0])
