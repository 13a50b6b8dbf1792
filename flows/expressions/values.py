"""What values are called, what they look like as text, when two are equal, and what working on them costs."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pydantic import JsonValue as Json

from flows.expressions.errors import ExpressionError

EFFORT = 1_000_000
"""Small steps that one render may take: about a third of a second of work."""

TEXT_LIMIT = 1_000_000
"""Characters of text that an expression may make."""

DIGITS_LIMIT = 4_000
BITS_LIMIT = 13_288


class Room:
    """What one render has left to spend, and the places where its loop variables live."""

    __slots__ = ("left", "seen", "slots", "written")

    def __init__(self) -> None:
        self.left = EFFORT
        self.written = 0
        self.slots: list[Json] = []
        self.seen: set[int] = set()

    def spend(self, steps: int) -> None:
        """Take this much effort off. Refused when none is left, so that nested loops end."""
        self.left -= steps
        if self.left < 0:
            raise ExpressionError(
                "This is too much work for an expression. Make the list shorter first, or use a For each step."
            )

    def made(self, text: str, source: int = 0) -> str:
        """A text just made, paid for. It may be over the limit only if what it was made from was as long."""
        if len(text) > 1024:
            check_length(len(text), source)
            self.spend(len(text) >> 4)
        return text

    def read(self, text: str) -> str:
        """A text about to be searched or compared, paid for."""
        if len(text) > 1024:
            self.spend(len(text) >> 8)
        return text

    def reuse(self, value: Json) -> None:
        """Put a value into a list or object: the first time is free, a large one put in again is paid for whole."""
        if isinstance(value, list | dict) or (isinstance(value, str) and len(value) > 256):
            if id(value) in self.seen:
                json_size(value, self)
            self.seen.add(id(value))


Names = Mapping[str, Any]
"""What the names of an expression stand for."""

Value = Callable[[Names, Room], Any]
"""An expression, compiled."""


def check_length(length: int, source: int = 0) -> None:
    """Refuse a text that would be too long, before it is made."""
    if length > max(TEXT_LIMIT, source):
        raise ExpressionError(f"This would make a text of {length:,} characters; {TEXT_LIMIT:,} is the most.")


KINDS: dict[type, str] = {
    type(None): "nothing (none)",
    bool: "true or false",
    int: "a number",
    float: "a number",
    str: "text",
    list: "a list",
    dict: "an object",
}


def kind(value: object) -> str:
    """What a person calls a value like this."""
    return KINDS.get(type(value), "something that is neither text, number, list nor object")


def shown(value: Json) -> str:
    """A value for a sentence, cut short where it is long."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() if value.bit_length() > 128:
            return "a very long number"
        case str() | int() | float():
            text = value if isinstance(value, str) else number_text(value)
            return f"`{text if len(text) <= 40 else text[:39] + '…'}`"
        case _:
            return kind(value)


def number_text(value: int | float) -> str:
    """A number as a person writes it: `20.0` is `20`, everything else in full."""
    if isinstance(value, float):
        return str(int(value)) if abs(value) < 1e15 and value == int(value) else repr(value)
    if value.bit_length() > BITS_LIMIT:
        raise ExpressionError(f"This number has more than {DIGITS_LIMIT:,} digits.")
    return str(value)


def as_text(value: Json, room: Room) -> str:
    """A value inside other text: text as it is, nothing as nothing, lists and objects as compact JSON."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        if isinstance(value, int) and value.bit_length() > 1024:
            room.spend(value.bit_length() >> 2)
        return number_text(value)
    return json_text(value, room)


def json_text(value: Json, room: Room, indent: int | None = None, *, in_order: bool = False) -> str:
    """A value as JSON, compact or one entry a line."""
    check_length(json_size(value, room, indent or 0))
    separators = (",", ":") if indent is None else (",", ": ")
    return json.dumps(
        value, ensure_ascii=False, allow_nan=False, separators=separators, indent=indent, sort_keys=in_order
    )


def json_size(value: Json, room: Room, indent: int = 0) -> int:
    """How long a value is as JSON, or a little less. It walks the value and pays for every part of it."""
    size = 0
    waiting: list[tuple[Iterable[Json], int]] = [((value,), 1)]
    while waiting:
        parts, depth = waiting.pop()
        for part in parts:
            size += 1 + indent * depth
            if isinstance(part, str):
                size += 2 + len(part)
                room.spend(len(part) >> 4)
            elif isinstance(part, list):
                size += 2
                room.spend(2 * len(part))
                waiting.append((part, depth + 1))
            elif isinstance(part, dict):
                size += 2 + _keys_size(part)
                room.spend(3 * len(part))
                waiting.append((part.values(), depth + 1))
            elif part is None or isinstance(part, bool):
                size += 4
            elif isinstance(part, float) and not math.isfinite(part):
                raise ExpressionError("A number that is not finite cannot be written as JSON.")
            elif isinstance(part, int | float):
                size += len(as_text(part, room))
            else:
                raise ExpressionError(f"This is {kind(part)}, so it cannot be written as text.")
    return size


def _keys_size(value: dict[str, Json]) -> int:
    if not all(isinstance(key, str) for key in value):
        raise ExpressionError("An object whose keys are not text cannot be written as JSON.")
    return sum(map(len, value)) + 3 * len(value)


def equal(left: Json, right: Json, room: Room) -> bool:
    """Whether two values are the same value. `true` is not `1`, and `1.0` is `1`."""
    if left is right:
        return True
    if isinstance(left, str) and isinstance(right, str):
        return len(left) == len(right) and room.read(left) == right
    if isinstance(left, bool) or isinstance(right, bool):
        return False
    room.spend(1)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(equal(a, b, room) for a, b in zip(left, right, strict=True))
    if isinstance(left, dict) and isinstance(right, dict):
        room.spend(len(left))
        return left.keys() == right.keys() and all(equal(each, right[key], room) for key, each in left.items())
    return left == right
