"""Where a new step goes that was not dropped anywhere: inside the container or beside the step that is selected."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.ui.canvas import Command, PortEnd
from flows.model import Flow, Place, step_at

WIDE, HIGH = 260.0, 110.0
"""From one step to the next, so that neither lies on the other."""

EDGE = 24.0
"""Inside a container, from its edge to the first step."""


@dataclass(frozen=True)
class Where:
    """A place on the canvas: the container's path or '', and the port that a wire was drawn from, if one was."""

    at: tuple[float, float]
    parent: str = ""
    wire_from: PortEnd | None = None

    @classmethod
    def of(cls, command: Command, flow: Flow) -> Where:
        """Where the pointer was when a step was asked for; a wire stays in its container, and so does its step."""
        x, y = command["at"]
        where = cls((float(x), float(y)), command.get("parent") or "", command.get("from"))
        if where.wire_from is None or where.wire_from["step"].rpartition("/")[0] == where.parent:
            return where
        beside = place_for(flow, where.wire_from["step"], (0.0, 0.0))
        return cls(beside.at, where.wire_from["step"].rpartition("/")[0], where.wire_from)


def place_for(flow: Flow, selected: str, middle: Sequence[float]) -> Where:
    """The free place next to the step, or inside the container, that is selected; near the middle where none is."""
    if not selected:
        return Where(_free(flow, "", middle[0] - 110, middle[1] - 36))
    if step_at(flow, selected).body is not None:
        inside = list(_places(flow, selected))
        right = max((place[0] + WIDE for place in inside), default=EDGE)
        above = max(inside, key=lambda place: place[0])[1] if inside else EDGE
        return Where(_free(flow, selected, right, above), selected)
    parent = selected.rpartition("/")[0]
    x, y, *_ = flow.layout.get(selected, (0.0, 0.0))
    return Where(_free(flow, parent, x + WIDE, y), parent)


def _free(flow: Flow, parent: str, x: float, y: float) -> tuple[float, float]:
    """A place near here where no step of this container lies yet."""
    while any(_lies_at(place, x, y) for place in _places(flow, parent)):
        y += HIGH
    return round(x), round(y)


def _lies_at(place: Place, x: float, y: float) -> bool:
    left, above, *size = place
    wide, high = size or (WIDE, HIGH)
    return left - 200 < x < left + wide and above - 80 < y < above + high


def _places(flow: Flow, parent: str) -> Iterable[Place]:
    return (place for path, place in flow.layout.items() if path.rpartition("/")[0] == parent)
