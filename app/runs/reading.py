"""Reading a run's journal back: the whole picture, or everything about one step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from pydantic import JsonValue as Json

from app.engine.events import (
    Event,
    Failed,
    Finished,
    Logged,
    Retried,
    Skipped,
    Spent,
    Started,
    Streamed,
    Touched,
    event,
)
from app.runs.picture import Picture
from app.store.artifacts import Artifacts
from app.store.database import Database
from app.store.journal import read_rows


@dataclass(frozen=True)
class Line:
    """One line of a step's log."""

    at: float
    text: str
    level: str = "info"


@dataclass
class Details:
    """Everything the journal knows of one step of one round."""

    step: str
    status: str = "waiting"
    started: float = 0
    ms: float = 0
    given: dict[str, Json] = field(default_factory=dict)
    outputs: dict[str, Json] | None = None
    message: str = ""
    hint: str = ""
    reason: str = ""
    text: str = ""
    log: list[Line] = field(default_factory=list)
    touched: list[str] = field(default_factory=list)
    spent: list[Spent] = field(default_factory=list)


async def events_of(database: Database, artifacts: Artifacts, run_id: str, after: int = -1) -> tuple[list[Event], int]:
    """The events of a run after the given number, and the number of the last one."""
    rows = await read_rows(database, run_id, after, artifacts=artifacts)
    found = [told for row in rows if (told := event((row.at, row.kind, row.step, row.body))) is not None]
    return found, rows[-1].seq if rows else after


def picture_of(events: Iterable[Event]) -> Picture:
    """What the run looks like after these events."""
    picture = Picture()
    picture.take_all(events)
    return picture


def details_of(step: str, events: Iterable[Event]) -> Details:
    """Everything these events say about one step, by its full path such as `each/17/line`."""
    found = Details(step)
    for told in events:
        if told.step == step:
            _add(found, told)
    return found


def outputs_in(events: Iterable[Event], scope: str = "") -> dict[str, dict[str, Json]]:
    """The outputs of every step that finished directly in a scope: `""` for the flow, `each/17` for a round."""
    prefix = f"{scope}/" if scope else ""
    return {
        told.step[len(prefix) :]: dict(told.outputs or {})
        for told in events
        if isinstance(told, Finished) and told.step.startswith(prefix) and "/" not in told.step[len(prefix) :]
    }


def _add(found: Details, told: Event) -> None:
    match told:
        case Started(at=at, given=given):
            found.status, found.started, found.message, found.hint, found.text = "running", at, "", "", ""
            found.given = dict(given or {})
        case Finished(outputs=outputs, ms=ms, note=note):
            found.status, found.outputs, found.ms, found.reason = "done", dict(outputs or {}), ms, note
        case Failed(message=message, hint=hint, ms=ms):
            found.status, found.message, found.hint, found.ms = "failed", message, hint, ms
        case Skipped(reason=reason):
            found.status, found.reason = "skipped", reason
        case Logged(at=at, text=text, level=level):
            found.log.append(Line(at, text, level))
        case Retried(at=at, message=message, wait=wait):
            found.log.append(Line(at, f"{message} Trying again in {wait:g} s.", "warning"))
        case Streamed(text=text):
            found.text += text
        case Touched(what=what, name=name):
            found.touched.append(f"{what}: {name}")
        case Spent():
            found.spent.append(told)
        case _:
            pass
