"""Filters that make, round and write numbers."""

from __future__ import annotations

import math
import re
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal

from pydantic import JsonValue as Json

from flows.expressions.errors import ExpressionError
from flows.expressions.filters.arguments import number, whole, words
from flows.expressions.registry import ABSENT, Absent, offered
from flows.expressions.values import DIGITS_LIMIT, Room, kind, shown

WRITTEN = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*", re.ASCII | re.IGNORECASE)
EXACT = Context(prec=700)
ROUNDING = {"common": ROUND_HALF_UP, "ceil": ROUND_CEILING, "floor": ROUND_FLOOR}


@offered()
def abs_(room: Room, value: Json) -> int | float:
    """The number without its sign."""
    return abs(number("abs", value))


@offered()
def int_(room: Room, value: Json, default: Json | Absent = ABSENT) -> Json:
    """The value as a whole number; what stands after the point is cut off."""
    try:
        return math.trunc(_number(room, "int", value, "a whole number"))
    except ExpressionError:
        if isinstance(default, Absent):
            raise
        return default


@offered()
def float_(room: Room, value: Json, default: Json | Absent = ABSENT) -> Json:
    """The value as a number."""
    try:
        return float(_number(room, "float", value, "a number"))
    except (ExpressionError, OverflowError) as error:
        if not isinstance(default, Absent):
            return default
        if isinstance(error, ExpressionError):
            raise
        raise ExpressionError("`float` was given a number that is too large.") from None


def _number(room: Room, name: str, value: Json, wanted: str) -> int | float:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str):
        if len(value) > DIGITS_LIMIT or not WRITTEN.fullmatch(value):
            raise ExpressionError(f"{shown(value)} is not {wanted}.")
        room.spend(len(value))
        result = int(value) if re.fullmatch(r"\s*[+-]?\d+\s*", value) else float(value)
    elif isinstance(value, int | float):
        result = value
    else:
        raise ExpressionError(f"`{name}` cannot make {wanted} of {kind(value)}.")
    if isinstance(result, float) and not math.isfinite(result):
        raise ExpressionError(f"{shown(value)} is not {wanted}.")
    return result


@offered()
def round_(room: Room, value: Json, digits: Json = 0, method: Json = "common") -> int | float:
    """The number rounded to so many digits after the point; 2.5 becomes 3. `method` may be "ceil" or "floor"."""
    amount = number("round", value)
    places = whole("round", digits, -15, 15)
    rounding = ROUNDING.get(method) if isinstance(method, str) else None
    if rounding is None:
        raise ExpressionError(f'`round` knows the methods "common", "ceil" and "floor", not {shown(method)}.')
    if isinstance(amount, int) and (places >= 0 or amount.bit_length() > 1024):
        return amount
    rounded = _rounded(amount, places, rounding)
    return int(rounded) if places <= 0 else float(rounded)


def _rounded(amount: int | float, places: int, rounding: str) -> Decimal:
    if isinstance(amount, float) and not math.isfinite(amount):
        raise ExpressionError("This number is not finite, so it cannot be rounded.")
    # By its shortest spelling, not its binary value: 2.675 is meant to become 2.68.
    return Decimal(repr(amount)).quantize(Decimal(1).scaleb(-places), rounding=rounding, context=EXACT)


@offered()
def number_(room: Room, value: Json, digits: Json = None, point: Json = ".", thousands: Json = "") -> str:
    """The number as text with so many digits after the point: `1234.5 | number(2, ",", ".")` is `1.234,50`."""
    amount = number("number", value)
    if isinstance(amount, int) and amount.bit_length() > 1024:
        raise ExpressionError("`number` was given a number that is too large.")
    mark, group = words("number", point, room)[:5], words("number", thousands, room)[:5]
    places = None if digits is None else whole("number", digits, 0, 15)
    exact = Decimal(repr(amount)) if places is None else _rounded(amount, places, ROUND_HALF_UP)
    if not exact.is_finite():
        raise ExpressionError("This number is not finite, so it cannot be written.")
    before, _, after = f"{exact:,f}".partition(".")
    if places is None:
        after = after.rstrip("0")
    return before.replace(",", group) + (mark + after if after else "")
