"""Places for the steps of a flow that was written without any, by hand for example: in columns, as its wires lead."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from flows.model import Body, Flow, Place, Step

COLUMN, ROW, MARGIN = 64.0, 48.0, 24.0
"""Room for the wires between two columns, for the figures under a step, and around what is in a container."""

WIDTH, HEIGHT, TOP = 200.0, 112.0, 136.0
"""How large a step usually is, and where the inside of a container begins."""

_NAME = re.compile(r"[A-Za-z_]\w*")


def placed(flow: Flow) -> Flow:
    """The flow with a place for each of its steps. Those that have one keep it."""
    layout: dict[str, Place] = dict(flow.layout)
    _place(flow, "", layout)
    return flow if layout == flow.layout else flow.model_copy(update={"layout": layout})


def _place(body: Body, above: str, layout: dict[str, Place]) -> tuple[float, float]:
    """Place what is in a body; the corner in which it ends."""
    sizes: dict[str, tuple[float, float]] = {}
    for name, step in body.steps.items():
        sizes[name] = _size(step, f"{above}{name}", layout)
    lost = [name for name in body.steps if f"{above}{name}" not in layout]
    there = [(name, layout[f"{above}{name}"]) for name in body.steps if f"{above}{name}" in layout]
    x = min((at[0] for _, at in there), default=MARGIN if above else 0.0)
    top = max((at[1] + sizes[name][1] + ROW for name, at in there), default=MARGIN if above else 0.0)
    for column in _columns(body, lost):
        y = top
        for name in column:
            layout[f"{above}{name}"] = (x, y, *sizes[name]) if body.steps[name].body is not None else (x, y)
            y += sizes[name][1] + ROW
        x += max(sizes[name][0] for name in column) + COLUMN
    places = [(layout[f"{above}{name}"], sizes[name]) for name in body.steps]
    return (
        max((at[0] + size[0] for at, size in places), default=0.0),
        max((at[1] + size[1] for at, size in places), default=0.0),
    )


def _size(step: Step, path: str, layout: dict[str, Place]) -> tuple[float, float]:
    if step.body is None:
        return (WIDTH, HEIGHT)
    right, bottom = _place(step.body, f"{path}/", layout)
    match layout.get(path):
        case (_, _, width, height):
            return (width, height)
    return (max(right + MARGIN, WIDTH + 2 * MARGIN), TOP + max(bottom, HEIGHT) + MARGIN)


def _columns(body: Body, names: list[str]) -> list[list[str]]:
    """The steps by how many others come before them on the longest way; a circle is cut where it was entered."""
    before = _before(body, names)
    rank: dict[str, int] = {}
    for name in names:
        waiting = [name]
        while waiting:
            at = waiting[-1]
            rank.setdefault(at, -1)
            if open_ends := [each for each in before[at] if each not in rank]:
                waiting.append(open_ends[0])
                continue
            rank[at] = max((rank[each] for each in before[at]), default=-1) + 1
            waiting.pop()
    columns: dict[int, list[str]] = {}
    for name in names:
        columns.setdefault(rank[name], []).append(name)
    return [columns[number] for number in sorted(columns)]


def _before(body: Body, names: list[str]) -> Mapping[str, list[str]]:
    """What each step comes after: by a wire, or because it speaks of what another one gives."""
    known = set(names)
    before = {name: _spoken_of(body.steps[name], known - {name}) for name in names}
    for wire in body.wires:
        if wire.source in known and wire.target in known and wire.source not in before[wire.target]:
            before[wire.target].append(wire.source)
    return before


def _spoken_of(step: Step, known: set[str]) -> list[str]:
    inside = [] if step.body is None else [each.settings for each in step.body.steps.values()]
    text = json.dumps([dict(settings) for settings in (step.settings, *inside)])
    parts = (part.partition("}}")[0] for part in text.split("{{")[1:])
    return [name for name in dict.fromkeys(found for part in parts for found in _NAME.findall(part)) if name in known]
