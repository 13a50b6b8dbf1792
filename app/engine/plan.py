"""Turn a flow into something runnable, or say every problem at once. Pure: no I/O, no clock."""

from __future__ import annotations

import dis
import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

from app.engine.checks import problems_of
from app.engine.parts import NONE, Parts
from app.engine.ports import ports_of
from app.engine.remember import once_per_step
from app.engine.settings import Settings
from app.engine.uses import Uses, result_of, roots_in, uses_in_text, uses_of
from flows.expressions import Template
from flows.model import Body, Flow, Step
from flows.problems import Problem
from nodes.catalog import Catalog
from nodes.checks import is_later
from nodes.node import Node
from nodes.ports import Port, Ports
from nodes.values import Effect, Touches


@dataclass(frozen=True, slots=True)
class Edge:
    """What a step waits for: one of some outputs of another, or only its end; `way` is a wire that need not carry.

    Of its edges of the kind `many`, one is enough.
    """

    source: int
    ports: tuple[str, ...]
    kind: Literal["order", "value", "optional", "many"]
    way: bool = False


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
    """What a container has inside; for a step that runs another flow, that flow."""
    part: Flow | None
    """The flow that it runs as a part of this one."""
    inline: bool
    ports: Ports
    promised: frozenset[str]
    """The outputs it always gives."""
    gathered: frozenset[int]
    """The steps on the wires that end at a port which takes many."""
    eager: bool
    """It starts with the first of them, while others still go on."""
    hurries: tuple[int, ...]
    """The eager steps after it."""
    forgives: bool
    """A failure inside is dealt with here."""
    asks_later: bool
    """It works out settings of its own between two rounds of what is inside."""

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
    ids: frozenset[str]
    result: Template | None
    result_uses: Uses
    branching: bool


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """A flow, ready to run."""

    flow: Flow
    scope: Scope
    parts: Parts = field(default_factory=dict)
    """The flows that its steps run, and those that their steps run, by id."""


class Unrunnable(Exception):
    """A flow that cannot run yet, with every problem."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def plan(flow: Flow, catalog: Catalog, parts: Parts = NONE) -> Plan:
    """The flow, ready to run; `parts` are the flows that it runs. Unrunnable with every problem where it is not."""
    if problems := [each for each in problems_of(flow, catalog, parts) if each.severity == "error"]:
        raise Unrunnable(problems)
    return Plan(flow, _scope(flow, catalog, "", parts), parts)


def planned_in(scope: Scope) -> Iterator[Planned]:
    """Every step of a scope and of the bodies in it."""
    for planned in scope.steps:
        yield planned
        if planned.body is not None:
            yield from planned_in(planned.body)


def effects_in(planned: Plan) -> Mapping[str, Effect]:
    """What each step does to the world, by its path in the flow; those of the flows that it runs included."""
    return {step.path: step.node.spec.effect for step in planned_in(planned.scope)}


def touches_of(step: Step, catalog: Catalog) -> Touches:
    """What a step means to touch, from its settings as they are written."""
    node = catalog.kinds.get(step.kind)
    if node is None:
        return Touches()
    settings: dict[str, Any] = dict(step.settings)
    return node.model_construct(**settings).touches()


def _scope(body: Body, catalog: Catalog, prefix: str, parts: Parts) -> Scope:
    number = {name: index for index, name in enumerate(body.steps)}
    edges: list[dict[Edge, None]] = [{} for _ in number]
    values: list[list[Value]] = [[] for _ in number]
    for wire in body.wires:
        source, target = number[wire.source], number[wire.target]
        carried = (wire.source_port,) if wire.source_port else ()
        step = body.steps[wire.target]
        port = ports_of(catalog.kinds[step.kind], step).taking(wire.target_port)
        if port is None:
            edges[target][Edge(source, carried, "order", way=True)] = None
        else:
            edges[target][_edge(source, carried, port)] = None
            values[target].append(Value(port, source, wire.source_port))
    for name, step in body.steps.items():
        if step.disabled:
            continue
        for root, use in uses_of(catalog.kinds[step.kind], step, catalog).items():
            if root in number:
                used = () if use.whole else tuple(sorted(use.parts))
                edges[number[name]][Edge(number[root], used, "optional" if use.optional else "value")] = None
    before = [{edge.source for edge in each} for each in edges]
    after: list[list[int]] = [[] for _ in number]
    for target, sources in enumerate(before):
        for source in sources:
            after[source].append(target)
    eager = frozenset(target for target, each in enumerate(values) if any(value.port.many == "first" for value in each))
    steps = tuple(
        _planned(
            index,
            name,
            step,
            catalog,
            prefix,
            tuple(edges[index]),
            tuple(values[index]),
            tuple(after[index]),
            eager,
            parts,
        )
        for index, (name, step) in enumerate(body.steps.items())
    )
    result = result_of(body)
    return Scope(
        steps=steps,
        degrees=tuple(len(sources) for sources in before),
        roots=tuple(index for index, sources in enumerate(before) if not sources),
        outer=tuple(sorted(roots_in(body, catalog))),
        ids=frozenset(number),
        result=result,
        result_uses=uses_in_text(result) if result is not None else {},
        branching=any(
            planned.step.disabled
            or planned.step.pinned is not None
            or planned.step.on_error != "stop"
            or planned.gathered
            or any(not port.required for port in planned.ports.outputs)
            for planned in steps
        ),
    )


def _edge(source: int, ports: tuple[str, ...], port: Port) -> Edge:
    if port.many == "every" or (port.required and not port.many):
        return Edge(source, ports, "value")
    return Edge(source, ports, "many" if port.many else "optional", way=True)


@once_per_step
def _settings(node: type[Node], step: Step) -> Settings:
    return Settings(node, step.settings)


def _planned(
    number: int,
    name: str,
    step: Step,
    catalog: Catalog,
    prefix: str,
    edges: tuple[Edge, ...],
    values: tuple[Value, ...],
    after: tuple[int, ...],
    eager: frozenset[int],
    parts: Parts,
) -> Planned:
    node = catalog.kinds[step.kind]
    path = prefix + name
    ports = ports_of(node, step)
    part = None if step.disabled else parts.get(node.calls(step.settings))
    inside = part or (step.body or Body() if node.spec.body and not step.disabled else None)
    return Planned(
        number=number,
        id=name,
        path=path,
        step=step,
        node=node,
        settings=None if step.disabled else _settings(node, step),
        edges=edges,
        values=values,
        next=after,
        body=None if inside is None else _scope(inside, catalog, f"{path}/", parts),
        part=part,
        inline=(
            node.spec.effect is Effect.NONE
            and not node.spec.needs
            and not node.spec.body
            and not step.retry.times
            and step.timeout is None
            and _ends_at_once(node.spec.run)
        ),
        ports=ports,
        promised=frozenset(port.name for port in ports.outputs if port.required),
        gathered=frozenset(value.source for value in values if value.port.many),
        eager=number in eager,
        hurries=tuple(each for each in after if each in eager),
        forgives=node.forgives(step.settings),
        asks_later=any(is_later(node, setting) for setting in node.model_fields) if node.spec.body else False,
    )


@cache
def _ends_at_once(run: Callable[..., Any]) -> bool:
    """True for a coroutine function without an `await`: it can be played without a task."""
    if not inspect.iscoroutinefunction(run):
        return False
    return not any(each.opname in _WAITS for each in dis.get_instructions(run))


_WAITS = frozenset({"GET_AWAITABLE", "GET_AITER", "GET_ANEXT", "BEFORE_ASYNC_WITH"})
