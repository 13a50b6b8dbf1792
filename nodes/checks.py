"""What is wrong with a step's settings, in words, each at its field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, get_origin

from pydantic import JsonValue as Json
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from flows.expressions import ExpressionError, is_template, parse
from flows.model import Step
from flows.problems import Problem
from nodes.catalog import Catalog
from nodes.node import Node

LITERAL_WIDGETS = frozenset({"code", "secret", "connection", "flow"})
"""Settings of these kinds hold no expressions: braces in them are just text."""


def takes_expressions(node: type[Node], name: str) -> bool:
    """True where `{{ }}` in this setting is an expression."""
    field = node.model_fields.get(name)
    extra = field.json_schema_extra if field else None
    return not (isinstance(extra, dict) and extra.get("widget") in LITERAL_WIDGETS)


def is_later(node: type[Node], name: str) -> bool:
    """True where the step itself works out what the expressions in this setting give."""
    field = node.model_fields.get(name)
    extra = field.json_schema_extra if field else None
    return isinstance(extra, dict) and extra.get("later") is True


def holds_expressions(catalog: Catalog, step: Step, name: str) -> bool:
    """The same for a step; one whose node is not here may hold them anywhere."""
    node = catalog.kinds.get(step.kind)
    return node is None or takes_expressions(node, name)


def templates_in(value: Json) -> Iterator[str]:
    """Every text with an expression in it, at any depth of a setting."""
    match value:
        case str() if is_template(value):
            yield value
        case list():
            for each in value:
                yield from templates_in(each)
        case dict():
            for each in value.values():
                yield from templates_in(each)


def problems_in(node: type[Node], settings: Mapping[str, Json]) -> list[Problem]:
    """Every problem of these settings. What an expression decides is checked when the step runs."""
    found: list[Problem] = []
    dynamic: set[str] = set()
    for name, value in settings.items():
        if name not in node.model_fields or not takes_expressions(node, name):
            continue
        for text in templates_in(value):
            if not is_later(node, name):
                dynamic.add(name)
            try:
                parse(text)
            except ExpressionError as error:
                found.append(Problem(str(error), field=name, line=error.line, column=error.column))
    fixed = {name: value for name, value in settings.items() if name not in dynamic}
    try:
        node.model_validate(fixed)
    except ValidationError as error:
        found.extend(
            Problem(say(detail, node), field=field_of(detail))
            for detail in error.errors(include_url=False)
            if field_of(detail) not in dynamic
        )
    return found


def refusal(node: type[Node], name: str, value: Json) -> str:
    """Why a setting cannot have this value, which an expression gave; an empty text where it can."""
    try:
        node.model_validate({name: value})
    except ValidationError as error:
        mine = (detail for detail in error.errors(include_url=False) if field_of(detail) == name)
        return next((say(detail, node) for detail in mine), "")
    return ""


def field_of(detail: ErrorDetails) -> str:
    """The setting that a validation error is about."""
    return str(detail["loc"][0]) if detail["loc"] else ""


def label_of(node: type[Node], name: str) -> str:
    """A setting's name as a person reads it."""
    field = node.model_fields.get(name)
    return (field.title if field and field.title else name.replace("_", " ").capitalize()) or name


def is_many(node: type[Node], name: str) -> bool:
    """True where a setting's name means several things, as “Cases” and “Fields” do."""
    field = node.model_fields.get(name)
    origin = get_origin(field.annotation) if field else None
    return origin in (list, dict, tuple) and label_of(node, name).endswith("s")


def say(detail: ErrorDetails, node: type[Node]) -> str:
    """A validation error as a sentence."""
    name = label_of(node, field_of(detail))
    are = "are" if is_many(node, field_of(detail)) else "is"
    has = "have" if are == "are" else "has"
    limits: dict[str, Any] = detail.get("ctx") or {}
    match detail["type"]:
        case "missing":
            return f"{name} {are} missing."
        case "extra_forbidden":
            return f"{node.spec.title} has no setting `{field_of(detail)}`."
        case "string_type":
            return f"{name} {has} to be text."
        case "int_type" | "int_parsing" | "int_from_float":
            return f"{name} has to be a whole number."
        case "float_type" | "float_parsing" | "finite_number":
            return f"{name} has to be a number."
        case "bool_type" | "bool_parsing":
            return f"{name} has to be yes or no."
        case "list_type":
            return f"{name} {has} to be a list."
        case "dict_type" | "model_type":
            return f"{name} {has} to be a record."
        case "greater_than_equal":
            return f"{name} has to be {limits['ge']} or more."
        case "greater_than":
            return f"{name} has to be more than {limits['gt']}."
        case "less_than_equal":
            return f"{name} has to be {limits['le']} or less."
        case "less_than":
            return f"{name} has to be less than {limits['lt']}."
        case "string_too_short" | "too_short":
            return f"{name} {are} empty."
        case "string_too_long":
            return f"{name} is longer than {limits['max_length']} characters."
        case "literal_error" | "enum":
            return f"{name} has to be {limits['expected']}."
        case "value_error":
            return str(limits.get("error") or detail["msg"].removeprefix("Value error, "))
        case _:
            return f"{name}: {detail['msg']}."
