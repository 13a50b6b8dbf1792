"""What a step can read: what came along its wires first, then what the steps before it gave, then the flow's inputs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import JsonValue as Json

from app.engine.ports import ports_of
from app.language import tr
from app.ui.called import port_heading
from app.ui.naming import title_of as step_title
from app.ui.words import quoted
from flows.apply import downstream
from flows.model import Body, Flow, body_at, step_at
from nodes.catalog import Catalog


@dataclass(frozen=True)
class Source:
    """A value with what it is called in an expression. `known` is False where the run that is shown has none of it."""

    label: str
    root: str
    value: Json = None
    known: bool = True


def sources(flow: Flow, catalog: Catalog, path: str, names: Mapping[str, Any]) -> list[Source]:
    """Everything that the step may read; `names` holds the values of the run that is shown."""
    found = list(_wired(flow, catalog, path, names))
    for name, label in (("item", tr("The item of this round")), ("last", tr("What the round before gave"))):
        if name in names:
            found.append(Source(label, name, names[name]))
    found += _before(flow, catalog, path, names)
    if flow.inputs:
        found.append(Source(tr("What the flow asks for"), "inputs", names.get("inputs")))
    return found


def neighbours(flow: Flow, path: str) -> tuple[list[str], list[str]]:
    """The steps before and after it along the wires, the upper ones first; at an end, the container it is in."""
    parent, _, name = path.rpartition("/")
    body = body_at(flow, path)
    before = {wire.source for wire in body.wires if wire.target == name}
    after = {wire.target for wire in body.wires if wire.source == name}

    def placed(names: set[str]) -> list[str]:
        paths = [f"{parent}/{each}" if parent else each for each in names if each in body.steps]
        return sorted(paths, key=lambda each: (*reversed(flow.layout.get(each, (0.0, 0.0))[:2]), each))

    around = [parent] if parent else []
    inside = step_at(flow, path).body
    within = [f"{path}/{first}" for first in _first(inside)] if inside is not None else []
    return placed(before) or around, [*placed(after), *within]


def title_of(flow: Flow, catalog: Catalog, path: str) -> str:
    """What a step is called on the canvas."""
    return step_title(step_at(flow, path), catalog)


def _first(body: Body) -> list[str]:
    """The step that a body begins with."""
    led_to = {wire.target for wire in body.wires}
    return [name for name in body.steps if name not in led_to][:1]


def _wired(flow: Flow, catalog: Catalog, path: str, names: Mapping[str, Any]) -> Iterator[Source]:
    parent, _, name = path.rpartition("/")
    node = catalog.kinds.get(step_at(flow, path).kind)
    ports = {port.name: port_heading(port) for port in ports_of(node, step_at(flow, path)).inputs} if node else {}
    body = body_at(flow, path)
    for wire in body.wires:
        if wire.target != name or not wire.target_port or not wire.source_port or wire.source not in body.steps:
            continue
        title = title_of(flow, catalog, f"{parent}/{wire.source}" if parent else wire.source)
        port = ports.get(wire.target_port, wire.target_port.capitalize())
        label = tr("{input}, from “{title}”", input=port, title=title)
        gave = names.get(wire.source)
        outputs = gave if isinstance(gave, Mapping) else {}
        known, value = wire.source_port in outputs, outputs.get(wire.source_port)
        yield Source(label, f"{wire.source}.{wire.source_port}", value, known)


def _before(flow: Flow, catalog: Catalog, path: str, names: Mapping[str, Any]) -> Iterator[Source]:
    """The steps that do not come after it, of its body and of those around it."""
    parts = path.split("/")
    for depth in range(len(parts), 0, -1):
        body, parent = body_at(flow, "/".join(parts[:depth])), "/".join(parts[: depth - 1])
        after = downstream(body, parts[depth - 1])
        for name, step in reversed(list(body.steps.items())):
            node = catalog.kinds.get(step.kind)
            if name in after or node is None or not ports_of(node, step).outputs:
                continue
            title = title_of(flow, catalog, f"{parent}/{name}" if parent else name)
            gave = names.get(name)
            yield Source(quoted(title), name, gave if isinstance(gave, dict) else None, isinstance(gave, dict))
