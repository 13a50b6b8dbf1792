"""How a step ended, as far as the steps after it care."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

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


def held_back(planned: Planned, scope: Scope, outcomes: list[Outcome | None]) -> tuple[str, Outcome] | None:
    """Why a step cannot run although all before it have ended, and what that means for those after it.

    It runs when every value it needs is there and, of the ways that lead to it, at least one was taken.
    """
    missing = shut = ""
    is_open = needs_order = has_values = False
    for edge in planned.edges:
        outcome = outcomes[edge.source]
        source = scope.steps[edge.source]
        if isinstance(outcome, Broke):
            reason = f"“{source.name}” did not finish."
            return reason, Broke(reason)
        taken = _taken(edge, outcome)
        if edge.kind == "value":
            has_values = True
            if not taken:
                missing = missing or _untaken(edge, source, outcome)
        elif edge.way:
            needs_order |= edge.kind == "order"
            is_open |= taken
            shut = shut or ("" if taken else _untaken(edge, source, outcome))
    if missing:
        return missing, Passed()
    if shut and not is_open and (needs_order or not has_values):
        return shut, Passed()
    return None


def _taken(edge: Edge, outcome: Outcome | None) -> bool:
    if not isinstance(outcome, Done):
        return False
    return any(port in outcome.outputs for port in edge.ports) if edge.ports else outcome.order


def _untaken(edge: Edge, source: Planned, outcome: Outcome | None) -> str:
    if isinstance(outcome, Passed):
        return f"“{source.name}” was skipped."
    if isinstance(outcome, Done) and outcome.why:
        return f"“{source.name}” {outcome.why}"
    if edge.ports:
        ways = " or ".join(f"“{port.replace('_', ' ')}”" for port in edge.ports)
        return f"“{source.name}” did not go the way {ways}."
    return f"“{source.name}” went another way."
