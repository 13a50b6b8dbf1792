"""A flow as the canvas draws it, and what to redraw after an edit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from pydantic import JsonValue as Json

from app.engine.checks import roots_in, templates_of
from app.engine.remember import once_per_step
from app.ui.canvas import colour_of
from flows.model import Body, Flow, Step, Wire, walk
from flows.problems import Problem
from nodes.catalog import Catalog
from nodes.node import Node
from nodes.ports import KINDS, WORDS, Port

Drawn = dict[str, Any]
"""A step or a wire as JSON for the canvas."""

STEP_SIZE = (220.0, 72.0)
FAILURE: Drawn = {"name": "error", "label": "error", "type": "record", "failure": True}
CONTAINER_SIZE = (420.0, 220.0)
SUMMARY_LENGTH = 80


def catalogue(catalog: Catalog) -> Drawn:
    """Every kind of step as the canvas and the palette show it."""
    return {kind: _kind(node) for kind, node in catalog.kinds.items()}


def accepts() -> dict[str, list[str]]:
    """Which outputs each kind of input takes."""
    return {target: list(sources) for target, sources in KINDS.items()}


def words() -> dict[str, str]:
    """How each kind of value is called in a sentence that refuses a wire."""
    return dict(WORDS)


def steps_of(flow: Flow, catalog: Catalog, problems: Iterable[Problem]) -> dict[str, Drawn]:
    """Every step by its path."""
    wrong: dict[str, list[str]] = {}
    for problem in problems:
        wrong.setdefault(problem.step, []).append(str(problem))
    return {path: _step(path, step, flow, catalog, wrong.get(path, [])) for path, step in walk(flow)}


def wires_of(flow: Flow, catalog: Catalog) -> dict[str, Drawn]:
    """Every wire and every reference by its id."""
    found: dict[str, Drawn] = {}
    _wires(flow, catalog, "", found)
    return found


def wire_of(id: str) -> tuple[str, Wire]:
    """The container's path and the wire that a wire's id on the canvas means."""
    parent, _, text = id.rpartition(":")
    return parent, Wire.parse(text)


def patch(old: Mapping[str, Drawn], new: Mapping[str, Drawn]) -> dict[str, Drawn | None]:
    """What changed between two drawings: only the parts that differ, None for what is gone."""
    changed: dict[str, Drawn | None] = {path: None for path in old if path not in new}
    for path, drawn in new.items():
        before = old.get(path)
        if before is None:
            changed[path] = drawn
        elif before != drawn:
            changed[path] = {key: value for key, value in drawn.items() if before.get(key) != value}
    return changed


@once_per_step
def summary(node: type[Node], step: Step) -> str:
    """One line of what a step will do, from its node's sentence and its settings."""
    fields = node.model_fields

    def value(match: re.Match[str]) -> str:
        name = match[1]
        given = step.settings.get(name, fields[name].default if name in fields else "")
        return _short(given) if given is not None and str(given) != "PydanticUndefined" else ""

    line = re.sub(r"\{(\w+)\}", value, node.spec.sentence).strip()
    return line if len(line) <= SUMMARY_LENGTH else f"{line[: SUMMARY_LENGTH - 1]}…"


def _short(value: Json) -> str:
    text = value if isinstance(value, str) else str(value)
    line = text.strip().split("\n", 1)[0]
    if target := re.fullmatch(r'get_by_\w+\((?:"[^"]*", name=)?["\'](.*?)["\'](?:, exact=True)?\)', line):
        return target[1]
    return line


def _kind(node: type[Node]) -> Drawn:
    spec = node.spec
    return {
        "title": spec.title,
        "category": spec.category,
        "color": colour_of(spec.kind),
        "icon": spec.icon,
        "summary": spec.summary,
        "words": list(spec.words),
        "inputs": [_port(port) for port in spec.inputs],
        "outputs": [_port(port) for port in spec.outputs],
        "body": spec.body,
    }


def _port(port: Port) -> Drawn:
    return {"name": port.name, "label": port.label, "type": port.kind, "required": port.required}


def _step(path: str, step: Step, flow: Flow, catalog: Catalog, problems: list[str]) -> Drawn:
    node = catalog.kinds.get(step.kind)
    place = flow.layout.get(path, (0.0, 0.0))
    container = step.body is not None
    width, height = place[2:] if len(place) == 4 else CONTAINER_SIZE if container else STEP_SIZE
    return {
        "path": path,
        "kind": step.kind,
        "title": step.title or (node.spec.title if node else step.kind),
        "summary": summary(node, step) if node else "This node is not installed here.",
        "x": place[0],
        "y": place[1],
        "w": width if container else None,
        "h": height if container else None,
        "parent": path.rpartition("/")[0] or None,
        "disabled": step.disabled,
        "pinned": step.pinned is not None,
        "note": step.note,
        "problems": problems,
        "missing": node is None,
        "more_outputs": [FAILURE] if step.on_error == "port" else [],
    }


def _wires(body: Body, catalog: Catalog, parent: str, found: dict[str, Drawn]) -> None:
    prefix = f"{parent}/" if parent else ""
    wired = {(wire.source, wire.target) for wire in body.wires}
    for wire in body.wires:
        found[f"{parent}:{wire}"] = _drawn(prefix, wire, faint=False, broken=not _ends(wire, body, catalog))
    for name, step in body.steps.items():
        node = catalog.kinds.get(step.kind)
        roots: Iterable[str] = _roots(node, step) if node else ()
        if step.body is not None:
            roots = sorted({*roots, *roots_in(step.body, catalog)})
            _wires(step.body, catalog, prefix + name, found)
        for root in roots:
            if root in body.steps and root != name and (root, name) not in wired:
                wire = Wire(source=root, target=name)
                found[f"{parent}:~{wire}"] = _drawn(prefix, wire, faint=True, broken=False)


@once_per_step
def _roots(node: type[Node], step: Step) -> tuple[str, ...]:
    return tuple(sorted({root for template in templates_of(node, step) for root in template.roots}))


def _ends(wire: Wire, body: Body, catalog: Catalog) -> bool:
    """True where both ends of a wire are there."""
    source, target = body.steps.get(wire.source), body.steps.get(wire.target)
    if source is None or target is None:
        return False
    giving, taking = catalog.kinds.get(source.kind), catalog.kinds.get(target.kind)
    out = not wire.source_port or giving is None or wire.source_port in _ports(giving)[1]
    failing = wire.source_port == FAILURE["name"] and source.on_error == "port"
    return (out or failing) and (not wire.target_port or taking is None or wire.target_port in _ports(taking)[0])


@cache
def _ports(node: type[Node]) -> tuple[frozenset[str], frozenset[str]]:
    """The names of what goes in and of what comes out."""
    return frozenset(port.name for port in node.spec.inputs), frozenset(port.name for port in node.spec.outputs)


def _drawn(prefix: str, wire: Wire, *, faint: bool, broken: bool) -> Drawn:
    return {
        "source": prefix + wire.source,
        "source_port": wire.source_port,
        "target": prefix + wire.target,
        "target_port": wire.target_port,
        "faint": faint,
        "broken": broken,
    }
