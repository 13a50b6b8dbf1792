"""Compare two values as a person means it: `24.50` is 24.5, and capital letters only count when they are to."""

from __future__ import annotations

import operator
from typing import Literal

from nodes import Json
from nodes.numbers import number_in

Comparison = Literal[
    "is", "is not", "is more than", "is at least", "is less than", "is at most",
    "contains", "does not contain", "starts with", "ends with", "is one of", "is empty", "is not empty",
]  # fmt: skip

ORDER = {
    "is more than": operator.gt,
    "is at least": operator.ge,
    "is less than": operator.lt,
    "is at most": operator.le,
}


def fits(value: Json, comparison: Comparison, wanted: Json, *, match_case: bool = False) -> bool | None:
    """Whether the comparison holds; None where the two cannot be put in order."""

    def plain(one: Json) -> str:
        text = "" if one is None else str(one).lower() if isinstance(one, bool) else str(one)
        text = " ".join(text.split())
        return text if match_case else text.casefold()

    def same(one: Json, other: Json) -> bool:
        if isinstance(one, list | dict) or isinstance(other, list | dict):
            return one == other
        first, second = number_of(one), number_of(other)
        if first is not None and second is not None:
            return first == second
        return plain(one) == plain(other)

    def within() -> bool:
        if isinstance(value, list | dict):
            return any(same(each, wanted) for each in value)
        return plain(wanted) in plain(value)

    match comparison:
        case "is":
            return same(value, wanted)
        case "is not":
            return not same(value, wanted)
        case "is empty":
            return value in (None, "", [], {})
        case "is not empty":
            return value not in (None, "", [], {})
        case "is one of":
            return any(same(value, each) for each in choices(wanted))
        case "contains":
            return within()
        case "does not contain":
            return not within()
        case "starts with":
            return plain(value).startswith(plain(wanted))
        case "ends with":
            return plain(value).endswith(plain(wanted))
    first, second = number_of(value), number_of(wanted)
    if first is not None and second is not None:
        return bool(ORDER[comparison](first, second))
    if isinstance(value, str) and isinstance(wanted, str) and first is None and second is None:
        return bool(ORDER[comparison](plain(value), plain(wanted)))
    return None


def number_of(value: Json) -> int | float | None:
    """The number that a value is or is written as."""
    if isinstance(value, bool):
        return None
    return value if isinstance(value, int | float) else number_in(value) if isinstance(value, str) else None


def choices(value: Json) -> list[Json]:
    """The values of a list, or of words between commas."""
    if isinstance(value, list):
        return value
    return [each.strip() for each in value.split(",")] if isinstance(value, str) else [value]
