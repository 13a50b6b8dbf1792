"""What a flow, or a round of a container, gives back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from pydantic import JsonValue as Json

from app.engine.outcomes import Done, Outcome
from app.engine.plan import Scope
from app.engine.uses import Use
from app.engine.writing import canonical
from flows.expressions import ExpressionError
from nodes.values import NodeError


def result_of_round(scope: Scope, names: Mapping[str, Any], outcomes: Sequence[Outcome | None]) -> Json:
    """The result that the scope's author wrote down, or the outputs of its last steps."""
    template = scope.result
    if template is not None:
        if any(_is_missing(scope, names, root, use) for root, use in scope.result_uses.items()):
            return None
        try:
            value, _ = canonical({"value": template.render(names)})
        except (ExpressionError, ValueError) as error:
            raise NodeError(f"The result cannot be made: {error}", retryable=False) from error
        return value["value"]
    last = {
        planned.id: dict(outcome.outputs)
        for planned, outcome in zip(scope.steps, outcomes, strict=True)
        if not planned.next and isinstance(outcome, Done) and outcome.outputs
    }
    return next(iter(last.values())) if len(last) == 1 else cast(Json, last or None)


def _is_missing(scope: Scope, names: Mapping[str, Any], root: str, use: Use) -> bool:
    """True where a step that the result needs was skipped, or went another way."""
    if use.optional or root not in names:
        return not use.optional
    return root in scope.ids and not use.whole and not use.parts & names[root].keys()
