"""What a value has inside, and what sort of value it is, as the list of references shows it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import JsonValue as Json

from app.language import msg, tr
from app.ui.forms.known import Offered
from app.ui.shown import line_of

DEEPEST = 3
"""How many levels of a value are offered by one name."""

WIDEST = 60
"""Fields of one record that are offered."""

SAMPLE = 60
"""Characters of a value that are shown beside its name."""

SORTS = {
    "text": msg("text"),
    "number": msg("number"),
    "boolean": msg("yes or no"),
    "list": msg("list"),
    "record": msg("record"),
    "file": msg("file"),
}
"""What a kind of value is called in a word or two."""


@dataclass(frozen=True)
class Looking:
    """The values of a run by name, and everything else that may be named, by its text."""

    names: Mapping[str, Any]
    offered: Callable[[], Mapping[str, Offered]]


def sort_word(kind: str) -> str:
    """What a kind of value is called; nothing for one that may be any."""
    return "" if kind == "any" else tr(SORTS.get(kind, kind))


def sort_of(value: Json) -> str:
    """What sort of value it is, in a word or two: `number`, `list of 24`."""
    match value:
        case None:
            return tr("nothing")
        case bool():
            return sort_word("boolean")
        case int() | float():
            return sort_word("number")
        case str():
            return sort_word("text")
        case list():
            return tr("list of {count}", count=len(value))
        case _:
            return sort_word("record")


def shown(value: Json, most: int) -> str:
    """A value on one line, as a person reads it."""
    match value:
        case None:
            return ""
        case bool():
            return tr("yes") if value else tr("no")
        case float():
            return f"{value:g}" if abs(value) < 1e15 and value == round(value, 12) else str(value)
        case "":
            return tr("(empty)")
        case _:
            return line_of(value, most)


def offered(text: str, value: Json, source: str, *, kind: str = "", there: bool = True) -> Iterator[Offered]:
    """A value and what it has inside; only its declared kind where it is not `there`."""
    if not there:
        yield Offered(text, kind, "", source)
    else:
        yield from _within(text, value, source, 0)


def inside_of(text: str, value: Json, source: str) -> list[Offered]:
    """What a value has inside, and what that has."""
    return list(_within(text, value, source, 0))[1:]


def _within(text: str, value: Json, source: str, depth: int) -> Iterator[Offered]:
    more = isinstance(value, dict | list) and bool(value)
    yield Offered(text, sort_of(value), shown(value, SAMPLE), source, depth, more)
    if depth < DEEPEST:
        if isinstance(value, dict):
            for key, inner in list(value.items())[:WIDEST]:
                yield from _within(longer(text, key), inner, source, depth + 1)
        elif isinstance(value, list) and value:
            yield from _within(f"{text}[0]", value[0], source, depth + 1)


def longer(text: str, key: str) -> str:
    """A path, and a key of it: `order.total`, `order["the total"]`."""
    plain = key.isascii() and key.isidentifier() and not key.startswith("_")
    return f"{text}.{key}" if plain else f"{text}[{json.dumps(key, ensure_ascii=False)}]"
