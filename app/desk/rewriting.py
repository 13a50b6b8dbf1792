"""References of whole bodies made others, wherever a name means what it means outside."""

from __future__ import annotations

from pydantic import JsonValue as Json

from flows.expressions import is_template
from flows.expressions.rerooting import Table, reroot
from flows.model import Body, Step
from nodes.catalog import Catalog
from nodes.checks import is_later, takes_expressions


def rewritten(step: Step, table: Table, catalog: Catalog) -> Step:
    """A step, with all that is in it, whose references are others now; the same one where there are none."""
    node = catalog.kinds.get(step.kind)
    inner = table
    if node is not None and step.body is not None:
        hidden = node.spec.inside | step.body.steps.keys()
        inner = {key: value for key, value in table.items() if key[0] not in hidden}
    settings = {
        name: _in(value, inner if node is not None and is_later(node, name) else table)
        if node is None or takes_expressions(node, name)
        else value
        for name, value in step.settings.items()
    }
    body = step.body if step.body is None else rewritten_body(step.body, inner, catalog)
    if settings == step.settings and body is step.body:
        return step
    return step.model_copy(update={"settings": settings, "body": body})


def rewritten_body(body: Body, table: Table, catalog: Catalog) -> Body:
    """The same for all steps of a body and its result."""
    steps = {name: rewritten(step, table, catalog) for name, step in body.steps.items()}
    result = rewritten_result(body.result, table)
    if result == body.result and all(steps[name] is step for name, step in body.steps.items()):
        return body
    return body.model_copy(update={"steps": steps, "result": result})


def rewritten_result(result: str, table: Table) -> str:
    """The same for a result, which is an expression without its braces."""
    return reroot(f"{{{{{result}}}}}", table)[2:-2] if result else result


def awake(body: Body) -> Body:
    """The body as if no step of it were switched off: what a sleeping step refers to counts as well."""

    def woken(step: Step) -> Step:
        return step.model_copy(update={"disabled": False, "body": None if step.body is None else awake(step.body)})

    return body.model_copy(update={"steps": {name: woken(step) for name, step in body.steps.items()}})


def _in(value: Json, table: Table) -> Json:
    match value:
        case str():
            return reroot(value, table) if is_template(value) else value
        case list():
            return [_in(each, table) for each in value]
        case dict():
            return {name: _in(each, table) for name, each in value.items()}
        case _:
            return value
