"""Tests: what may follow `is` and be named in `select`."""

from __future__ import annotations

from pydantic import JsonValue as Json

from flows.expressions.filters.arguments import number, words
from flows.expressions.operators import ARITHMETIC, COMPARISONS
from flows.expressions.registry import asked
from flows.expressions.values import Room


@asked()
def defined(room: Room, value: Json) -> bool:
    """Whether the value is there at all."""
    # A value that is missing never gets here: the expression catches it before this is called.
    return True


@asked()
def undefined(room: Room, value: Json) -> bool:
    """Whether the value is missing."""
    return False


@asked("null")
def none(room: Room, value: Json) -> bool:
    """Whether the value is none."""
    return value is None


@asked()
def empty(room: Room, value: Json) -> bool:
    """Whether the value is none, or a text, list or object with nothing in it."""
    return value is None or (isinstance(value, str | list | dict) and not value)


@asked()
def boolean(room: Room, value: Json) -> bool:
    """Whether the value is true or false."""
    return isinstance(value, bool)


@asked()
def true(room: Room, value: Json) -> bool:
    """Whether the value is true."""
    return value is True


@asked()
def false(room: Room, value: Json) -> bool:
    """Whether the value is false."""
    return value is False


@asked()
def number_(room: Room, value: Json) -> bool:
    """Whether the value is a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


@asked()
def integer(room: Room, value: Json) -> bool:
    """Whether the value is a whole number."""
    return isinstance(value, int) and not isinstance(value, bool)


@asked()
def float_(room: Room, value: Json) -> bool:
    """Whether the value is a number with a point."""
    return isinstance(value, float)


@asked()
def string(room: Room, value: Json) -> bool:
    """Whether the value is text."""
    return isinstance(value, str)


@asked()
def sequence(room: Room, value: Json) -> bool:
    """Whether the value is a list or text."""
    return isinstance(value, list | str)


@asked()
def iterable(room: Room, value: Json) -> bool:
    """Whether a `for` can go through the value: a list or an object."""
    return isinstance(value, list | dict)


@asked()
def mapping(room: Room, value: Json) -> bool:
    """Whether the value is an object."""
    return isinstance(value, dict)


@asked()
def even(room: Room, value: Json) -> bool:
    """Whether the number can be halved."""
    return number("even", value) % 2 == 0


@asked()
def odd(room: Room, value: Json) -> bool:
    """Whether the number cannot be halved."""
    return number("odd", value) % 2 == 1


@asked()
def divisibleby(room: Room, value: Json, by: Json) -> bool:
    """Whether the number can be divided by another without a rest."""
    return bool(ARITHMETIC["mod"](number("divisibleby", value), number("divisibleby", by), room) == 0)


@asked()
def lower(room: Room, value: Json) -> bool:
    """Whether the text is in small letters."""
    return room.read(words("lower", value, room)).islower()


@asked()
def upper(room: Room, value: Json) -> bool:
    """Whether the text is in capital letters."""
    return room.read(words("upper", value, room)).isupper()


@asked()
def startswith(room: Room, value: Json, beginning: Json) -> bool:
    """Whether the text begins with another."""
    return words("startswith", value, room).startswith(room.read(words("startswith", beginning, room)))


@asked()
def endswith(room: Room, value: Json, end: Json) -> bool:
    """Whether the text ends with another."""
    return words("endswith", value, room).endswith(room.read(words("endswith", end, room)))


@asked()
def containing(room: Room, value: Json, part: Json) -> bool:
    """Whether the list has this entry, the object this key, or the text this part."""
    return bool(COMPARISONS["in"](part, value, room))


@asked()
def in_(room: Room, value: Json, where: Json) -> bool:
    """Whether the value is an entry of a list, a key of an object or a part of a text."""
    return bool(COMPARISONS["in"](value, where, room))


@asked("equalto", "==")
def eq(room: Room, value: Json, other: Json) -> bool:
    """Whether the two are equal."""
    return bool(COMPARISONS["eq"](value, other, room))


@asked("!=")
def ne(room: Room, value: Json, other: Json) -> bool:
    """Whether the two differ."""
    return bool(COMPARISONS["ne"](value, other, room))


@asked("lessthan", "<")
def lt(room: Room, value: Json, other: Json) -> bool:
    """Whether the value is less than another."""
    return bool(COMPARISONS["lt"](value, other, room))


@asked("<=")
def le(room: Room, value: Json, other: Json) -> bool:
    """Whether the value is another or less."""
    return bool(COMPARISONS["lteq"](value, other, room))


@asked("greaterthan", ">")
def gt(room: Room, value: Json, other: Json) -> bool:
    """Whether the value is more than another."""
    return bool(COMPARISONS["gt"](value, other, room))


@asked(">=")
def ge(room: Room, value: Json, other: Json) -> bool:
    """Whether the value is another or more."""
    return bool(COMPARISONS["gteq"](value, other, room))
