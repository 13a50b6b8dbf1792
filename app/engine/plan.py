"""Turn a flow into something runnable, or say every problem at once. Pure: no I/O, no clock."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from app.engine.checks import problems_of, result_of, roots_in, templates_of
from app.engine.settings import Settings
from flows.expressions import Template
from flows.model import Body, Flow, Step
from flows.problems import Problem
from nodes.catalog import Catalog
from nodes.node import Node
from nodes.ports import Port
from nodes.values import Effect, Touches


@dataclass(frozen=True, slots=True)
class Edge:
    """What a step waits for: the step it comes from, and whether a value is needed or only the order."""

    source: int
    port: str
    kind: Literal["order", "value", "optional"]


@dataclass(frozen=True, slots=True)
class Value:
    """A value that a wire carries into an input port."""

    port: Port
    source: int
    source_port: str


@dataclass(frozen=True, slots=True, eq=False)
class Planned:
    """One step, ready to run. Steps are numbered within their scope."""

    number: int
    id: str
    path: str
    step: Step
    node: type[Node]
    settings: Settings | None
    edges: tuple[Edge, ...]
    values: tuple[Value, ...]
    next: tuple[int, ...]
    body: Scope | None
    inline: bool

    @property
    def name(self) -> str:
        """The step as a person knows it."""
        return self.step.title or self.node.spec.title


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """Steps that run together: a flow, or the body of a container."""

    steps: tuple[Planned, ...]
    degrees: tuple[int, ...]
    roots: tuple[int, ...]
    outer: tuple[str, ...]
    result: Template | None
    branching: bool


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """A flow, ready to run."""

    flow: Flow
    scope: Scope


class Unrunnable(Exception):
    """A flow that cannot run yet, with every problem."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def plan(flow: Flow, catalog: Catalog) -> Plan:
    """The flow, ready to run. Unrunnable with every problem where it is not."""
    if problems := [each for each in problems_of(flow, catalog) if each.severity == "error"]:
        raise Unrunnable(problems)
    return Plan(flow, _scope(flow, catalog, ""))


def planned_in(scope: Scope) -> Iterator[Planned]:
    """Every step of a scope and of the bodies in it."""
    for planned in scope.steps:
        yield planned
        if planned.body is not None:
            yield from planned_in(planned.body)


def touches_of(step: Step, catalog: Catalog) -> Touches:
    """What a step means to touch, from its settings as they are written."""
    node = catalog.kinds.get(step.kind)
    if node is None:
        return Touches()
    settings: dict[str, Any] = dict(step.settings)
    return node.model_construct(**settings).touches()


def _scope(body: Body, catalog: Catalog, prefix: str) -> Scope:
    number = {name: index for index, name in enumerate(body.steps)}
    edges: list[dict[Edge, None]] = [{} for _ in number]
    values: list[list[Value]] = [[] for _ in number]
    for wire in body.wires:
        source, target = number[wire.source], number[wire.target]
        node = catalog.kinds[body.steps[wire.target].kind]
        port = next((port for port in node.spec.inputs if port.name == wire.target_port), None)
        if port is None:
            edges[target][Edge(source, wire.source_port, "order")] = None
        else:
            edges[target][Edge(source, wire.source_port, "value" if port.required else "optional")] = None
            values[target].append(Value(port, source, wire.source_port))
    for name, step in body.steps.items():
        for root, optional in _references(step, catalog).items():
            if root in number and not step.disabled:
                edges[number[name]][Edge(number[root], "", "optional" if optional else "value")] = None
    before = [{edge.source for edge in each} for each in edges]
    after: list[list[int]] = [[] for _ in number]
    for target, sources in enumerate(before):
        for source in sources:
            after[source].append(target)
    steps = tuple(
        _planned(index, name, step, catalog, prefix, tuple(edges[index]), tuple(values[index]), tuple(after[index]))
        for index, (name, step) in enumerate(body.steps.items())
    )
    return Scope(
        steps=steps,
        degrees=tuple(len(sources) for sources in before),
        roots=tuple(index for index, sources in enumerate(before) if not sources),
        outer=tuple(sorted(roots_in(body, catalog))),
        result=result_of(body),
        branching=any(
            planned.step.disabled
            or planned.step.on_error != "stop"
            or any(not port.required for port in planned.node.spec.outputs)
            for planned in steps
        ),
    )


def _references(step: Step, catalog: Catalog) -> dict[str, bool]:
    """The names a step's expressions need, and whether it can do without each."""
    templates = templates_of(catalog.kinds[step.kind], step)
    found = {root: root in template.optional for template in templates for root in template.roots}
    for template in templates:
        found.update({root: False for root in template.roots - template.optional})
    if step.body is not None:
        found.update({root: False for root in roots_in(step.body, catalog)})
    return found


def _planned(
    number: int,
    name: str,
    step: Step,
    catalog: Catalog,
    prefix: str,
    edges: tuple[Edge, ...],
    values: tuple[Value, ...],
    after: tuple[int, ...],
) -> Planned:
    node = catalog.kinds[step.kind]
    path = prefix + name
    return Planned(
        number=number,
        id=name,
        path=path,
        step=step,
        node=node,
        settings=None if step.disabled else Settings(node, step.settings),
        edges=edges,
        values=values,
        next=after,
        body=_scope(step.body or Body(), catalog, f"{path}/") if node.spec.body and not step.disabled else None,
        inline=(
            node.spec.effect is Effect.NONE
            and not node.spec.needs
            and not node.spec.body
            and not step.retry.times
            and step.timeout is None
            and inspect.iscoroutinefunction(node.spec.run)
        ),
    )
