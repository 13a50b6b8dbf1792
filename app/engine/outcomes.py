"""How a step ended, as far as the steps after it care."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.engine.plan import Edge, Planned, Scope


@dataclass(frozen=True, slots=True)
class Done:
    """It ran; a key left out of `outputs` is a way not taken, and so is the order where `order` is False."""

    outputs: Mapping[str, Any]
    order: bool = True


@dataclass(frozen=True, slots=True)
class Broke:
    """It failed, or something it depends on did."""

    message: str
    hint: str = ""
    root: bool = True


@dataclass(frozen=True, slots=True)
class Passed:
    """It was not run because the way to it was not taken."""


Outcome = Done | Broke | Passed


def held_back(planned: Planned, scope: Scope, outcomes: list[Outcome | None]) -> tuple[str, Outcome] | None:
    """Why a step cannot run although all before it have ended, and what that means for those after it."""
    ways = open_ways = 0
    missing = ""
    for edge in planned.edges:
        outcome = outcomes[edge.source]
        source = scope.steps[edge.source]
        if isinstance(outcome, Broke):
            return f"`{source.name}` did not finish.", Broke(f"`{source.name}` did not finish.", root=False)
        taken = _taken(edge, outcome)
        if edge.kind == "order":
            ways += 1
            open_ways += taken
        elif edge.kind == "value" and not taken:
            missing = missing or _untaken(edge, source, outcome)
    if missing:
        return missing, Passed()
    if ways and not open_ways:
        edge = next(edge for edge in planned.edges if edge.kind == "order")
        return _untaken(edge, scope.steps[edge.source], outcomes[edge.source]), Passed()
    return None


def _taken(edge: Edge, outcome: Outcome | None) -> bool:
    if not isinstance(outcome, Done):
        return False
    return edge.port in outcome.outputs if edge.port else outcome.order


def _untaken(edge: Edge, source: Planned, outcome: Outcome | None) -> str:
    if isinstance(outcome, Passed):
        return f"`{source.name}` was skipped."
    if source.step.disabled:
        return f"`{source.name}` is switched off."
    if edge.port:
        return f"`{source.name}` did not go the way “{edge.port.replace('_', ' ')}”."
    return f"`{source.name}` went another way."
