"""A step's settings made ready: what is fixed is checked once, what holds expressions is filled in at each run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import JsonValue as Json
from pydantic import ValidationError

from flows.expressions import ExpressionError, Template, is_template, parse
from nodes.checks import field_of, is_later, label_of, say, takes_expressions, templates_in
from nodes.node import Node
from nodes.values import NodeError

Names = Mapping[str, Any]
"""What an expression may refer to: `inputs`, `item`, and the outputs of steps under their ids."""

Fill = Callable[[Names], Json]


class Settings:
    """The settings of one step, ready to become a node."""

    def __init__(self, node: type[Node], settings: Mapping[str, Json]) -> None:
        self._node = node
        self._written = settings
        self._later: dict[str, tuple[Fill, frozenset[str]]] = {}
        self._fixed: dict[str, Json] = {}
        self._filled: list[tuple[str, Fill]] = []
        self.templates: list[Template] = []
        for name, value in settings.items():
            fill = self._compile(value) if takes_expressions(node, name) and not is_later(node, name) else None
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

    def work_out(self, where: str, *known: Names) -> Json:
        """What a setting that is worked out later gives with these names, the first that has one being asked for it.

        `where` is the setting's name, or a place in it such as `cases.0.when`.
        """
        if where not in self._later:
            value = self._at(where)
            roots = frozenset[str]().union(*(parse(text).roots for text in templates_in(value)))
            self._later[where] = self._compile(value) or (lambda _: value), roots
        fill, roots = self._later[where]
        names = {name: each[name] for each in reversed(known) for name in roots if name in each}
        try:
            return fill(names)
        except ExpressionError as error:
            raise NodeError(f"{label_of(self._node, where.split('.')[0])}: {error}", retryable=False) from error

    def _at(self, where: str) -> Json:
        name, *inner = where.split(".")
        value: Any = self._written[name] if name in self._written else self._node.model_fields[name].default
        for key in inner:
            value = value[int(key)] if isinstance(value, list) else value.get(key)
        found: Json = value
        return found

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
