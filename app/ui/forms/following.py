"""Wires follow an output that gets another name by a setting, as the way of a case that is renamed."""

from __future__ import annotations

from app.engine.ports import ports_of
from flows.edits import Connect, Edit, Many, Remove, Set
from flows.model import Flow, body_at, step_at
from nodes.catalog import Catalog


def following(edit: Set, flow: Flow, catalog: Catalog) -> Edit:
    """The edit, together with the wires of the one output that has another name after it."""
    step, (parent, _, name) = step_at(flow, edit.path), edit.path.rpartition("/")
    node = catalog.kinds.get(step.kind)
    if node is None or not node.spec.varies:
        return edit
    before = ports_of(node, step).outputs
    after = ports_of(node, step.model_copy(update={"settings": {**step.settings, **edit.settings}})).outputs
    new = {old.name: now.name for old, now in zip(before, after, strict=False) if old.name != now.name}
    if len(before) != len(after) or len(new) != 1:
        return edit
    moved = [wire for wire in body_at(flow, edit.path).wires if wire.source == name and wire.source_port in new]
    if not moved:
        return edit
    again = (wire.model_copy(update={"source_port": new[wire.source_port]}) for wire in moved)
    # They lay side by side before, so none of them takes another's place.
    drawn = (Connect(wire=wire, parent=parent, many=True) for wire in again)
    gone = Remove(wires=tuple((parent, wire) for wire in moved))
    return Many(edits=(edit, gone, *drawn), title=f"rename a way of {step.title or node.spec.title}")
