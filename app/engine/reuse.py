"""What a new run takes over of an old one instead of doing it again, and the rows with which its journal begins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Literal

from pydantic import JsonValue as Json

from app.engine.events import Answered, Event, Failed, Finished, Kept, Once, Resumed, Row, Skipped, Started, event
from app.engine.past import Past, past_of
from app.engine.writing import written
from nodes.values import Effect

Outputs = Mapping[str, Json]

SEALED_FOR = "|"
"""Between the id of the run for which browser sessions are sealed, and these; a seal itself never has it."""


@dataclass(frozen=True)
class Wish:
    """What a person wants to run anew.

    `from`: a step and what comes after it. `to`: a step and what it lacks. `only`: nothing but a step. `rounds`: the
    failed rounds of a container and what comes after it. `changed`: whatever has changed or was never done. With
    `rest`, all that the old run has not done runs too, so that the flow is done in the end.
    """

    sort: Literal["from", "to", "only", "rounds", "changed"]
    step: str = ""
    """Its path in the flow, or in the old run where one round is meant: `each/line`, `each/17/line`."""
    rest: bool = False


@dataclass(frozen=True)
class Reuse:
    """What need not run, since `from_run` has done it or a person gave it, and which steps are asked for."""

    from_run: str
    outputs: Mapping[str, Finished] = field(default_factory=dict)
    """The ends that are taken over, by the paths of their steps, in the order in which they ended."""
    by_hand: Mapping[str, Outputs] = field(default_factory=dict)
    only: frozenset[str] | None = None
    """The steps of the flow itself that are asked for; None means all."""
    alone: str = ""
    """The one step in a round that is asked for, by its path in the run; the containers around it only lead there."""
    settled: tuple[Failed, ...] = ()
    """Failures that the flow dealt with, and that stay as they were."""
    inside: tuple[Failed | Skipped, ...] = ()
    """What else happened inside the containers that are taken over as a whole."""
    goes_on: tuple[Once | Answered, ...] = ()
    """What steps had worked out once and were answered that go on from where they were cut off."""
    doubt: Mapping[str, tuple[float, str]] = field(default_factory=dict)
    """Steps that may have happened, when they were started, and with which key; whoever plays them asks first."""
    sessions: tuple[str, str] | None = None
    """The step that was the last to leave a page, and the browser sessions as it left them, sealed for the old run."""
    repeated: tuple[str, ...] = ()
    """Steps that write or cost something, ran in the old run, and run again; by their paths in the flow."""


class CannotReuse(Exception):
    """Why a wish cannot be fulfilled, and what to do instead."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(f"{message} {hint}".strip())
        self.message = message
        self.hint = hint


def beginning(reuse: Reuse, at: float) -> list[Row]:
    """The rows with which the journal of the new run begins: whoever reads it finds what was taken over as done.

    What comes before the mark that the run goes on only has to be known; what comes after it is also to be seen.
    """
    rows: list[Row] = []

    def tell(kind: type[Event], step: str, when: float = at, **body: object) -> None:
        rows.append((when, kind.__name__.lower(), step, written(body)))

    for path, end in reuse.outputs.items():
        told = {"outputs": end.outputs or {}, "ms": end.ms, "note": end.note}
        whence = {"by_hand": True} if end.by_hand else {"reused": end.reused or reuse.from_run}
        rows.append((at, "finished", path, written({**told, **whence})))
    for path, outputs in reuse.by_hand.items():
        tell(Finished, path, outputs=outputs, ms=0, by_hand=True)
    rows.extend((at, "failed", each.step, written(_body(each))) for each in reuse.settled)
    rows.extend((at, type(each).__name__.lower(), each.step, written(_body(each))) for each in reuse.goes_on)
    if reuse.sessions:
        step, sealed = reuse.sessions
        tell(Kept, step, sealed=sealed if SEALED_FOR in sealed else f"{reuse.from_run}{SEALED_FOR}{sealed}")
    # The latest first: time that passes backwards counts as none, wherever the time between two rows is counted.
    for path, (since, key) in sorted(reuse.doubt.items(), key=lambda each: -each[1][0]):
        tell(Started, path, since, key=key)
    tell(Resumed, "")
    rows.extend((at, type(each).__name__.lower(), each.step, written(_body(each))) for each in reuse.inside)
    return rows


def past_of_reuse(rows: Iterable[Row], reuse: Reuse) -> Past:
    """What the new run knows before it plays its first step."""
    told = (event(row) for row in rows)
    # Only what is in doubt has begun there, and only what writes is ever in doubt.
    past = past_of((each for each in told if each is not None), lambda _: Effect.WRITE)
    return replace(past, only=reuse.only, alone=reuse.alone)


def _body(told: Event) -> dict[str, object]:
    return {each.name: getattr(told, each.name) for each in fields(told) if each.name not in ("at", "step")}
