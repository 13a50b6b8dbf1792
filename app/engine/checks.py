"""Everything that keeps a flow from running, said in words, each at its step and field."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches

from app.engine.parts import Parts, of_call
from app.engine.ports import ports_of
from app.engine.remember import once_per_step
from app.engine.uses import result_of, roots_in, templates_by_setting, templates_of, uses_of
from flows.expressions import ExpressionError, Template
from flows.model import Body, Flow, Step, Wire, walk
from flows.naming import RESERVED
from flows.problems import Problem
from nodes.catalog import Catalog
from nodes.checks import is_later, problems_in
from nodes.node import Node
from nodes.ports import WORDS, Port, Ports, fits

__all__ = ["WORLD_NAMES", "problems_of", "roots_in", "templates_of"]

WORLD_NAMES = frozenset({"inputs", "now", "practice"})
"""Names every expression may use."""


@dataclass(frozen=True)
class _Place:
    """Where in a flow one is: the containers around, the names known there, and what stands behind them."""

    prefix: str
    names: frozenset[str]
    steps: Mapping[str, Step]
    paths: Mapping[str, str]
    flow: Flow
    catalog: Catalog
    parts: Parts | None
    wrong: Mapping[str, Problem]

    def inside(self, name: str, body: Body, node: type[Node]) -> _Place:
        return replace(
            self,
            prefix=f"{self.prefix}{name}/",
            names=(self.names - {name}) | node.spec.inside | frozenset(body.steps),
            steps={**self.steps, **body.steps},
        )


def problems_of(flow: Flow, catalog: Catalog, parts: Parts | None = None) -> list[Problem]:
    """Every problem of a flow; none means that it can run. `parts` are the flows that it runs, None where unknown."""
    first = ((id, next(iter(_problems(part, catalog, parts, {})), None)) for id, part in (parts or {}).items())
    return _problems(flow, catalog, parts, {id: problem for id, problem in first if problem is not None})


def _problems(flow: Flow, catalog: Catalog, parts: Parts | None, wrong: Mapping[str, Problem]) -> list[Problem]:
    """The same, where it is known what is wrong with the parts."""
    if not flow.steps:
        return [Problem("This flow has no steps yet.", hint="Drag one from the left onto the canvas.")]
    paths: dict[str, str] = {}
    found: list[Problem] = []
    meant = frozenset[str]().union(*(_inside(step, catalog) for _, step in walk(flow)))
    for path, _ in walk(flow):
        name = path.rsplit("/", 1)[-1]
        if name in paths:
            found.append(Problem(f"`{paths[name]}` and this step have the same name.", step=path, hint="Rename one."))
        if name in RESERVED or name in meant:
            meaning = f"`{name}` has a meaning of its own in expressions."
            found.append(Problem(meaning, step=path, hint="Rename this step."))
        paths.setdefault(name, path)
    top = _Place("", WORLD_NAMES | frozenset(flow.steps), flow.steps, paths, flow, catalog, parts, wrong)
    return [*found, *_in_body(flow, top)]


def _inside(step: Step, catalog: Catalog) -> frozenset[str]:
    """The names that the steps in a container know beside those of steps."""
    node = catalog.kinds.get(step.kind) if step.body is not None else None
    return frozenset() if node is None else node.spec.inside


def _in_body(body: Body, place: _Place) -> list[Problem]:
    found: list[Problem] = []
    arrows = {(wire.source, wire.target) for wire in body.wires}
    wired: dict[str, set[str]] = {}
    for wire in body.wires:
        wired.setdefault(wire.target, set()).add(wire.target_port)
    for name, step in body.steps.items():
        path = place.prefix + name
        node = place.catalog.kinds.get(step.kind)
        if node is None:
            found.append(_missing(step, path))
            continue
        if step.disabled:
            continue
        found.extend(replace(problem, step=path) for problem in _of_step(node, step))
        inner = place.inside(name, step.body, node) if node.spec.body and step.body is not None else None
        for setting, template in templates_by_setting(node, step):
            at = inner if inner is not None and is_later(node, setting) else place
            found.extend(replace(problem, field=setting) for problem in _unknown(template, at, path))
        if place.parts is not None:
            calls = of_call(step, place.flow, place.parts, place.wrong, place.catalog)
            found.extend(replace(problem, step=path) for problem in calls)
        for port in ports_of(node, step).inputs:
            if port.required and port.name not in wired.get(name, ()):
                found.append(replace(_open(port), step=path))
        if inner is not None and step.body is not None:
            found.extend(_in_body(step.body, inner))
        arrows.update((root, name) for root in uses_of(node, step, place.catalog))
    for wire, count in Counter(body.wires).items():
        found.extend(_of_wire(wire, body, place.catalog, place.prefix))
        if count > 1:
            found.append(Problem(f"The wire {wire} is there {count} times.", step=place.prefix + wire.target))
    found.extend(_crowded(body, place.catalog, place.prefix))
    found.extend(_circle(body, arrows, place.prefix))
    found.extend(_of_result(body, place))
    return found


def _open(port: Port) -> Problem:
    if port.many:
        what = f"`{port.label}` needs at least one wire."
        return Problem(what, hint="Connect the steps that meet here to it.")
    return Problem(f"`{port.label}` needs {WORDS[port.kind]}.", hint="Connect a wire to it.")


def _missing(step: Step, path: str) -> Problem:
    return Problem(
        f"There is no node called `{step.kind[:80]}` here.",
        step=path,
        hint="Its settings are kept. Install what provides it, or replace the step.",
    )


@once_per_step
def _of_step(node: type[Node], step: Step) -> tuple[Problem, ...]:
    """What is wrong with a step whatever is around it."""
    found = list(problems_in(node, step.settings))
    if step.version > node.spec.version:
        found.append(Problem(f"This step was made with a newer version of `{step.kind}`.", hint="Update Weft."))
    if node.spec.body and not (step.body and step.body.steps):
        found.append(Problem("There is nothing inside this step to run.", hint="Drag a step into it."))
    if not node.spec.body and step.body and step.body.steps:
        found.append(Problem("Nothing inside this step would ever run.", hint="Move what is inside out of it."))
    gives = [port.name for port in ports_of(node, step).outputs]
    for name in (step.instead or {}) if step.on_error == "continue" else ():
        if name not in gives:
            found.append(
                Problem(f"What it gives instead has `{name}`, which is none of its outputs.", hint=_given(gives))
            )
    return tuple(found)


def _given(names: Iterable[str]) -> str:
    """What a step gives, as a hint."""
    told = ", ".join(f"`{name}`" for name in names)
    return f"It gives {told}." if told else "It gives nothing."


def _close(name: str, known: Iterable[str], before: str = "") -> str:
    """The known name that is most like this one, as a hint; empty where none is."""
    close = get_close_matches(name[:64], sorted(known), n=1)
    return f"Did you mean `{before}{close[0]}`?" if close else ""


def _unknown(template: Template, place: _Place, path: str) -> Iterator[Problem]:
    *around, own = path.split("/")
    said = f"`{template.text.strip()[:60]}`"
    for root in sorted(template.roots):
        if root == own and own in place.names:
            yield Problem(f"This step refers to itself in {said}.", step=path)
        elif root in around:
            yield Problem(
                f"{said} refers to `{root}`, which this step is inside of.",
                step=path,
                hint="What it gives is there only when everything inside has ended.",
            )
        elif root not in place.names:
            where = f" It is inside `{place.paths[root].split('/')[0]}`." if root in place.paths else ""
            yield Problem(
                f"{said} refers to `{root}`, which is not known here.{where}",
                step=path,
                hint=_close(root, place.names) or "Choose a step that runs before this one, or an input of the flow.",
            )
    for root, parts in ((str(path[0]), path[1:]) for path in template.paths):
        if not parts or root in template.optional:
            continue
        if root == "inputs" and parts[0] not in place.flow.inputs:
            close = _close(str(parts[0]), place.flow.inputs, "inputs.")
            hint = close or "Choose another, or add it to the flow's inputs."
            yield Problem(f"{said} refers to `inputs.{parts[0]}`, but the flow has no such input.", path, hint=hint)
        if root in place.steps:
            gives = _outputs(place.steps[root], place.catalog)
            if gives is not None and parts[0] not in gives:
                yield Problem(
                    f"{said} refers to `{root}.{parts[0]}`, but `{root}` has no output of that name.",
                    step=path,
                    hint=_close(str(parts[0]), gives, f"{root}.") or _given(f"{root}.{name}" for name in gives),
                )


def _outputs(step: Step, catalog: Catalog) -> list[str] | None:
    """The names of what a step gives; None where they are not known."""
    node = catalog.kinds.get(step.kind)
    if node is None or step.pinned is not None:
        return None
    return [port.name for port in ports_of(node, step).outputs] + (["error"] if step.on_error == "port" else [])


def _of_result(body: Body, place: _Place) -> Iterator[Problem]:
    path = place.prefix.rstrip("/")
    try:
        template = result_of(body)
    except ExpressionError as error:
        yield Problem(f"The result cannot be read: {error}", step=path, field="result")
        return
    if template is not None:
        for problem in _unknown(template, place, f"{path}/"):
            yield replace(problem, step=path, field="result")


def _of_wire(wire: Wire, body: Body, catalog: Catalog, prefix: str) -> Iterator[Problem]:
    for end in (wire.source, wire.target):
        if end not in body.steps:
            other = wire.source if end == wire.target else wire.target
            yield Problem(f"The wire {wire} leads to `{end}`, which is not there.", step=prefix + other)
            return
    at = prefix + wire.target
    if wire.source == wire.target:
        yield Problem("This step is connected to itself.", step=at)
        return
    source, target = (_ports(body.steps[end], catalog) for end in (wire.source, wire.target))
    out = into = None
    if source is not None and wire.source_port:
        failure = Port("error", "record") if body.steps[wire.source].on_error == "port" else None
        out = source.giving(wire.source_port) or (failure if wire.source_port == "error" else None)
        if out is None:
            yield Problem(f"The wire {wire}: `{wire.source}` has no output `{wire.source_port}`.", step=at)
    if target is not None and wire.target_port:
        into = target.taking(wire.target_port)
        if into is None:
            yield Problem(f"The wire {wire}: `{wire.target}` has no input `{wire.target_port}`.", step=at)
        elif not wire.source_port:
            yield Problem(f"The wire {wire} carries no value. Start it at an output of `{wire.source}`.", step=at)
    if out and into and not fits(out.kind, into.kind):
        yield Problem(f"The wire {wire}: {WORDS[out.kind]} does not fit where {WORDS[into.kind]} is needed.", step=at)


def _ports(step: Step, catalog: Catalog) -> Ports | None:
    node = catalog.kinds.get(step.kind)
    return None if node is None else ports_of(node, step)


def _crowded(body: Body, catalog: Catalog, prefix: str) -> Iterator[Problem]:
    ends = Counter((wire.target, wire.target_port) for wire in set(body.wires) if wire.target_port)
    for (step, name), count in ends.items():
        if count > 1 and (place := body.steps.get(step)) is not None and (ports := _ports(place, catalog)) is not None:
            port = ports.taking(name)
            if port is not None and not port.many:
                what = f"{count} wires end at `{port.label}`, which takes one."
                yield Problem(what, step=prefix + step, hint="Remove one, or bring them together with Merge.")


def _circle(body: Body, arrows: set[tuple[str, str]], prefix: str) -> Iterator[Problem]:
    """The steps that wait for each other, if any do."""
    arrows = {(a, b) for a, b in arrows if a != b and a in body.steps and b in body.steps}
    after: dict[str, list[str]] = {}
    left = Counter(target for _, target in arrows)
    for source, target in arrows:
        after.setdefault(source, []).append(target)
    ready = [name for name in body.steps if not left[name]]
    reached = 0
    while ready:
        reached += 1
        for target in after.get(ready.pop(), ()):
            left[target] -= 1
            if not left[target]:
                ready.append(target)
    if reached >= len(body.steps):
        return
    import networkx  # only a flow that is wrong pays for it

    graph: networkx.DiGraph[str] = networkx.DiGraph()
    graph.add_nodes_from(body.steps)
    graph.add_edges_from(sorted(arrows))
    circle = [source for source, _ in networkx.find_cycle(graph)]
    shown = circle if len(circle) <= 8 else [*circle[:4], "…", *circle[-3:]]
    yield Problem(
        f"These steps wait for each other: {' → '.join([*shown, circle[0]])}.",
        step=prefix + circle[0],
        hint="Remove one of the wires or references between them. To repeat steps, use For each.",
    )
