"""What `+ - * / // % **`, `~`, comparisons and `in` do with two values."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

from pydantic import JsonValue as Json

from flows.expressions.errors import ExpressionError
from flows.expressions.values import BITS_LIMIT, DIGITS_LIMIT, Room, check_length, equal, kind

Binary = Callable[[Any, Any, Room], Any]
NUMBERS = frozenset({int, float})
EVERYDAY = 1e300
"""Results up to here need no second look."""


def arithmetic(symbol: str, work: Callable[[Any, Any], Any]) -> Binary:
    """The operator that works on two numbers and refuses everything else in a sentence."""
    weighs_first = symbol in ("//", "%")

    def calculate(left: Any, right: Any, room: Room) -> Any:
        if type(left) not in NUMBERS or type(right) not in NUMBERS:
            if symbol == "+":
                return _joined(left, right, room)
            raise _no_numbers(symbol, left, right)
        if weighs_first:
            _weigh(left, room)
            _weigh(right, room)
        try:
            result = work(left, right)
        except ZeroDivisionError:
            raise ExpressionError("This divides by zero.") from None
        except OverflowError:
            raise ExpressionError(f"The result of `{symbol}` is too large.") from None
        if -EVERYDAY < result < EVERYDAY:
            return result
        return _large(symbol, result, room)

    return calculate


def power(left: Json, right: Json, room: Room) -> Json:
    """`**`, refused before it starts where the result would be too long."""
    if not isinstance(left, int | float) or not isinstance(right, int | float):
        raise _no_numbers("**", left, right)
    if isinstance(left, bool) or isinstance(right, bool):
        raise _no_numbers("**", left, right)
    if isinstance(left, int) and isinstance(right, int) and right > 0:
        if left.bit_length() * right > BITS_LIMIT and abs(left) > 1:
            raise ExpressionError(f"The result of `**` would have more than {DIGITS_LIMIT:,} digits.")
        room.spend(left.bit_length() * min(right, BITS_LIMIT) >> 4)
    try:
        result = left**right
    except ZeroDivisionError:
        raise ExpressionError("This divides by zero.") from None
    except OverflowError:
        raise ExpressionError("The result of `**` is too large.") from None
    if isinstance(result, complex):
        raise ExpressionError("A root of a negative number is not a number that Weft can use.")
    return _large("**", result, room)


def _weigh(value: Json, room: Room) -> None:
    if isinstance(value, int) and value.bit_length() > 1024:
        room.spend(value.bit_length() >> 4)


def _large(symbol: str, result: object, room: Room) -> Json:
    if isinstance(result, int) and result.bit_length() <= BITS_LIMIT:
        _weigh(result, room)
        return result
    if isinstance(result, float) and math.isfinite(result):
        return result
    raise ExpressionError(f"The result of `{symbol}` is too large.")


def _joined(left: Json, right: Json, room: Room) -> Json:
    if isinstance(left, str) and isinstance(right, str):
        check_length(len(left) + len(right))
        return room.made(left + right)
    if isinstance(left, list) and isinstance(right, list):
        room.spend(len(left) + len(right))
        room.reuse(left)
        room.reuse(right)
        return left + right
    if isinstance(left, str) or isinstance(right, str):
        raise ExpressionError(f"`+` cannot join {kind(left)} and {kind(right)}. Use `~` to join them as text.")
    raise _no_numbers("+", left, right)


def _no_numbers(symbol: str, left: Json, right: Json) -> ExpressionError:
    wrong = right if type(left) in NUMBERS else left
    hint = " Turn it into a number with `| float`." if isinstance(wrong, str) else ""
    return ExpressionError(f"`{symbol}` needs two numbers, but one side is {kind(wrong)}.{hint}")


def ordered(symbol: str, compare: Callable[[Any, Any], Any]) -> Binary:
    """`<` and its like: between two numbers or between two texts."""

    def decide(left: Any, right: Any, room: Room) -> bool:
        if type(left) in NUMBERS and type(right) in NUMBERS:
            return bool(compare(left, right))
        if isinstance(left, str) and isinstance(right, str):
            return bool(compare(room.read(left), right))
        raise ExpressionError(f"`{symbol}` cannot compare {kind(left)} with {kind(right)}.")

    return decide


def same(left: Json, right: Json, room: Room) -> bool:
    """`==`."""
    return equal(left, right, room)


def different(left: Json, right: Json, room: Room) -> bool:
    """`!=`."""
    return not equal(left, right, room)


def inside(left: Json, right: Json, room: Room) -> bool:
    """`in`: an entry of a list, a key of an object, a part of a text."""
    match right:
        case list():
            room.spend(len(right))
            return any(equal(left, each, room) for each in right)
        case dict():
            return isinstance(left, str) and left in right
        case str():
            if isinstance(left, str):
                return left in room.read(right)
            raise ExpressionError(f"`in` looks for text in text, and this is {kind(left)}.")
        case _:
            raise ExpressionError(f"`in` looks into a list, an object or text, and this is {kind(right)}.")


def outside(left: Json, right: Json, room: Room) -> bool:
    """`not in`."""
    return not inside(left, right, room)


def signed(symbol: str, value: Json) -> Json:
    """`-x` and `+x`."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ExpressionError(f"`{symbol}` needs a number, and this is {kind(value)}.")
    return -value if symbol == "-" else value


ARITHMETIC: dict[str, Binary] = {
    "add": arithmetic("+", operator.add),
    "sub": arithmetic("-", operator.sub),
    "mul": arithmetic("*", operator.mul),
    "div": arithmetic("/", operator.truediv),
    "floordiv": arithmetic("//", operator.floordiv),
    "mod": arithmetic("%", operator.mod),
    "pow": power,
}

COMPARISONS: dict[str, Binary] = {
    "eq": same,
    "ne": different,
    "lt": ordered("<", operator.lt),
    "lteq": ordered("<=", operator.le),
    "gt": ordered(">", operator.gt),
    "gteq": ordered(">=", operator.ge),
    "in": inside,
    "notin": outside,
}
