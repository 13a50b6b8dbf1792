"""A step's settings made ready: what is fixed is checked once, what holds expressions is filled in at each run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import JsonValue as Json
from pydantic import ValidationError

from flows.expressions import ExpressionError, Template, is_template, parse
from nodes.checks import field_of, label_of, say, takes_expressions
from nodes.node import Node
from nodes.values import NodeError

Names = Mapping[str, Any]
"""What an expression may refer to: `inputs`, `item`, and the outputs of steps under their ids."""

Fill = Callable[[Names], Json]


class Settings:
    """The settings of one step, ready to become a node."""

    def __init__(self, node: type[Node], settings: Mapping[str, Json]) -> None:
        self._node = node
        self._fixed: dict[str, Json] = {}
        self._filled: list[tuple[str, Fill]] = []
        self.templates: list[Template] = []
        for name, value in settings.items():
            fill = self._compile(value) if takes_expressions(node, name) else None
            if fill is None:
                self._fixed[name] = value
            else:
                self._filled.append((name, fill))
        self._whole = None if self._filled else node.model_validate(self._fixed)

    def node(self, names: Names) -> Node:
        """The node with every expression filled in. NodeError where one fails or gives what the setting cannot take."""
        if self._whole is not None:
            return self._whole
        settings = dict(self._fixed)
        for name, fill in self._filled:
            try:
                settings[name] = fill(names)
            except ExpressionError as error:
                raise NodeError(f"{label_of(self._node, name)}: {error}", retryable=False) from error
        try:
            return self._node.model_validate(settings)
        except ValidationError as error:
            detail = error.errors(include_url=False)[0]
            raise NodeError(
                say(detail, self._node),
                hint=f"Its expression gave `{str(settings.get(field_of(detail)))[:80]}`.",
                retryable=False,
            ) from None

    def _compile(self, value: Json) -> Fill | None:
        match value:
            case str() if is_template(value):
                template = parse(value)
                self.templates.append(template)
                return template.render
            case list():
                parts = [self._compile(each) for each in value]
                if any(parts):
                    pairs = list(zip(value, parts, strict=True))
                    return lambda names: [fixed if fill is None else fill(names) for fixed, fill in pairs]
            case dict():
                named = {key: self._compile(each) for key, each in value.items()}
                if any(named.values()):
                    fixed = dict(value)
                    return lambda names: {
                        key: fixed[key] if fill is None else fill(names) for key, fill in named.items()
                    }
        return None
