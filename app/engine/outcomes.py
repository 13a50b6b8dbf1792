"""How a step ended, as far as the steps after it care, and how a run did."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import JsonValue as Json

from app.engine.plan import Edge, Planned, Scope


@dataclass(frozen=True, slots=True)
class Done:
    """It ran; a key left out of `outputs` is a way not taken, and so is the order where `order` is False.

    `why` says in words why outputs are missing, where it was not the node's choice.
    """

    outputs: Mapping[str, Any]
    order: bool = True
    why: str = ""


@dataclass(frozen=True, slots=True)
class Broke:
    """It failed, or something it depends on did."""

    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Passed:
    """It was not run because the way to it was not taken."""


Outcome = Done | Broke | Passed


def held_back(planned: Planned, scope: Scope, outcomes: Sequence[Outcome | None]) -> tuple[str, Outcome] | None:
    """Why a step cannot run although it is its turn, and what that means for those after it.

    It runs when every value it needs is there and, of the ways that lead to it, at least one was taken.
    """
    missing = shut = ""
    is_open = needs_order = has_values = False
    for edge in planned.edges:
        outcome = outcomes[edge.source]
        source = scope.steps[edge.source]
        if isinstance(outcome, Broke):
            if edge.kind == "many" and planned.eager:
                continue
            reason = f"“{source.name}” did not finish."
            return reason, Broke(reason)
        taken = is_taken(edge, outcome)
        if edge.kind == "value":
            has_values = True
            if not taken:
                missing = missing or untaken(edge, source, outcome)
        elif edge.kind == "many":
            is_open |= taken
        elif edge.way:
            needs_order |= edge.kind == "order"
            is_open |= taken
            shut = shut or ("" if taken else untaken(edge, source, outcome))
    if missing:
        return missing, Passed()
    if planned.gathered and (nothing := _nothing_came(planned, scope, outcomes)) is not None:
        return nothing
    if shut and not is_open and (needs_order or not has_values):
        return shut, Passed()
    return None


def is_taken(edge: Edge, outcome: Outcome | None) -> bool:
    """True where what an edge waits for is there."""
    if not isinstance(outcome, Done):
        return False
    return any(port in outcome.outputs for port in edge.ports) if edge.ports else outcome.order


def untaken(edge: Edge, source: Planned, outcome: Outcome | None) -> str:
    """Why what an edge waits for will not come."""
    if isinstance(outcome, Broke):
        return f"“{source.name}” did not finish."
    if isinstance(outcome, Passed):
        return f"“{source.name}” was skipped."
    if isinstance(outcome, Done) and outcome.why:
        return f"“{source.name}” {outcome.why}"
    if edge.ports:
        ways = " or ".join(f"“{_label(source, port)}”" for port in edge.ports)
        return f"“{source.name}” did not go the way {ways}."
    return f"“{source.name}” went another way."


def why_fired(planned: Planned, scope: Scope, outcomes: Sequence[Outcome | None], first: int | None) -> str:
    """Why a step that takes many wires has started: what was there, and what did not come."""
    if first is not None:
        return f"“{scope.steps[first].name}” was there first."
    edges = [edge for edge in planned.edges if edge.source in planned.gathered]
    there = dict.fromkeys(f"“{scope.steps[e.source].name}”" for e in edges if is_taken(e, outcomes[e.source]))
    return in_a_sentence(
        [
            f"{' and '.join(there)} were there." if len(there) > 1 else f"{''.join(there)} was there.",
            *_absent(planned, scope, outcomes),
        ]
    )


def in_a_sentence(sentences: Iterable[str]) -> str:
    """Several short sentences as one."""
    return "; ".join(dict.fromkeys(each.removesuffix(".") for each in sentences)) + "."


def _nothing_came(planned: Planned, scope: Scope, outcomes: Sequence[Outcome | None]) -> tuple[str, Outcome] | None:
    many = [edge for edge in planned.edges if edge.kind == "many"]
    if not many or any(is_taken(edge, outcomes[edge.source]) for edge in many):
        return None
    reason = in_a_sentence(_absent(planned, scope, outcomes))
    broke = any(isinstance(outcomes[edge.source], Broke) for edge in many)
    return reason, Broke(reason) if broke else Passed()


def _absent(planned: Planned, scope: Scope, outcomes: Sequence[Outcome | None]) -> list[str]:
    return [
        untaken(edge, scope.steps[edge.source], outcomes[edge.source])
        for edge in planned.edges
        if edge.kind == "many" and not is_taken(edge, outcomes[edge.source])
    ]


def _label(source: Planned, name: str) -> str:
    port = source.ports.giving(name)
    return port.label if port is not None else name.replace("_", " ")


@dataclass(frozen=True)
class RunEnd:
    """How a run ended: done, failed or stopped (or not yet: waiting); the message of the first failure; the result.

    `step` is the one that failed, by name, `said` what it said, and `hint` the next move.
    """

    status: str
    message: str = ""
    result: Json = None
    step: str = ""
    said: str = ""
    hint: str = ""
