"""Which names the expressions of a step use, which parts of them, and whether they can do without."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from app.engine.remember import once_per_step
from flows.expressions import ExpressionError, Template, parse
from flows.model import Body, Step
from nodes.catalog import Catalog
from nodes.checks import is_later, takes_expressions, templates_in
from nodes.node import Node


@dataclass(frozen=True, slots=True)
class Use:
    """How a name is used: `parts` are the outputs that are named, none where it is used as a whole."""

    parts: frozenset[str]
    whole: bool
    optional: bool

    def __or__(self, other: Use) -> Use:
        return Use(self.parts | other.parts, self.whole or other.whole, self.optional and other.optional)


Uses = Mapping[str, Use]


def templates_of(node: type[Node], step: Step) -> tuple[Template, ...]:
    """The expressions in a step's settings that can be read; the others are problems of their own."""
    return tuple(template for _, template in templates_by_setting(node, step))


@once_per_step
def templates_by_setting(node: type[Node], step: Step) -> tuple[tuple[str, Template], ...]:
    """The expressions that can be read, each with the name of its setting."""
    found = []
    for name, value in step.settings.items():
        for text in templates_in(value) if takes_expressions(node, name) else ():
            try:
                found.append((name, parse(text)))
            except ExpressionError:
                continue
    return tuple(found)


def uses_of(node: type[Node], step: Step, catalog: Catalog) -> Uses:
    """The names a step needs before it can start, those of the steps inside it included."""
    own = _of_settings(node, step)
    if step.body is None or not node.spec.body:
        return own
    inside = {root: use for root, use in uses_in(step.body, catalog).items() if root not in node.spec.inside}
    return _joined((own, inside))


def uses_in(body: Body, catalog: Catalog) -> Uses:
    """The names that a body uses and that come from around it."""
    found = _joined(_in_body(body, catalog))
    return {root: use for root, use in found.items() if root not in body.steps}


def roots_in(body: Body, catalog: Catalog) -> frozenset[str]:
    """The names alone."""
    return frozenset(uses_in(body, catalog))


def result_of(body: Body) -> Template | None:
    """The expression a body gives back. ExpressionError where it cannot be read."""
    return parse(f"{{{{ {body.result} }}}}") if body.result else None


def _in_body(body: Body, catalog: Catalog) -> Iterator[Uses]:
    for step in body.steps.values():
        node = catalog.kinds.get(step.kind)
        if node is None or step.disabled:
            continue
        yield _of_settings(node, step)
        if step.body is not None:
            yield {root: use for root, use in uses_in(step.body, catalog).items() if root not in node.spec.inside}
    try:
        result = result_of(body)
    except ExpressionError:
        return
    if result is not None:
        yield uses_in_text(result)


@once_per_step
def _of_settings(node: type[Node], step: Step) -> Uses:
    return _joined(_of_setting(node, step, *named) for named in templates_by_setting(node, step))


def _of_setting(node: type[Node], step: Step, name: str, template: Template) -> Uses:
    uses = uses_in_text(template)
    if step.body is None or not is_later(node, name):
        return uses
    # It is worked out between two rounds, when what is inside has given something.
    known = node.spec.inside | step.body.steps.keys()
    return {root: use for root, use in uses.items() if root not in known}


def uses_in_text(template: Template) -> Uses:
    """The names that one text uses."""
    return _joined(
        {root: Use(frozenset(parts[:1]), not parts, root in template.optional)}
        for root, *parts in ([str(each) for each in path[:2]] for path in template.paths)
    )


def _joined(several: Iterable[Uses]) -> Uses:
    found: dict[str, Use] = {}
    for uses in several:
        for root, use in uses.items():
            found[root] = found[root] | use if root in found else use
    return found
