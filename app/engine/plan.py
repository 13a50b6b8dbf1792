"""Turn a flow into something runnable, or say every problem at once. Pure: no I/O, no clock."""

from __future__ import annotations

import dis
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from app.engine.checks import problems_of
from app.engine.remember import once_per_step
from app.engine.settings import Settings
from app.engine.uses import Uses, result_of, roots_in, uses_in_text, uses_of
from flows.expressions import Template
from flows.model import Body, Flow, Step
from flows.problems import Problem
from nodes.catalog import Catalog
from nodes.node import Node
from nodes.ports import Port
from nodes.values import Effect, Touches


@dataclass(frozen=True, slots=True)
class Edge:
    """What a step waits for: one of some outputs of another, or only its end; `way` is a wire that need not carry."""

    source: int
    ports: tuple[str, ...]
    kind: Literal["order", "value", "optional"]
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
    inline: bool
    promised: frozenset[str]
    """The outputs it always gives."""

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
        ports = (wire.source_port,) if wire.source_port else ()
        node = catalog.kinds[body.steps[wire.target].kind]
        port = next((port for port in node.spec.inputs if port.name == wire.target_port), None)
        if port is None:
            edges[target][Edge(source, ports, "order", way=True)] = None
        else:
            edge = Edge(source, ports, "value") if port.required else Edge(source, ports, "optional", way=True)
            edges[target][edge] = None
            values[target].append(Value(port, source, wire.source_port))
    for name, step in body.steps.items():
        if step.disabled:
            continue
        for root, use in uses_of(catalog.kinds[step.kind], step, catalog).items():
            if root in number:
                parts = () if use.whole else tuple(sorted(use.parts))
                edges[number[name]][Edge(number[root], parts, "optional" if use.optional else "value")] = None
    before = [{edge.source for edge in each} for each in edges]
    after: list[list[int]] = [[] for _ in number]
    for target, sources in enumerate(before):
        for source in sources:
            after[source].append(target)
    steps = tuple(
        _planned(index, name, step, catalog, prefix, tuple(edges[index]), tuple(values[index]), tuple(after[index]))
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
            or any(not port.required for port in planned.node.spec.outputs)
            for planned in steps
        ),
    )


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
) -> Planned:
    node = catalog.kinds[step.kind]
    path = prefix + name
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
        body=_scope(step.body or Body(), catalog, f"{path}/") if node.spec.body and not step.disabled else None,
        inline=(
            node.spec.effect is Effect.NONE
            and not node.spec.needs
            and not node.spec.body
            and not step.retry.times
            and step.timeout is None
            and _ends_at_once(node.spec.run)
        ),
        promised=frozenset(port.name for port in node.spec.outputs if port.required),
    )


@cache
def _ends_at_once(run: Callable[..., Any]) -> bool:
    """True for a coroutine function without an `await`: it can be played without a task."""
    if not inspect.iscoroutinefunction(run):
        return False
    return not any(each.opname in _WAITS for each in dis.get_instructions(run))


_WAITS = frozenset({"GET_AWAITABLE", "GET_AITER", "GET_ANEXT", "BEFORE_ASYNC_WITH"})
