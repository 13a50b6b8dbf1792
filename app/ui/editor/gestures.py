"""What the canvas reports, as edits of the flow."""

from __future__ import annotations

from typing import Any

from app.desk.saying import name_of
from app.engine.ports import ports_of
from app.language import msg
from app.ui.canvas import PortEnd
from app.ui.editor.drawing import wire_of
from app.ui.editor.mending import put_on, taken_out
from app.ui.editor.shapes import kept_inside, removed, shape_edit
from flows.edits import Add, Connect, Edit, Join, Many, Move, Remove
from flows.model import Body, Flow, Step, Wire, body_at, step_at
from flows.naming import fresh_id
from nodes.catalog import Catalog
from nodes.node import Spec
from nodes.ports import fits

_ADD, _MOVE = msg("add {name}"), msg("move {name}")
_ADD_ON, _PUT = msg("add {name} on a wire"), msg("put {name} on a wire")
"""What Undo takes back: it is kept in English, and translated where it is shown."""


def edit_of(gesture: list[dict[str, Any]], flow: Flow, catalog: Catalog) -> Edit | None:
    """The edit that a finished gesture means; None where it means nothing."""
    edits = [edit for each in gesture if (edit := _one(each, flow, catalog)) is not None]
    if not edits:
        return None
    return edits[0] if len(edits) == 1 else Many(edits=tuple(edits))


def added_by(edit: Edit | None) -> Add | None:
    """The step that a gesture has added, on a wire or beside; None where it moved one or added none."""
    if isinstance(edit, Many) and edit.edits:
        return added_by(edit.edits[0])
    return edit if isinstance(edit, Add) else None


def new_step(kind: str, flow: Flow, catalog: Catalog, at: tuple[float, float], parent: str) -> Add:
    """The edit that places a new step of a kind."""
    node = catalog.kinds[kind]
    body = Body() if node.spec.body else None
    step = Step(kind=kind, version=node.spec.version, body=body)
    place = (*at, 420.0, 220.0) if body is not None else at
    return Add(id=fresh_id(flow, node.spec.title), step=step, at=place, parent=parent)


def joined(added: Add, end: PortEnd, flow: Flow, catalog: Catalog) -> Connect | None:
    """The edit that wires a new step to the port it was asked for from; None where nothing of it fits there."""
    name = end["step"].rpartition("/")[2]
    if end["step"].rpartition("/")[0] != added.parent:
        return None
    port = fitting_port(end, catalog.kinds[added.step.kind].spec, flow, catalog)
    if port is None:
        return None
    if end["side"] == "out":
        wire = Wire(source=name, source_port=end["port"], target=added.id, target_port=port)
        return Connect(wire=wire, parent=added.parent)
    wire = Wire(source=added.id, source_port=port, target=name, target_port=end["port"])
    return Connect(wire=wire, parent=added.parent, many=_takes_many(step_at(flow, end["step"]), end["port"], catalog))


def fitting_port(end: PortEnd, spec: Spec, flow: Flow, catalog: Catalog) -> str | None:
    """The port of a kind of step that a wire from this end goes to; an empty one is order only, None is none."""
    step = step_at(flow, end["step"])
    node = catalog.kinds.get(step.kind)
    if node is None or not end["port"]:
        return ""
    ports = ports_of(node, step)
    theirs = ports.outputs if end["side"] == "out" else ports.inputs
    kind = next((port.kind for port in theirs if port.name == end["port"]), "any")
    if end["side"] == "out":
        found = next((port.name for port in spec.inputs if fits(kind, port.kind)), None)
        # A way that a step may leave untaken leads on without its value as well.
        is_way = not next((port.required for port in theirs if port.name == end["port"]), True)
        return "" if found is None and (is_way or kind == "any") else found
    return next((port.name for port in spec.outputs if fits(port.kind, kind)), None)


def _one(gesture: dict[str, Any], flow: Flow, catalog: Catalog) -> Edit | None:
    match gesture["do"]:
        case "add":
            x, y = gesture["at"]
            added = new_step(gesture["kind"], flow, catalog, (x, y), gesture.get("parent") or "")
            if gesture.get("frame") in flow.frames:
                path = f"{added.parent}/{added.id}" if added.parent else added.id
                joins = Join(steps=(path,), frame=gesture["frame"])
                return Many(edits=(added, joins), title=_ADD.format(name=added.id))
            return _on_wire(added, gesture, flow, catalog) if "wire" in gesture else added
        case "insert":
            parent, wire = wire_of(gesture["wire"])
            path = gesture["path"]
            led = put_on(path.rpartition("/")[2], step_at(flow, path), wire, parent, flow, catalog)
            return Many(edits=led, title=_PUT.format(name=name_of(flow, path, catalog))) if led else None
        case "take_out":
            return taken_out(gesture["steps"], flow, catalog)
        case "move":
            return Move(to={path: _kept(flow, path, at) for path, at in gesture["to"].items()})
        case "arrange":
            moved = Move(to={path: _kept(flow, path, at) for path, at in gesture["to"].items()})
            return Many(edits=(moved,), title=gesture["title"])
        case "resize":
            path, at, size = gesture["path"], gesture["at"], gesture["size"]
            return Move(to={path: (at[0], at[1], size[0], size[1])})
        case "connect":
            return _connect(gesture, flow, catalog)
        case "disconnect":
            return Remove(wires=tuple(wire_of(id) for id in gesture["wires"] if ":~" not in id))
        case "remove":
            wires = tuple(wire_of(id) for id in gesture.get("wires", ()) if ":~" not in id)
            return removed(flow, gesture.get("steps", ()), wires, gesture)
        case "reparent":
            return _reparent(gesture, flow)
        case _:
            return shape_edit(gesture, flow)


def _on_wire(added: Add, gesture: dict[str, Any], flow: Flow, catalog: Catalog) -> Add | Many:
    parent, wire = wire_of(gesture["wire"])
    wires = put_on(added.id, added.step, wire, parent, flow, catalog) if parent == added.parent else ()
    title = catalog.kinds[added.step.kind].spec.title
    return Many(edits=(added, *wires), title=_ADD_ON.format(name=title)) if wires else added


def _reparent(gesture: dict[str, Any], flow: Flow) -> Many:
    """Move a step into a container or out of one; its wires stay behind, for they cannot cross the edge."""
    path, parent = gesture["path"], gesture.get("parent") or ""
    x, y = gesture["at"]
    size = flow.layout.get(path, (0.0, 0.0))[2:]
    inside = {inner[len(path) + 1 :]: place for inner, place in flow.layout.items() if inner.startswith(f"{path}/")}
    added = Add(id=path.rpartition("/")[2], step=step_at(flow, path), at=(x, y, *size), parent=parent, layout=inside)
    again = kept_inside(flow, path, f"{parent}/{added.id}" if parent else added.id)
    return Many(edits=(Remove(steps=(path,)), added, *again), title=_MOVE.format(name=path.rpartition("/")[2]))


def _kept(flow: Flow, path: str, at: list[float]) -> tuple[float, float] | tuple[float, float, float, float]:
    """The new place, with the size a container has or is given."""
    if len(at) == 4:
        return (at[0], at[1], at[2], at[3])
    old = flow.layout.get(path, (0.0, 0.0))
    return (at[0], at[1], old[2], old[3]) if len(old) == 4 else (at[0], at[1])


def _connect(gesture: dict[str, Any], flow: Flow, catalog: Catalog) -> Connect | None:
    source, target = gesture["source"], gesture["target"]
    parent = source.rpartition("/")[0]
    if parent != target.rpartition("/")[0]:
        return None
    wire = Wire(
        source=source.rpartition("/")[2],
        source_port=gesture.get("source_port") or "",
        target=target.rpartition("/")[2],
        target_port=gesture.get("target_port") or "",
    )
    if wire.target_port and not wire.source_port:
        wire = _with_source_port(wire, flow, source, catalog)
    return Connect(wire=wire, parent=parent, many=_takes_many(step_at(flow, target), wire.target_port, catalog))


def _takes_many(step: Step, name: str, catalog: Catalog) -> bool:
    """True where several wires may end at this input."""
    node = catalog.kinds.get(step.kind)
    port = None if node is None else ports_of(node, step).taking(name)
    return port is not None and bool(port.many)


def _with_source_port(wire: Wire, flow: Flow, source: str, catalog: Catalog) -> Wire:
    """The wire from the one output that fits; from the order port where there is none or a choice."""
    body = body_at(flow, source)
    given, taken = body.steps[wire.source], body.steps[wire.target]
    port = ports_of(catalog.kinds[taken.kind], taken).taking(wire.target_port)
    outputs = ports_of(catalog.kinds[given.kind], given).outputs
    fitting = [output.name for output in outputs if port is not None and fits(output.kind, port.kind)]
    changed = {"source_port": fitting[0]} if len(fitting) == 1 else {"target_port": ""}
    return wire.model_copy(update=changed)
