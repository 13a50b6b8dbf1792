"""Filters that look at an object as a whole, and those for any value."""

from __future__ import annotations

from pydantic import JsonValue as Json

from flows.expressions.errors import ExpressionError
from flows.expressions.registry import offered
from flows.expressions.values import Room, kind


@offered("d")
def default(room: Room, value: Json, instead: Json = "", boolean: Json = False) -> Json:
    """The value, or another one where it is missing; with `true` as second value also where it is empty."""
    # A value that is missing never gets here: the expression catches it before this is called.
    return instead if boolean and not value else value


@offered("count")
def length(room: Room, value: Json) -> int:
    """How many entries a list or object has, or characters a text."""
    if isinstance(value, str | list | dict):
        return len(value)
    raise ExpressionError(f"`length` needs a list, an object or text, and this is {kind(value)}.")


@offered()
def keys(room: Room, value: Json) -> list[Json]:
    """The keys of an object, as a list."""
    return [*_object("keys", value, room)]


@offered()
def values(room: Room, value: Json) -> list[Json]:
    """The values of an object, as a list."""
    return [*_object("values", value, room).values()]


@offered()
def items(room: Room, value: Json) -> list[Json]:
    """The keys and values of an object as a list of pairs: `{% for name, price in prices | items %}`."""
    return [[name, each] for name, each in _object("items", value, room).items()]


def _object(name: str, value: Json, room: Room) -> dict[str, Json]:
    if not isinstance(value, dict):
        raise ExpressionError(f"`{name}` needs an object, and this is {kind(value)}.")
    room.spend(len(value))
    return value
