"""Everything that keeps a flow from running, said in words, each at its step and field."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from flows.expressions import ExpressionError, Template, parse
from flows.model import Body, Flow, Step, Wire, walk
from flows.problems import Problem
from nodes.catalog import Catalog
from nodes.checks import problems_in, takes_expressions, templates_in
from nodes.node import Node
from nodes.ports import WORDS, Port, fits

WORLD_NAMES = frozenset({"inputs", "now", "practice"})
"""Names every expression may use."""

ROUND_NAMES = frozenset({"item", "index"})
"""Names an expression inside a container may use besides."""


def problems_of(flow: Flow, catalog: Catalog) -> list[Problem]:
    """Every problem of a flow; none means that it can run."""
    if not flow.steps:
        return [Problem("This flow has no steps yet.", hint="Drag one from the left onto the canvas.")]
    paths: dict[str, str] = {}
    found: list[Problem] = []
    for path, _ in walk(flow):
        name = path.rsplit("/", 1)[-1]
        if name in paths:
            found.append(Problem(f"`{paths[name]}` and this step have the same name.", step=path, hint="Rename one."))
        paths.setdefault(name, path)
    return [*found, *_in_body(flow, catalog, "", WORLD_NAMES, paths)]


def templates_of(node: type[Node], step: Step) -> list[Template]:
    """The expressions in a step's settings that can be read; the others are problems of their own."""
    found = []
    for name, value in step.settings.items():
        for text in templates_in(value) if takes_expressions(node, name) else ():
            try:
                found.append(parse(text))
            except ExpressionError:
                continue
    return found


def result_of(body: Body) -> Template | None:
    """The expression a body gives back. ExpressionError where it cannot be read."""
    return parse(f"{{{{ {body.result} }}}}") if body.result else None


def roots_in(body: Body, catalog: Catalog) -> frozenset[str]:
    """The names that the steps of a body refer to and that do not come from inside it."""
    found: set[str] = set()
    for step in body.steps.values():
        if (node := catalog.kinds.get(step.kind)) is not None:
            found.update(root for template in templates_of(node, step) for root in template.roots)
        if step.body is not None:
            found |= roots_in(step.body, catalog) - ROUND_NAMES
    try:
        result = result_of(body)
    except ExpressionError:
        result = None
    return frozenset(found | (result.roots if result else frozenset())) - frozenset(body.steps)


def _in_body(
    body: Body, catalog: Catalog, prefix: str, outside: frozenset[str], paths: Mapping[str, str]
) -> list[Problem]:
    names = outside | frozenset(body.steps)
    found: list[Problem] = []
    arrows = {(wire.source, wire.target) for wire in body.wires}
    for name, step in body.steps.items():
        path = prefix + name
        node = catalog.kinds.get(step.kind)
        if node is None:
            found.append(_missing(step, path))
            continue
        if step.disabled:
            continue
        found.extend(_of_step(step, node, path, body, names, paths))
        roots = {root for template in templates_of(node, step) for root in template.roots}
        if node.spec.body:
            inner = step.body or Body()
            roots |= roots_in(inner, catalog)
            found.extend(_in_body(inner, catalog, f"{path}/", names | ROUND_NAMES, paths))
        arrows.update((root, name) for root in roots if root in body.steps)
    for wire, count in Counter(body.wires).items():
        found.extend(_of_wire(wire, body, catalog, prefix))
        if count > 1:
            found.append(Problem(f"The wire {wire} is there {count} times.", step=prefix + wire.target))
    found.extend(_crowded(body, prefix))
    found.extend(_circle(body, arrows, prefix))
    found.extend(_of_result(body, names, prefix, paths))
    return found


def _missing(step: Step, path: str) -> Problem:
    return Problem(
        f"There is no node called `{step.kind[:80]}` here.",
        step=path,
        hint="Its settings are kept. Install what provides it, or replace the step.",
    )


def _of_step(
    step: Step, node: type[Node], path: str, body: Body, names: frozenset[str], paths: Mapping[str, str]
) -> Iterator[Problem]:
    if step.version > node.spec.version:
        yield Problem(f"This step was made with a newer version of `{step.kind}`.", step=path, hint="Update Weft.")
    for problem in problems_in(node, step.settings):
        yield Problem(problem.message, path, problem.field, problem.hint, problem.line, problem.column)
    for template in templates_of(node, step):
        yield from _unknown(template, names, path, paths)
    if node.spec.body and not (step.body and step.body.steps):
        yield Problem("There is nothing inside this step to run.", step=path, hint="Drag a step into it.")
    own = path.rsplit("/", 1)[-1]
    wired = {wire.target_port for wire in body.wires if wire.target == own}
    for port in node.spec.inputs:
        if port.required and port.name not in wired:
            yield Problem(f"`{port.label}` needs {WORDS[port.kind]}.", step=path, hint="Connect a wire to it.")


def _unknown(template: Template, names: frozenset[str], path: str, paths: Mapping[str, str]) -> Iterator[Problem]:
    own = path.rsplit("/", 1)[-1]
    for root in sorted(template.roots):
        if root == own and own in names:
            yield Problem(f"This step refers to itself in `{template.text[:60]}`.", step=path)
        elif root not in names:
            where = f" It is inside `{paths[root].split('/')[0]}`." if root in paths else ""
            yield Problem(
                f"`{template.text.strip()[:60]}` refers to `{root}`, which is not known here.{where}",
                step=path,
                hint="Choose a step that runs before this one, or an input of the flow.",
            )


def _of_result(body: Body, names: frozenset[str], prefix: str, paths: Mapping[str, str]) -> Iterator[Problem]:
    path = prefix.rstrip("/")
    try:
        template = result_of(body)
    except ExpressionError as error:
        yield Problem(f"The result cannot be read: {error}", step=path, field="result")
        return
    if template is not None:
        for problem in _unknown(template, names - {path.rsplit("/", 1)[-1]}, path, paths):
            yield Problem(problem.message, path, "result", problem.hint)


def _port(ports: tuple[Port, ...], name: str) -> Port | None:
    return next((port for port in ports if port.name == name), None)


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
    source, target = (catalog.kinds.get(body.steps[end].kind) for end in (wire.source, wire.target))
    out = into = None
    if source is not None and wire.source_port:
        failure = Port("error", "record") if body.steps[wire.source].on_error == "port" else None
        out = _port(source.spec.outputs, wire.source_port) or (failure if wire.source_port == "error" else None)
        if out is None:
            yield Problem(f"The wire {wire}: `{wire.source}` has no output `{wire.source_port}`.", step=at)
    if target is not None and wire.target_port:
        into = _port(target.spec.inputs, wire.target_port)
        if into is None:
            yield Problem(f"The wire {wire}: `{wire.target}` has no input `{wire.target_port}`.", step=at)
        elif not wire.source_port:
            yield Problem(f"The wire {wire} carries no value. Start it at an output of `{wire.source}`.", step=at)
    if out and into and not fits(out.kind, into.kind):
        yield Problem(f"The wire {wire}: {WORDS[out.kind]} does not fit where {WORDS[into.kind]} is needed.", step=at)


def _crowded(body: Body, prefix: str) -> Iterator[Problem]:
    ends = Counter((wire.target, wire.target_port) for wire in set(body.wires) if wire.target_port)
    for (step, port), count in ends.items():
        if count > 1:
            yield Problem(f"{count} wires end at `{port}`, which takes one.", step=prefix + step, hint="Remove one.")


def _circle(body: Body, arrows: set[tuple[str, str]], prefix: str) -> Iterator[Problem]:
    """The steps that wait for each other, if any do."""
    after: dict[str, list[str]] = {}
    left = Counter(target for source, target in arrows if source != target)
    for source, target in arrows:
        if source != target:
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

    circle = [source for source, _ in networkx.find_cycle(networkx.DiGraph(list(arrows)))]
    shown = circle if len(circle) <= 8 else [*circle[:4], "…", *circle[-3:]]
    yield Problem(
        f"These steps wait for each other: {' → '.join([*shown, circle[0]])}.",
        step=prefix + circle[0],
        hint="Remove one of the wires or references between them. To repeat steps, use For each.",
    )
