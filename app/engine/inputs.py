"""The values on the wires into a step, as its ports take them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.engine.fitting import fitted
from app.engine.outcomes import Done, Outcome
from app.engine.plan import Planned


def inputs_of(planned: Planned, outcomes: Sequence[Outcome | None]) -> dict[str, Any]:
    """What goes into a step, from how those before it ended."""
    found: dict[str, Any] = {}
    for value in planned.values:
        outcome = outcomes[value.source]
        if isinstance(outcome, Done) and value.source_port in outcome.outputs:
            found[value.port.name] = fitted(value.port, outcome.outputs[value.source_port])
    return found


def gathered(planned: Planned, outcomes: Sequence[Outcome | None], first: int | None) -> dict[str, Any]:
    """The same for a step that takes many wires; of an eager one, only the value that came first."""
    found: dict[str, Any] = {value.port.name: [] for value in planned.values if value.port.many}
    for value in planned.values:
        outcome = outcomes[value.source]
        if not isinstance(outcome, Done) or value.source_port not in outcome.outputs:
            continue
        given = fitted(value.port, outcome.outputs[value.source_port])
        if not value.port.many:
            found[value.port.name] = given
        elif value.port.many != "first" or (value.source == first and not found[value.port.name]):
            found[value.port.name].append(given)
    return found
