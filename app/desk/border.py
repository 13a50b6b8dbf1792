"""What crosses the border of chosen steps: what they take, what they give, and why they cannot be taken out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.desk.rewriting import awake
from app.desk.saying import name_of
from app.engine.ports import ports_of
from app.engine.uses import Use, uses_in, uses_in_text
from flows.apply import EditRefused
from flows.expressions import ExpressionError, parse
from flows.model import Body, Flow, Step, Wire, step_at
from nodes.catalog import Catalog
from nodes.ports import Port

FAILURE = "error"
End = tuple[str, str]
"""A step and one of its outputs, or '' for the whole step."""


@dataclass(frozen=True)
class Border:
    """The border of chosen steps of one body."""

    flow: Flow
    parent: str
    chosen: frozenset[str]
    catalog: Catalog

    @property
    def body(self) -> Body:
        """The body that the steps are in."""
        return step_at(self.flow, self.parent).body or Body() if self.parent else self.flow

    @property
    def inside(self) -> Body:
        """The chosen steps alone."""
        return Body(steps={name: step for name, step in self.body.steps.items() if name in self.chosen})

    @property
    def coming(self) -> list[Wire]:
        """The wires that lead in."""
        return [wire for wire in self.body.wires if wire.target in self.chosen and wire.source not in self.chosen]

    @property
    def leaving(self) -> list[Wire]:
        """The wires that lead out."""
        return [wire for wire in self.body.wires if wire.source in self.chosen and wire.target not in self.chosen]

    def taken(self) -> Mapping[str, Use]:
        """The names from around that the chosen steps refer to."""
        return {root: use for root, use in uses_in(awake(self.inside), self.catalog).items() if root not in self.chosen}

    def given(self) -> dict[str, Use]:
        """The chosen steps that the others, the result, and the container around refer to."""
        others = Body(
            steps={name: step for name, step in self.body.steps.items() if name not in self.chosen},
            result=self.body.result,
        )
        found = dict(uses_in(awake(others), self.catalog))
        for use in self._of_container():
            for root, each in use.items():
                found[root] = found[root] | each if root in found else each
        return {root: use for root, use in found.items() if root in self.chosen}

    def _of_container(self) -> Iterator[Mapping[str, Use]]:
        """What the container's own settings refer to inside it."""
        if not self.parent:
            return
        for text in _texts(step_at(self.flow, self.parent).settings):
            try:
                yield uses_in_text(parse(text))
            except ExpressionError:
                continue

    def port(self, name: str, output: str) -> Port | None:
        """An output of a step of the body."""
        step = self.body.steps.get(name)
        node = self.catalog.kinds.get(step.kind) if step is not None else None
        return ports_of(node, step).giving(output) if node is not None and step is not None and output else None

    def is_way(self, name: str, output: str) -> bool:
        """True for an output that its step may leave untaken."""
        port = self.port(name, output)
        return (output == FAILURE and port is None) or (port is not None and not port.required)

    def title(self, name: str) -> str:
        """A step of the body as a person knows it."""
        return name_of(self.flow, f"{self.parent}/{name}" if self.parent else name, self.catalog)

    def check(self) -> None:
        """EditRefused, with a sentence, where the steps cannot be taken out together."""
        self._check_circle()
        self._check_ways_in()
        self._check_joins()
        self._check_ways_out()
        for root, use in self.taken().items():
            if use.optional and root in self.body.steps:
                raise EditRefused(
                    f"A chosen step looks whether “{self.title(root)}” has given something, which can only be "
                    f"seen from here. Choose “{self.title(root)}” too, or leave that step out."
                )
        for root, use in self.given().items():
            if use.optional:
                raise EditRefused(
                    f"A step that is not chosen looks whether “{self.title(root)}” has given something, which could "
                    "not be seen any more. Choose that step too."
                )
        if self.taken().get("inputs", Use(frozenset(), whole=False, optional=False)).whole:
            raise EditRefused("A chosen step uses `inputs` as a whole. Let it name the inputs that it needs.")

    def arrows(self) -> set[tuple[str, str]]:
        """Which step of the body comes before which, by wires and by references."""
        found = {(wire.source, wire.target) for wire in self.body.wires}
        for name, step in self.body.steps.items():
            uses = uses_in(awake(Body(steps={name: step})), self.catalog)
            found |= {(root, name) for root in uses if root in self.body.steps and root != name}
        return found

    def _check_circle(self) -> None:
        after: dict[str, set[str]] = {}
        for first, then in self.arrows():
            after.setdefault(first, set()).add(then)
        outside = {then for name in self.chosen for then in after.get(name, ())} - self.chosen
        waiting = list(outside)
        while waiting:
            name = waiting.pop()
            if back := after.get(name, set()) & self.chosen:
                raise EditRefused(
                    f"“{self.title(name)}” lies between the chosen steps: it needs one of them, and "
                    f"“{self.title(min(back))}” needs it. Choose “{self.title(name)}” too."
                )
            new = after.get(name, set()) - outside
            outside |= new
            waiting.extend(new)

    def _check_ways_in(self) -> None:
        arrows = self.arrows()
        first = {name for name in self.chosen if not any(a in self.chosen for a, b in arrows if b == name)}
        for wire in self.coming:
            if not self.is_way(wire.source, wire.source_port):
                continue
            along = {
                each.target
                for each in self.coming
                if (each.source, each.source_port) == (wire.source, wire.source_port)
            }
            if first - along:
                raise EditRefused(
                    f"“{self.title(min(first - along))}” does not follow the way “{wire.source_port}” of "
                    f"“{self.title(wire.source)}”, and other chosen steps do. Choose only what follows it."
                )

    def _check_joins(self) -> None:
        for wire in self.coming:
            step = self.body.steps[wire.target]
            node = self.catalog.kinds.get(step.kind)
            port = ports_of(node, step).taking(wire.target_port) if node is not None else None
            into = [
                each for each in self.body.wires if (each.target, each.target_port) == (wire.target, wire.target_port)
            ]
            if port is not None and port.many and len(into) > 1:
                raise EditRefused(
                    f"“{self.title(wire.target)}” brings ways together that begin outside. Leave it out, or choose "
                    "what is before it too."
                )

    def _check_ways_out(self) -> None:
        unsure = self._may_be_left_out()
        used = {wire.source for wire in self.leaving} | self.given().keys()
        for wire in self.leaving:
            if self.is_way(wire.source, wire.source_port):
                raise EditRefused(
                    f"“{self.title(wire.source)}” says whether “{self.title(wire.target)}” runs, which could not be "
                    "seen any more. Choose what follows it too, or leave it out."
                )
        if lost := sorted(unsure & used):
            raise EditRefused(
                f"“{self.title(lost[0])}” is left out on some ways, and what follows it with it. That could not be "
                "seen any more: choose what follows it too."
            )

    def _may_be_left_out(self) -> set[str]:
        """The chosen steps that a way inside may leave out."""
        arrows = self.arrows()
        found = {
            wire.target
            for wire in self.body.wires
            if wire.source in self.chosen and wire.target in self.chosen and self.is_way(wire.source, wire.source_port)
        }
        found = {name for name in found if not self._joins(self.body.steps[name])}
        waiting = list(found)
        while waiting:
            name = waiting.pop()
            new = {b for a, b in arrows if a == name and b in self.chosen and b not in found}
            new = {each for each in new if not self._joins(self.body.steps[each])}
            found |= new
            waiting.extend(new)
        return found

    def _joins(self, step: Step) -> bool:
        node = self.catalog.kinds.get(step.kind)
        return node is not None and any(port.many for port in ports_of(node, step).inputs)


def _texts(value: object) -> Iterator[str]:
    match value:
        case str():
            if "{" in value:
                yield value
        case list():
            for each in value:
                yield from _texts(each)
        case Mapping():
            for each in value.values():
                yield from _texts(each)
        case _:
            return
