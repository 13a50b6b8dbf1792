"""The events of a run's journal: written as rows by the engine, read back as values by everyone else."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Protocol

import orjson
from pydantic import JsonValue as Json

from app.engine.writing import written

Row = tuple[float, str, str, bytes]
"""When (seconds since 1970), kind of event, step path, and the rest as JSON."""


class Unwritten(Exception):
    """The journal cannot take what happened, so the run cannot go on; the message says why and what to do."""


class Journal(Protocol):
    """Where a run writes what happens. `flush` and `room` raise `Unwritten` where it cannot be written down."""

    def append(self, row: Row) -> None:
        """Take a row; it will be on disk soon."""
        ...

    async def flush(self) -> None:
        """Return once every row taken so far is on disk."""
        ...

    async def room(self) -> None:
        """Return once the journal can take more without piling up."""
        ...

    @property
    def crowded(self) -> bool:
        """True while rows pile up faster than they reach the disk."""
        ...


@dataclass(frozen=True)
class Event:
    """One thing that happened, when, and at which step; the run itself is the step with the empty path."""

    at: float
    step: str


@dataclass(frozen=True)
class Resumed(Event):
    """The run goes on after an end or an interruption; an empty path, before any step runs."""


@dataclass(frozen=True)
class Started(Event):
    """A step began, with these settings and inputs. A pure step that ends at once has only its end in the journal.

    `key` is set where it began in an earlier run that this one goes on from: the key that it carried there.
    """

    attempt: int = 1
    given: Mapping[str, Json] | None = None
    key: str = ""


@dataclass(frozen=True)
class Logged(Event):
    """A line of a step's log."""

    text: str = ""
    level: str = "info"


@dataclass(frozen=True)
class Streamed(Event):
    """More text of a result that is still coming."""

    text: str = ""


@dataclass(frozen=True)
class Progressed(Event):
    """How far a step has come."""

    done: float = 0
    total: float | None = None
    text: str = ""


@dataclass(frozen=True)
class Once(Event):
    """A value that is never computed again in this run."""

    key: str = ""
    value: Json = None


@dataclass(frozen=True)
class Asked(Event):
    """A question to a person, and what it is about; `sort` tells a question from a rest, a break and a budget."""

    key: str = ""
    title: str = ""
    text: str = ""
    choices: tuple[str, ...] = ()
    payload: Json = None
    editable: bool = False
    deadline: float | None = None
    at_deadline: str = ""
    picture: Mapping[str, Json] | None = None
    sort: str = "question"


@dataclass(frozen=True)
class Answered(Event):
    """What was chosen, with the payload as it was left, by whom and when; the run may have heard of it later."""

    key: str = ""
    choice: str = ""
    payload: Json = None
    by: str = ""
    decided_at: float | None = None


@dataclass(frozen=True)
class Spent(Event):
    """What a call used. Tokens the provider did not report are None, and so is money (US dollars) nobody knows."""

    what: str = ""
    tokens_in: int | None = None
    tokens_out: int | None = None
    money: float | None = None


@dataclass(frozen=True)
class Touched(Event):
    """A part of the outside world that a step reached: a host, a file, a key."""

    what: str = ""
    name: str = ""


@dataclass(frozen=True)
class Kept(Event):
    """A browser session's state, sealed, so that a resumed run finds its page again."""

    session: str = ""
    sealed: str = ""


@dataclass(frozen=True)
class Retried(Event):
    """An attempt failed and the `next` one follows after `wait` seconds; `asked` where the other side asked to wait.

    `left` is how many tries there still are, the next one counted.
    """

    message: str = ""
    wait: float = 0
    next: int = 0
    left: int = 0
    asked: bool = False


@dataclass(frozen=True)
class Finished(Event):
    """A step ended well. `ms` is how long it took; `stop` is True where it ended the whole run.

    `reused` is the run in which it ran, where this one only took its outputs over; `by_hand` is True where a person
    gave them.
    """

    outputs: Mapping[str, Json] | None = None
    ms: float = 0
    note: str = ""
    stop: bool = False
    reused: str = ""
    by_hand: bool = False


@dataclass(frozen=True)
class Rehearsed(Event):
    """In a rehearsal: what a step would have done, with exactly what; its made-up outputs are in its `Finished`."""

    effect: str = ""
    what: str = ""
    given: Mapping[str, Json] | None = None


@dataclass(frozen=True)
class Failed(Event):
    """A step ended badly; `defect` is True where the fault is the program's and not the person's.

    `went_on` says with what the flow went on all the same.
    """

    message: str = ""
    hint: str = ""
    ms: float = 0
    defect: bool = False
    went_on: str = ""


@dataclass(frozen=True)
class Pictured(Event):
    """What the page looked like on which a step has just failed: a kept file, and the page's title and address."""

    name: str = ""
    sha256: str = ""
    size: int = 0
    media_type: str = ""
    title: str = ""
    url: str = ""


@dataclass(frozen=True)
class Skipped(Event):
    """A step was not run, and why."""

    reason: str = ""


@dataclass(frozen=True)
class Stopped(Event):
    """A step was stopped before its end, together with the run or with the container around it."""


@dataclass(frozen=True)
class Ended(Event):
    """The run ended: done, failed or stopped."""

    status: str = ""
    message: str = ""
    result: Json = None


KINDS: dict[str, type[Event]] = {
    kind.__name__.lower(): kind
    for kind in (
        Resumed,
        Started,
        Logged,
        Streamed,
        Progressed,
        Once,
        Asked,
        Answered,
        Spent,
        Touched,
        Kept,
        Retried,
        Finished,
        Rehearsed,
        Failed,
        Pictured,
        Skipped,
        Stopped,
        Ended,
    )
}
_OWN: dict[type[Event], frozenset[str]] = {
    kind: frozenset(field.name for field in fields(kind)) - {"at", "step"} for kind in KINDS.values()
}


def row(kind: type[Event], step: str, **body: Any) -> Row:
    """The row for an event that happens now."""
    return time.time(), kind.__name__.lower(), step, written(body)


def finished(step: str, outputs: bytes, ms: float, note: str = "") -> Row:
    """The row for a step that ended well, with its outputs already written as JSON."""
    if note:
        return time.time(), "finished", step, b'{"ms":%.3f,"note":%b,"outputs":%b}' % (ms, orjson.dumps(note), outputs)
    return time.time(), "finished", step, b'{"ms":%.3f,"outputs":%b}' % (ms, outputs)


def event(stored: Row, loads: Callable[[bytes], Any] = orjson.loads) -> Event | None:
    """The event that a row tells of; None for a kind that a newer version wrote."""
    at, kind, step, body = stored
    found = KINDS.get(kind)
    if found is None:
        return None
    told = loads(body)
    if not told.keys() <= _OWN[found]:  # A newer version wrote more.
        told = {name: value for name, value in told.items() if name in _OWN[found]}
    if "choices" in told:
        told["choices"] = tuple(told["choices"])
    # As the constructor does it, in a quarter of the time: what is left out has its default in the class.
    made = object.__new__(found)
    made.__dict__.update(told, at=at, step=step)
    return made
