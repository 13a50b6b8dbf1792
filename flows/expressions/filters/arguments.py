"""What a filter was given, as the type it needs, or a sentence that says what it needs."""

from __future__ import annotations

from collections.abc import Callable

from pydantic import JsonValue as Json

from flows.expressions.errors import ExpressionError
from flows.expressions.indexing import Key, follow
from flows.expressions.values import Room, as_text, kind, shown


def words(name: str, value: Json, room: Room) -> str:
    """Text, or a number written as text."""
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, list | dict):
        hint = ' Put `| default("", true)` before it.' if value is None else " Use `| tojson` before it."
        raise ExpressionError(f"`{name}` needs text, and this is {kind(value)}.{hint}")
    return as_text(value, room)


def listed(name: str, value: Json, room: Room) -> list[Json]:
    """A list, or the keys of an object; every entry is paid for."""
    if isinstance(value, dict):
        value = list(value)
    if not isinstance(value, list):
        hint = " Use `| split` or `| lines` to make a list of it." if isinstance(value, str) else ""
        raise ExpressionError(f"`{name}` needs a list, and this is {kind(value)}.{hint}")
    room.spend(len(value))
    return value


def number(name: str, value: Json) -> int | float:
    """A number; true and false are none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        hint = " Turn it into one with `| float`." if isinstance(value, str) else ""
        raise ExpressionError(f"`{name}` needs a number, and this is {kind(value)}.{hint}")
    return value


def whole(name: str, value: Json, least: int, most: int) -> int:
    """A whole number between two bounds."""
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise ExpressionError(f"`{name}` needs a whole number from {least:,} to {most:,}, not {shown(value)}.")
    return value


def reader(attribute: Json) -> Callable[[Json], Json]:
    """A function that gives what a path such as `"shop.city"` names in a value, or the value itself for no path."""
    if attribute is None:
        return lambda value: value
    if isinstance(attribute, int) and not isinstance(attribute, bool):
        keys: list[Key] = [attribute]
    elif isinstance(attribute, str) and attribute:
        keys = [int(part) if part.isdecimal() and len(part) < 10 else part for part in attribute.split(".")]
    else:
        raise ExpressionError(f"`attribute` is the name of a key in quotes, not {shown(attribute)}.")
    return lambda value: follow(value, "this entry", keys)
