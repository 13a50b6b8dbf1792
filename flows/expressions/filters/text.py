"""Filters that work on text."""

from __future__ import annotations

import json
import re
from typing import NoReturn
from urllib.parse import quote

from pydantic import JsonValue as Json

from flows.expressions.errors import ExpressionError
from flows.expressions.filters.arguments import listed, reader, whole, words
from flows.expressions.registry import offered
from flows.expressions.values import TEXT_LIMIT, Room, as_text, check_length, json_text, shown


@offered()
def upper(room: Room, value: Json) -> str:
    """The text in capital letters."""
    text = words("upper", value, room)
    return room.made(text.upper(), len(text))


@offered()
def lower(room: Room, value: Json) -> str:
    """The text in small letters."""
    text = words("lower", value, room)
    return room.made(text.lower(), len(text))


@offered()
def capitalize(room: Room, value: Json) -> str:
    """The text with a capital first letter and small letters after it."""
    text = words("capitalize", value, room)
    return room.made(text.capitalize(), len(text))


@offered()
def title(room: Room, value: Json) -> str:
    """The text with a capital letter at the beginning of every word."""
    text = words("title", value, room)
    parts = re.split(r"([-\s({\[<]+)", text)
    room.spend(len(parts))
    return room.made("".join(part[:1].upper() + part[1:].lower() for part in parts), len(text))


@offered()
def trim(room: Room, value: Json, characters: Json = None) -> str:
    """The text without white space, or without the given characters, at both ends."""
    text = words("trim", value, room)
    return room.made(text.strip(None if characters is None else words("trim", characters, room)), len(text))


@offered()
def replace(room: Room, value: Json, old: Json, new: Json, count: Json = None) -> str:
    """The text with every `old`, or the first `count` of them, made `new`."""
    text, before, after = (words("replace", each, room) for each in (value, old, new))
    if not before:
        raise ExpressionError("`replace` needs to know which text to replace; it was given an empty one.")
    times = room.read(text).count(before)
    if count is not None:
        times = min(times, whole("replace", count, 0, TEXT_LIMIT))
    check_length(len(text) + times * (len(after) - len(before)), len(text))
    return room.made(text.replace(before, after, times), len(text))


@offered()
def split(room: Room, value: Json, separator: Json = None) -> list[Json]:
    """The parts of a text between separators, or between white space if none is given."""
    text = words("split", value, room)
    mark = None if separator is None else words("split", separator, room)
    if mark == "":
        raise ExpressionError("`split` cannot split at an empty text.")
    parts = room.made(text, len(text)).split(mark)
    room.spend(len(parts))
    return [*parts]


@offered()
def lines(room: Room, value: Json) -> list[Json]:
    """The lines of a text, as a list."""
    text = words("lines", value, room)
    parts = room.made(text, len(text)).splitlines()
    room.spend(len(parts))
    return [*parts]


@offered()
def join(room: Room, value: Json, separator: Json = "", attribute: Json = None) -> str:
    """The entries of a list as one text, with the separator between them."""
    between = words("join", separator, room)
    parts: list[str] = []
    size, read = 0, reader(attribute)
    for each in listed("join", value, room):
        parts.append(as_text(read(each), room))
        size += len(parts[-1]) + len(between)
        check_length(size - len(between))
    return room.made(between.join(parts))


@offered()
def truncate(room: Room, value: Json, length: Json = 255, end: Json = "…") -> str:
    """At most so many characters of a text, with `end` where something was cut off."""
    text, mark = words("truncate", value, room), words("truncate", end, room)
    most = whole("truncate", length, 1, TEXT_LIMIT)
    return text if len(text) <= most else room.made(text[: max(most - len(mark), 0)] + mark[:most])


@offered()
def string(room: Room, value: Json) -> str:
    """The value as text, as it looks in the middle of other text."""
    return room.made(as_text(value, room), len(value) if isinstance(value, str) else 0)


@offered()
def urlencode(room: Room, value: Json) -> str:
    """Text that may be part of an address; an object becomes `name=value&name=value`."""
    if isinstance(value, dict):
        room.spend(len(value))
        pairs = (f"{_quoted(str(name), room)}={_quoted(as_text(each, room), room)}" for name, each in value.items())
        return room.made("&".join(pairs))
    return _quoted(words("urlencode", value, room), room, safe="/")


def _quoted(text: str, room: Room, safe: str = "") -> str:
    check_length(len(text))
    return room.made(quote(text, safe=safe, errors="replace"), 3 * len(text))


@offered()
def tojson(room: Room, value: Json, indent: Json = None) -> str:
    """The value as JSON, in one line or with the given indent."""
    return room.made(json_text(value, room, None if indent is None else whole("tojson", indent, 0, 8)))


@offered()
def fromjson(room: Room, value: Json) -> Json:
    """The value that a JSON text describes."""
    text = words("fromjson", value, room)
    room.spend(len(text) >> 2)
    try:
        result: Json = json.loads(text, parse_constant=_no_constant)
        if "\\u" in text:
            json.dumps(result, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise ExpressionError("This JSON has half a character (`\\ud800` and its like) in it.") from None
    except (ValueError, RecursionError) as error:
        where = f", line {error.lineno}, column {error.colno}" if isinstance(error, json.JSONDecodeError) else ""
        raise ExpressionError(f"{shown(text)} is not JSON{where}.") from None
    return result


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)
