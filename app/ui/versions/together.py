"""Two versions of a flow in one picture: the later one, with what it has lost in its old place. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from app.ui.canvas.shapes import Became
from app.ui.editor.drawing import id_of as wire_id
from flows.diff import Difference
from flows.model import Body, Flow, Place, Step, Wire, body_at
from flows.pairing import Pairing, id_of, parent_of

ASIDE = 120.0
"""How far below its old place a lost step is drawn where another one stands there now."""


@dataclass(frozen=True)
class Together:
    """A flow to draw, and what has become of its steps, by path, and of its wires, by their id on the canvas."""

    flow: Flow
    steps: dict[str, Became]
    wires: dict[str, Became]
    lost: dict[str, str]
    """Where a removed step is drawn, by its path in the earlier version."""


def together(before: Flow, after: Flow, difference: Difference) -> Together:
    """Both versions in one flow."""
    pairing = difference.pairing
    lost = _places(pairing)
    children: dict[str, list[tuple[str, Step]]] = defaultdict(list)
    for old, path in lost.items():
        children[parent_of(path)].append((id_of(path), pairing.before[old]))
    steps: dict[str, Became] = {}
    for change in difference.changes:
        if not change.path or change.sort in ("wired", "unwired", "reordered"):
            continue
        if change.sort == "removed":
            steps[lost[change.path]] = "removed"
        elif steps.get(change.path) != "moved":
            steps[change.path] = change.sort if change.sort in ("added", "moved") else "changed"
    gone = _lost_wires(before, difference, lost)
    laid_out = after.model_copy(update={"layout": {**after.layout, **_layout(before, after, lost)}})
    flow, drawn = _with(laid_out, "", children, gone)
    assert isinstance(flow, Flow)
    wires: dict[str, Became] = dict.fromkeys(drawn, "removed")
    for each in difference.changes:
        if each.sort == "wired" and each.wire is not None:
            wires[wire_id(each.path, each.wire)] = "added"
    return Together(flow, steps, wires, lost)


def _places(pairing: Pairing) -> dict[str, str]:
    """A path for every removed step that no other step has."""
    found: dict[str, str] = {}
    taken = set(pairing.after)
    for old in pairing.removed:
        parent = parent_of(old)
        inside = found.get(parent) or pairing.later.get(parent, parent)
        path = f"{inside}/{id_of(old)}" if inside else id_of(old)
        while path in taken:
            path += "_before"
        taken.add(path)
        found[old] = path
    return found


def _lost_wires(before: Flow, difference: Difference, lost: dict[str, str]) -> dict[str, list[Wire]]:
    """The wires that went, by the container that they are drawn in; also those that went with their steps."""
    pairing = difference.pairing
    found: dict[str, list[Wire]] = defaultdict(list)
    for change in difference.changes:
        if change.sort == "unwired" and change.wire is not None:
            found[change.path].append(change.wire)
    containers = {parent_of(old) for old in lost} | {path for path in lost if pairing.before[path].body is not None}
    for at in containers:
        body = body_at(before, f"{at}/") if at else before
        inside = lost.get(at) or pairing.later.get(at, at)
        prefix = f"{at}/" if at else ""
        for wire in body.wires:
            ends = [f"{prefix}{end}" for end in (wire.source, wire.target)]
            if any(end in lost for end in ends):
                source, target = (id_of(lost.get(end) or pairing.later.get(end, end)) for end in ends)
                found[inside].append(wire.model_copy(update={"source": source, "target": target}))
    return found


def _with(
    body: Body, path: str, children: dict[str, list[tuple[str, Step]]], gone: dict[str, list[Wire]]
) -> tuple[Body, list[str]]:
    """The body with what it has lost, and the ids of the wires among that."""
    prefix = f"{path}/" if path else ""
    steps = {**body.steps}
    for name, step in children.get(path, ()):
        # What was in it is put back piece by piece: some of that may live elsewhere now.
        steps[name] = step if step.body is None else step.model_copy(update={"body": Body(result=step.body.result)})
    drawn: list[str] = []
    for name, step in steps.items():
        if step.body is not None:
            inner, more = _with(step.body, f"{prefix}{name}", children, gone)
            drawn += more
            if inner is not step.body:
                steps[name] = step.model_copy(update={"body": inner})
    wires = [
        wire
        for wire in dict.fromkeys(gone.get(path, ()))
        if wire not in body.wires and wire.source in steps and wire.target in steps
    ]
    if not wires and all(steps.get(name) is body.steps.get(name) for name in steps):
        return body, drawn
    drawn += [wire_id(path, wire) for wire in wires]
    return body.model_copy(update={"steps": steps, "wires": (*body.wires, *wires)}), drawn


def _layout(before: Flow, after: Flow, lost: dict[str, str]) -> dict[str, Place]:
    """Places for the lost steps at which no other step stands."""
    taken = {(parent_of(path), *place[:2]) for path, place in after.layout.items()}
    found: dict[str, Place] = {}
    for old, path in lost.items():
        place = before.layout.get(old)
        if place is None:
            continue
        x, y = place[:2]
        while (parent_of(path), x, y) in taken:
            y += ASIDE
        taken.add((parent_of(path), x, y))
        found[path] = (x, y, *place[2:])
    return found
