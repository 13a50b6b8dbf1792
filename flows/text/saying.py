"""A validation error of a flow's model as a sentence, with its step, its field and its place in the file."""

from __future__ import annotations

import difflib
from typing import Any

from pydantic_core import ErrorDetails

from flows.model import Body, Flow, Frozen, Input, Retry, Step
from flows.text.findings import Findings, Loc, whereabouts
from flows.text.scalars import meaning


def say(detail: ErrorDetails, findings: Findings) -> None:
    """Enter a validation error of the model among the findings."""
    loc = tuple(part for part in detail["loc"] if part != "[key]")
    step, rest = whereabouts(loc)
    findings.wrong(loc, *_said(detail, step, rest))


def _said(detail: ErrorDetails, step: str, rest: Loc) -> tuple[str, str]:
    name = _short(".".join(map(str, rest)))
    of_step = f" of `{_short(step)}`" if step else ""
    what = f"`{name}`{of_step}" if name else f"`{_short(step)}`" if step else "The flow"
    limits: dict[str, Any] = detail.get("ctx") or {}
    match detail["type"]:
        case "missing":
            return f"`{rest[-1]}`{of_step} is missing.", ""
        case "extra_forbidden":
            owner = f"`{_short(step)}` has a field" if step else "There is a field"
            close = difflib.get_close_matches(str(rest[-1])[:60], _known(step, rest), n=1)
            return f"{owner} `{name}` that Weft does not know.", f"Did you mean `{close[0]}`?" if close else ""
        case "string_type":
            is_one_word = isinstance(detail["input"], bool | int | float)
            return f"{what} has to be text.", "Put it in quotes." if is_one_word else ""
        case "int_type" | "int_from_float":
            return f"{what} has to be a whole number.", _unquote(detail["input"])
        case "float_type" | "finite_number":
            return f"{what} has to be a number.", _unquote(detail["input"])
        case "bool_type":
            return f"{what} has to be true or false.", _unquote(detail["input"])
        case "greater_than_equal" | "greater_than" | "less_than_equal" | "less_than":
            return f"{what} has to be {_bound(limits)}.", ""
        case "literal_error":
            return f"{what} has to be {limits.get('expected')}.", ""
        case "string_too_long":
            return f"{what} is longer than {limits.get('max_length')} characters.", ""
        case "string_pattern_mismatch":
            what = f"`{_short(str(detail['input']))}`"
            return f"{what} cannot be a name here.", "Names have at most 64 letters, digits and `_`, no digit first."
        case "model_type" | "dict_type" | "mapping_type" | "model_attributes_type":
            return f"{what} has to have fields under it.", ""
        case "list_type" | "tuple_type":
            return f"{what} has to be a list.", ""
        case "string_too_short":
            return f"{what} is empty.", ""
        case _:
            return f"{what}: {detail['msg']}.", ""


def _known(step: str, rest: Loc) -> list[str]:
    model: type[Frozen] = Step if step else Flow
    if "retry" in rest:
        model = Retry
    elif "body" in rest:
        model = Body
    elif rest[0] == "inputs":
        model = Input
    return [*model.model_fields]


def _unquote(value: object) -> str:
    try:
        is_quoted = isinstance(value, str) and not isinstance(meaning(value), str)
    except ValueError:
        return ""
    return "Write it without quotes." if is_quoted else ""


def _bound(limits: dict[str, Any]) -> str:
    match limits:
        case {"ge": least}:
            return f"{least:g} or more"
        case {"le": most}:
            return f"{most:g} or less"
        case {"gt": over}:
            return f"more than {over:g}"
        case _:
            return f"less than {limits['lt']:g}"


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"
