"""Where a new step goes that was not dropped anywhere: inside the container or beside the step that is selected."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from app.engine.ports import ports_of
from app.ui.canvas import Command, PortEnd
from flows.model import Flow, Place, step_at
from nodes.catalog import Catalog
from nodes.ports import Ports

WIDE, HIGH = 260.0, 110.0
"""From one step to the next, so that neither lies on the other."""

HEAD, ROW = 88.0, 24.0
"""What a step takes downwards with the gap below it, and what each row of ports adds."""

EDGE = 24.0
"""Inside a container, from its edge to the first step."""


High = Callable[[str], float]
"""How much room a step takes downwards, by its path."""


def usual(path: str) -> float:
    """The room of most steps."""
    return HIGH


@dataclass(frozen=True)
class Where:
    """A place on the canvas: the container's path or '', and the port that a wire was drawn from, if one was."""

    at: tuple[float, float]
    parent: str = ""
    wire_from: PortEnd | None = None

    @classmethod
    def of(cls, command: Command, flow: Flow, high: High = usual) -> Where:
        """Where the pointer was when a step was asked for; a wire stays in its container, and so does its step."""
        x, y = command["at"]
        where = cls((float(x), float(y)), command.get("parent") or "", command.get("from"))
        if where.wire_from is None or where.wire_from["step"].rpartition("/")[0] == where.parent:
            return where
        beside = place_for(flow, where.wire_from["step"], (0.0, 0.0), high)
        return cls(beside.at, where.wire_from["step"].rpartition("/")[0], where.wire_from)


def room(flow: Flow, catalog: Catalog) -> High:
    """The room of the steps of a flow, by the ports that each has as it is set."""

    def high(path: str) -> float:
        step = step_at(flow, path)
        node = catalog.kinds.get(step.kind)
        ports = ports_of(node, step) if node else Ports((), ())
        return max(HIGH, HEAD + ROW * max(len(ports.inputs), len(ports.outputs)))

    return high


def place_for(flow: Flow, selected: str, middle: Sequence[float], high: High = usual) -> Where:
    """The free place next to the step, or inside the container, that is selected; near the middle where none is."""
    if not selected:
        return Where(_free(flow, "", middle[0] - 110, middle[1] - 36, high))
    if step_at(flow, selected).body is not None:
        inside = list(_places(flow, selected))
        right = max((place[0] + WIDE for place in inside), default=EDGE)
        above = max(inside, key=lambda place: place[0])[1] if inside else EDGE
        return Where(_free(flow, selected, right, above, high), selected)
    parent = selected.rpartition("/")[0]
    x, y, *_ = flow.layout.get(selected, (0.0, 0.0))
    return Where(_free(flow, parent, x + WIDE, y, high), parent)


def _free(flow: Flow, parent: str, x: float, y: float, high: High) -> tuple[float, float]:
    """A place near here where no step of this container lies yet."""
    near = ((path, place) for path, place in flow.layout.items() if path.rpartition("/")[0] == parent)
    # How much room a step takes is asked only of those above or below: a flow may have thousands.
    taken = [_rows(path, place, high) for path, place in near if place[0] - 200 < x < place[0] + _width(place)]
    while any(above - 80 < y < below for above, below in taken):
        y += HIGH
    return round(x), round(y)


def _rows(path: str, place: Place, high: High) -> tuple[float, float]:
    _, above, *size = place
    return above, above + (size[1] if size else high(path))


def _width(place: Place) -> float:
    _, _, *size = place
    return size[0] if size else WIDE


def _places(flow: Flow, parent: str) -> Iterable[Place]:
    return (place for path, place in flow.layout.items() if path.rpartition("/")[0] == parent)
