"""Wires that mend themselves: around steps that are taken out, and around a step that is put on a wire."""

from __future__ import annotations

from collections.abc import Sequence

from app.desk.saying import name_of
from app.engine.ports import ports_of
from app.language import msg
from app.ui.editor.drawing import FAILURE
from flows.edits import Connect, Edit, Many, Remove
from flows.model import Body, Flow, Step, Wire, step_at
from nodes.catalog import Catalog
from nodes.ports import Port, fits


def taken_out(paths: Sequence[str], flow: Flow, catalog: Catalog) -> Edit:
    """The edit that deletes steps and wires what was before them to what came after."""
    removed = Remove(steps=tuple(paths))
    mended = [
        edit
        for parent in dict.fromkeys(path.rpartition("/")[0] for path in paths)
        for edit in _around({_name(path) for path in paths if path.rpartition("/")[0] == parent}, parent, flow, catalog)
    ]
    if not mended:
        return removed
    one = msg("take out {name}").format(name=name_of(flow, paths[0], catalog))
    title = one if len(paths) == 1 else msg("take out {count} steps").format(count=len(paths))
    return Many(edits=(removed, *mended), title=title)


def put_on(id: str, step: Step, wire: Wire, parent: str, flow: Flow, catalog: Catalog) -> tuple[Edit, ...]:
    """The edits that lead a wire through a step: by its ports where they fit, else only in order.

    A value that the step does not hand on keeps its own wire.
    """
    body = _body(flow, parent)
    if wire not in body.wires:
        return ()
    own = ports_of(catalog.kinds[step.kind], step)
    kind = _output_kind(body.steps[wire.source], wire.source_port, catalog)
    into = next((port.name for port in own.inputs if wire.source_port and fits(kind, port.kind)), "")
    target = body.steps[wire.target]
    taking = _input(target, wire.target_port, catalog)
    out = next((port.name for port in own.outputs if taking and fits(port.kind, taking.kind)), "")
    leads = wire.source_port if into or _is_way(body.steps[wire.source], wire.source_port, catalog) else ""
    onwards = Wire(source=id, source_port=out, target=wire.target, target_port=wire.target_port if out else "")
    before: tuple[Edit, ...] = (Remove(wires=((parent, wire),)),) if out or not wire.target_port else ()
    return (
        *before,
        Connect(wire=Wire(source=wire.source, source_port=leads, target=id, target_port=into), parent=parent),
        Connect(wire=onwards, parent=parent, many=bool(taking and out and taking.many)),
    )


def _around(gone: set[str], parent: str, flow: Flow, catalog: Catalog) -> list[Connect]:
    """Wires from what leads into these steps of one container to what they lead to, ways for failures apart."""
    body = _body(flow, parent)
    kept = [wire for wire in body.wires if wire.source not in gone and wire.target not in gone]
    there = {(wire.source, wire.target) for wire in kept}
    filled = {(wire.target, wire.target_port) for wire in kept}
    found: list[Connect] = []
    for entry in (wire for wire in body.wires if wire.target in gone and wire.source not in gone):
        source = body.steps.get(entry.source)
        for leaving in (wire for wire in body.wires if wire.source in _after(entry.target, gone, body)):
            target = body.steps.get(leaving.target)
            failing = leaving.source_port == FAILURE["name"]
            if leaving.target in gone or failing or source is None or target is None:
                continue
            taking = _input(target, leaving.target_port, catalog)
            free = taking is not None and (taking.many or (leaving.target, taking.name) not in filled)
            kind = _output_kind(source, entry.source_port, catalog)
            is_data = bool(entry.source_port) and taking is not None and free and fits(kind, taking.kind)
            if not is_data and (entry.source, leaving.target) in there:
                continue
            way = entry.source_port if is_data or _is_way(source, entry.source_port, catalog) else ""
            into = leaving.target_port if is_data else ""
            wire = Wire(source=entry.source, source_port=way, target=leaving.target, target_port=into)
            found.append(Connect(wire=wire, parent=parent, many=bool(is_data and taking and taking.many)))
            there.add((wire.source, wire.target))
            filled.add((wire.target, wire.target_port))
    return found


def _after(start: str, gone: set[str], body: Body) -> set[str]:
    """The steps among those that go which lead on from `start`, itself included."""
    found, waiting = {start}, [start]
    while waiting:
        step = waiting.pop()
        new = {wire.target for wire in body.wires if wire.source == step and wire.target in gone} - found
        found |= new
        waiting.extend(new)
    return found


def _input(step: Step, name: str, catalog: Catalog) -> Port | None:
    node = catalog.kinds.get(step.kind)
    return ports_of(node, step).taking(name) if node and name else None


def _output_kind(step: Step, name: str, catalog: Catalog) -> str:
    node = catalog.kinds.get(step.kind)
    port = ports_of(node, step).giving(name) if node and name else None
    return port.kind if port is not None else "any"


def _is_way(step: Step, name: str, catalog: Catalog) -> bool:
    """True for an output that a step may leave untaken: what follows it depends on it."""
    node = catalog.kinds.get(step.kind)
    port = ports_of(node, step).giving(name) if node and name else None
    return bool(name) and (port is None or not port.required)


def _body(flow: Flow, parent: str) -> Body:
    return flow if not parent else step_at(flow, parent).body or Body()


def _name(path: str) -> str:
    return path.rpartition("/")[2]
