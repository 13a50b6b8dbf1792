"""The flows that a flow runs as parts of itself, and whether they fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from flows.inputs import checked
from flows.model import Body, Flow, Step, walk
from flows.problems import Problem
from nodes.catalog import Catalog
from nodes.checks import templates_in

Parts = Mapping[str, Flow]
"""Flows by their ids."""

NONE: Parts = MappingProxyType({})

DEEPEST = 12
"""How many flows may run one in the other."""

MOST = 100_000
"""Steps of a flow and of all that it runs, counted as often as they are named."""


def called_by(flow: Body, catalog: Catalog) -> tuple[str, ...]:
    """The ids of the flows that the steps of a flow run, those that are switched off included."""
    found = (called for _, step in walk(flow) if (called := called_by_step(step, catalog)))
    return tuple(dict.fromkeys(found))


def called_by_step(step: Step, catalog: Catalog) -> str:
    """The id of the flow that a step runs; empty for none."""
    node = catalog.kinds.get(step.kind)
    return "" if node is None else node.calls(step.settings)


def of_call(step: Step, flow: Flow, parts: Parts, wrong: Mapping[str, Problem], catalog: Catalog) -> Iterator[Problem]:
    """What keeps a step from running the flow that it names; `flow` is the one that it is in.

    `wrong` has what is wrong with each of the parts by itself.
    """
    called = called_by_step(step, catalog)
    if not called:
        return
    if called == flow.id:
        yield Problem("A flow cannot run itself.", field="flow", hint="To repeat steps, use Repeat until.")
        return
    part = parts.get(called)
    if part is None:
        yield Problem("The flow that this step runs is not here.", field="flow", hint="Choose another one.")
        return
    if circle := _circle(flow, part, parts, catalog):
        yield Problem(f"These flows run each other: {' → '.join(f'“{name}”' for name in circle)}.", field="flow")
        return
    if too_many := _too_many(part, parts, catalog):
        yield Problem(too_many, field="flow")
        return
    for each in _with_its_own(part, parts, catalog):
        if (problem := wrong.get(each)) is not None:
            yield Problem(
                f"“{parts[each].name}” cannot run yet: {problem.message}", field="flow", hint="Mend it there."
            )
            return
    yield from _of_inputs(step, part)


def _with_its_own(part: Flow, parts: Parts, catalog: Catalog) -> list[str]:
    """The ids of a flow and of those that it runs, and so on."""
    found = [part.id]
    for each in found:
        found.extend(id for id in called_by(parts[each], catalog) if id in parts and id not in found)
    return found


def _of_inputs(step: Step, part: Flow) -> Iterator[Problem]:
    """What does not fit of the inputs that a step gives; what expressions give is checked when the step runs."""
    given = step.settings.get("inputs")
    given = given if isinstance(given, dict) else {}
    fixed = {name: value for name, value in given.items() if not any(templates_in(value))}
    asked = {name: each for name, each in part.inputs.items() if name in fixed or name not in given}
    for problem in checked(asked, {name: value for name, value in fixed.items() if name in asked})[1]:
        name = problem.field
        hint = f"Change what this step gives as `{name}`." if name in fixed else f"Give `{name}` a value."
        yield Problem(f"“{part.name}”: {problem.message}", field="inputs", hint=hint)
    for name in given:
        if name not in part.inputs:
            has = f"Its inputs are: {', '.join(part.inputs)}." if part.inputs else "It has none."
            yield Problem(f"“{part.name}” has no input `{name}`.", field="inputs", hint=has)


def _circle(flow: Flow, part: Flow, parts: Parts, catalog: Catalog) -> list[str]:
    """The names of the flows that run each other, from this flow or from one that it runs; none where none do."""
    done: set[str] = set()

    def look(each: Flow, way: tuple[Flow, ...]) -> list[str]:
        for before, known in enumerate(way):
            if known.id == each.id:
                return [*(other.name for other in way[before:]), each.name]
        if each.id in done:
            return []
        for inner in called_by(each, catalog):
            found = parts.get(inner) if inner != flow.id else flow
            if found is not None and (circle := look(found, (*way, each))):
                return circle
        done.add(each.id)
        return []

    return look(part, (flow,))


def _too_many(part: Flow, parts: Parts, catalog: Catalog) -> str:
    """Why a flow is too much of a part; an empty text where it is not."""
    known: dict[str, tuple[int, int]] = {}

    def size(each: Flow) -> tuple[int, int]:
        if each.id not in known:
            inner = [size(parts[id]) for step in _steps(each) if (id := called_by_step(step, catalog)) in parts]
            count = sum(1 for _ in walk(each)) + sum(steps for steps, _ in inner)
            known[each.id] = count, 1 + max((deep for _, deep in inner), default=0)
        return known[each.id]

    steps, deep = size(part)
    if deep > DEEPEST:
        return f"More than {DEEPEST} flows would run one inside the other."
    return f"“{part.name}” and the flows that it runs have more than {MOST:,} steps." if steps > MOST else ""


def _steps(flow: Flow) -> Iterator[Step]:
    return (step for _, step in walk(flow))
