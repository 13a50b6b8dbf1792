"""What a person gave for a flow's inputs, checked and made the right type."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date

from pydantic import JsonValue as Json

from flows.model import Input
from flows.problems import Problem

TEXTS = ("text", "long_text", "choice")
"""Types of which an empty text is a value; of the others it is none."""

LARGEST = 2**63
"""Whole numbers from here on cannot be written down."""


def checked(inputs: Mapping[str, Input], given: Mapping[str, Json]) -> tuple[dict[str, Json], list[Problem]]:
    """The value of every input, and a problem for each that does not fit. Text is read as what the input asks for."""
    values: dict[str, Json] = {}
    problems: list[Problem] = []
    for name in given:
        if name not in inputs:
            known = ", ".join(inputs) or "none"
            problems.append(Problem(f"This flow has no input `{name}`.", field=name, hint=f"Its inputs are: {known}."))
    for name, declared in inputs.items():
        value = given.get(name, declared.default)
        label = declared.label or name
        if value is None or value == "":
            if declared.required and declared.type != "boolean":
                problems.append(Problem(f"{label} is missing.", field=name))
            values[name] = False if declared.type == "boolean" else value if declared.type in TEXTS else None
            continue
        try:
            values[name] = _read(declared, value)
        except ValueError as error:
            problems.append(Problem(f"{label} {error}", field=name))
    return values, problems


def _read(declared: Input, value: Json) -> Json:
    match declared.type:
        case "number":
            return _number(value)
        case "boolean":
            return _boolean(value)
        case "date":
            try:
                return date.fromisoformat(str(value)).isoformat()
            except ValueError:
                raise ValueError("has to be a date such as 2026-01-31.") from None
        case "data":
            return value
        case "choice":
            if declared.choices and str(value) not in declared.choices:
                raise ValueError(f"has to be one of {', '.join(declared.choices)}.")
            return str(value)
        case _:
            if isinstance(value, list | dict):
                raise ValueError("has to be text.")
            return str(value)


def _number(value: Json) -> int | float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        number: int | float = value
    else:
        text = str(value).strip()
        try:
            number = float(text)
        except ValueError:
            raise ValueError(f"has to be a number, not “{str(value)[:40]}”.") from None
        if text.lstrip("+-").isdecimal() and math.isfinite(number):
            number = int(text)
    if abs(number) >= LARGEST if isinstance(number, int) else not math.isfinite(number):
        raise ValueError("has to be a number that is not too large.")
    return number


def _boolean(value: Json) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    if word in ("yes", "true", "1", "on"):
        return True
    if word in ("no", "false", "0", "off"):
        return False
    raise ValueError("has to be yes or no.")
