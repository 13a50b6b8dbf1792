"""A flow drawn again after every edit: only what changed is looked at closely, for flows are large and edits small."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from app.ui.editor.called import problem_words
from app.ui.editor.drawing import Drawn, id_of, reference_drawn, reference_id, roots_of, step_drawn, wire_drawn
from flows.model import Body, Flow, Place, Step, Wire, walk
from flows.problems import Problem
from nodes.catalog import Catalog


class Drawing:
    """Draws the versions of a flow. What is the same as in the version before is the very same value again."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._steps: dict[str, _Step] = {}
        self._wires: dict[tuple[str, int], _Wire] = {}
        self._references: dict[tuple[str, str], _References] = {}

    def steps(self, flow: Flow, problems: Iterable[Problem]) -> dict[str, Drawn]:
        """Every step by its path."""
        wrong: dict[str, list[Problem]] = {}
        for problem in problems:
            wrong.setdefault(problem.step, []).append(problem)
        before, self._steps = self._steps, {}
        for path, step in walk(flow):
            place = flow.layout.get(path)
            said = [problem_words(each, step, self._catalog) for each in wrong[path]] if path in wrong else NOTHING
            drawn = before.get(path)
            if drawn is None or drawn.step is not step or drawn.place != place or drawn.problems != said:
                drawn = _Step(step, place, said, step_drawn(path, step, place, self._catalog, said))
            self._steps[path] = drawn
        return {path: each.drawn for path, each in self._steps.items()}

    def wires(self, flow: Flow) -> dict[str, Drawn]:
        """Every wire and every reference by its id."""
        found: dict[str, Drawn] = {}
        wires: dict[tuple[str, int], _Wire] = {}
        references: dict[tuple[str, str], _References] = {}
        self._in_body(flow, "", found, wires, references)
        self._wires, self._references = wires, references
        return found

    def _in_body(
        self,
        body: Body,
        parent: str,
        found: dict[str, Drawn],
        wires: dict[tuple[str, int], _Wire],
        references: dict[tuple[str, str], _References],
    ) -> None:
        wired: set[tuple[str, str]] = set()
        for wire in body.wires:
            ends = (wire.source, wire.target)
            wired.add(ends)
            key = (parent, id(wire))
            drawn = wires[key] = self._wire(self._wires.get(key), parent, wire, *map(body.steps.get, ends))
            found[drawn.id] = drawn.drawn
        for name, step in body.steps.items():
            at = (parent, name)
            drawn_references = references[at] = self._refers(self._references.get(at), parent, name, step)
            if step.body is not None:
                self._in_body(step.body, f"{parent}/{name}" if parent else name, found, wires, references)
            for root, id_, reference in drawn_references.all:
                if root in body.steps and (root, name) not in wired:
                    found[id_] = reference

    def _wire(self, before: _Wire | None, parent: str, wire: Wire, source: Step | None, target: Step | None) -> _Wire:
        if before is not None and before.source is source and before.target is target:
            return before
        drawn = wire_drawn(parent, wire, source, target, self._catalog)
        return _Wire(wire, source, target, id_of(parent, wire), drawn)

    def _refers(self, before: _References | None, parent: str, name: str, step: Step) -> _References:
        if before is not None and before.step is step:
            return before
        roots = (root for root in roots_of(step, self._catalog) if root != name)
        drawn = ((root, reference_id(parent, root, name), reference_drawn(parent, root, name)) for root in roots)
        return _References(step, tuple(drawn))


NOTHING: list[str] = []


class _Step(NamedTuple):
    step: Step
    place: Place | None
    problems: list[str]
    drawn: Drawn


class _Wire(NamedTuple):
    """It keeps its wire, so that nothing else gets the number that it is known by."""

    wire: Wire
    source: Step | None
    target: Step | None
    id: str
    drawn: Drawn


class _References(NamedTuple):
    step: Step
    all: tuple[tuple[str, str, Drawn], ...]


def patch(old: Mapping[str, Drawn], new: Mapping[str, Drawn]) -> dict[str, Drawn | None]:
    """What changed between two drawings: only the parts that differ, None for what is gone."""
    changed: dict[str, Drawn | None] = {path: None for path in old if path not in new}
    for path, drawn in new.items():
        before = old.get(path)
        if before is None:
            changed[path] = drawn
        elif before is not drawn and before != drawn:
            changed[path] = {key: value for key, value in drawn.items() if before.get(key) != value}
    return changed
