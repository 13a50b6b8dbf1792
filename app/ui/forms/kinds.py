"""Which field a setting gets, read from its model; and what typed text becomes."""

from __future__ import annotations

import json
import types
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic import JsonValue as Json
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from nodes.checks import is_later, label_of, takes_expressions
from nodes.node import Node

Kind = Literal[
    "text",
    "long_text",
    "code",
    "number",
    "switch",
    "choice",
    "list",
    "record",
    "records",
    "json",
    "secret",
    "connection",
    "flow",
    "flow_inputs",
]
WIDGETS: dict[str, Kind] = {
    "long_text": "long_text",
    "code": "code",
    "json": "json",
    "secret": "secret",
    "connection": "connection",
    "flow": "flow",
    "flow_inputs": "flow_inputs",
    "records": "records",
}


@dataclass(frozen=True)
class Setting:
    """One setting of a node as a form shows it."""

    name: str
    label: str
    help: str
    kind: Kind
    choices: tuple[str, ...]
    default: Json
    required: bool
    mono: bool
    expressions: bool
    later: bool = False
    """Its expressions are worked out while the step is at work, as often as it wants."""
    fields: tuple[tuple[str, str, bool], ...] = ()
    """Of a list of records: the name and label of each field, and whether it takes expressions."""
    only_for: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """It counts only while each of these settings has one of these values."""

    def counts(self, settings: Mapping[str, Json], defaults: Mapping[str, Json]) -> bool:
        """False where another setting makes this one mean nothing; an expression may turn out to be anything."""
        for name, values in self.only_for:
            value = settings.get(name, defaults.get(name))
            if value not in values and not (isinstance(value, str) and "{{" in value):
                return False
        return True


def settings_of(node: type[Node]) -> list[Setting]:
    """A node's settings in their order."""
    return [_setting(node, name, field) for name, field in node.model_fields.items()]


def read(setting: Setting, text: object) -> Json:
    """The value that typed text means; text that means none stays text, and is a problem at its field."""
    if not isinstance(text, str):
        return text  # type: ignore[return-value]  # a switch or a choice gives a JSON value already
    if setting.kind == "number" and "{{" not in text:
        try:
            return int(text)
        except ValueError:
            try:
                return float(text.replace(",", "."))
            except ValueError:
                return text
    if setting.kind == "json":
        try:
            value: Json = json.loads(text) if text.strip() else None
        except ValueError:
            return text
        return value
    return text


def written(setting: Setting, value: Json) -> str:
    """A value as text for a field."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if setting.kind == "json" or isinstance(value, list | dict | bool):
        return json.dumps(value, ensure_ascii=False, indent=2)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _setting(node: type[Node], name: str, field: FieldInfo) -> Setting:
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    widget = str(extra.get("widget", ""))
    plain = _plain(field.annotation)
    default = None if field.default is PydanticUndefined else field.default
    if field.default_factory is not None:
        default = field.get_default(call_default_factory=True)
    return Setting(
        name=name,
        label=label_of(node, name),
        help=field.description or "",
        kind=WIDGETS.get(widget) or _kind(plain),
        choices=tuple(str(choice) for choice in get_args(plain)) if get_origin(plain) is Literal else (),
        default=default,
        required=field.is_required(),
        mono=widget in ("target", "json", "url", "path", "later"),
        expressions=takes_expressions(node, name),
        later=is_later(node, name),
        fields=_fields(field.annotation) if widget == "records" else (),
        only_for=_only_for(extra.get("only_for")),
    )


def _only_for(declared: object) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if not isinstance(declared, dict):
        return ()
    return tuple((str(name), tuple(str(value) for value in values)) for name, values in declared.items())


def _fields(annotation: Any) -> tuple[tuple[str, str, bool], ...]:
    """The fields of the records in a list; text that is only a name takes no expressions."""
    inner = next((each for each in get_args(_plain(annotation)) if isinstance(each, type)), None)
    if inner is None or not issubclass(inner, BaseModel):
        return ()
    return tuple(
        (name, name.replace("_", " ").capitalize(), each.annotation is not str)
        for name, each in inner.model_fields.items()
    )


def _plain(annotation: Any) -> Any:
    """The annotation without None and without what only checks it."""
    if hasattr(annotation, "__metadata__"):
        return _plain(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        left = [each for each in get_args(annotation) if each is not type(None)]
        return _plain(left[0]) if len(left) == 1 else None
    return annotation


def _kind(plain: Any) -> Kind:
    origin = get_origin(plain)
    if origin is Literal:
        return "choice"
    if plain is bool:
        return "switch"
    if plain in (int, float):
        return "number"
    if plain is dict or origin is dict:
        return "record"
    if plain in (list, tuple) or origin in (list, tuple):
        return "list"
    return "text"
