"""Filters that order, shorten, group and add up lists."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from pydantic import JsonValue as Json

from flows.expressions.errors import ExpressionError, Missing
from flows.expressions.filters.arguments import listed, number, reader, whole
from flows.expressions.registry import offered
from flows.expressions.values import BITS_LIMIT, Room, json_text, kind


@offered()
def first(room: Room, value: Json) -> Json:
    """The first entry of a list, or the first character of a text."""
    return _at_end("first", value, 0)


@offered()
def last(room: Room, value: Json) -> Json:
    """The last entry of a list, or the last character of a text."""
    return _at_end("last", value, -1)


def _at_end(name: str, value: Json, index: int) -> Json:
    if not isinstance(value, list | str):
        raise ExpressionError(f"`{name}` needs a list or text, and this is {kind(value)}.")
    if not value:
        raise Missing(lambda: f"`{name}` was given {kind(value)} with nothing in it.", None)
    return value[index]


@offered()
def list_(room: Room, value: Json) -> list[Json]:
    """The entries of a list, or the keys of an object, as a new list."""
    return [*listed("list", value, room)]


@offered()
def reverse(room: Room, value: Json) -> Json:
    """The list, or the text, back to front."""
    if isinstance(value, str):
        return room.made(value[::-1], len(value))
    return listed("reverse", value, room)[::-1]


@offered()
def sort(
    room: Room, value: Json, reverse: Json = False, case_sensitive: Json = False, attribute: Json = None
) -> list[Json]:
    """The list in order, or in the order of what `attribute` names in its entries."""
    entries = listed("sort", value, room)
    return _in_order("sort", entries, _sorting(room, case_sensitive, attribute), room, reverse=bool(reverse))


@offered()
def min_(room: Room, value: Json, case_sensitive: Json = False, attribute: Json = None) -> Json:
    """The smallest entry of a list, by itself or by what `attribute` names in it."""
    return _most("min", value, min, _sorting(room, case_sensitive, attribute), room)


@offered()
def max_(room: Room, value: Json, case_sensitive: Json = False, attribute: Json = None) -> Json:
    """The largest entry of a list, by itself or by what `attribute` names in it."""
    return _most("max", value, max, _sorting(room, case_sensitive, attribute), room)


def _sorting(room: Room, case_sensitive: Json, attribute: Json) -> Callable[[Json], Any]:
    read = reader(attribute)

    def key(entry: Json) -> Json:
        each = read(entry)
        return room.made(each.lower(), len(each)) if isinstance(each, str) and not case_sensitive else each

    return key


def _in_order(
    name: str, entries: list[Json], key: Callable[[Json], Any], room: Room, *, reverse: bool = False
) -> list[Json]:
    keyed = [(key(each), index) for index, each in enumerate(entries)]
    kinds = {kind(each) for each, _ in keyed}
    if len(kinds) > 1 or not kinds <= {"a number", "text", "true or false"}:
        raise ExpressionError(f"`{name}` cannot put {' and '.join(sorted(kinds))} in order. {_BY_KEY}")
    room.spend(2 * len(keyed))
    keyed.sort(key=lambda pair: pair[0], reverse=reverse)
    return [entries[index] for _, index in keyed]


_BY_KEY = 'Name what to compare, as in `attribute="price"`, or take out what does not belong.'


def _most(name: str, value: Json, choose: Callable[..., Json], key: Callable[[Json], Any], room: Room) -> Json:
    entries = listed(name, value, room)
    if not entries:
        raise Missing(lambda: f"`{name}` was given a list with nothing in it.", None)
    kinds = {kind(key(each)) for each in entries}
    if len(kinds) > 1 or not kinds <= {"a number", "text", "true or false"}:
        raise ExpressionError(f"`{name}` cannot compare {' and '.join(sorted(kinds))}. {_BY_KEY}")
    return choose(entries, key=key)


@offered()
def sum_(room: Room, value: Json, attribute: Json = None, start: Json = 0) -> int | float:
    """The sum of a list of numbers, or of the numbers that `attribute` names in its entries."""
    total, read = number("sum", start), reader(attribute)
    try:
        for entry in listed("sum", value, room):
            total += number("sum", read(entry))
            if isinstance(total, int) and total.bit_length() > 1024:
                room.spend(total.bit_length() >> 6)
        if math.isfinite(total) if isinstance(total, float) else total.bit_length() <= BITS_LIMIT:
            return total
    except OverflowError:
        pass
    raise ExpressionError("This sum is too large.")


@offered()
def unique(room: Room, value: Json, case_sensitive: Json = True, attribute: Json = None) -> list[Json]:
    """The list without repetitions; the first of equal entries stays."""
    read = reader(attribute)
    seen: set[object] = set()
    kept: list[Json] = []
    for entry in listed("unique", value, room):
        mark = _mark(read(entry), room, bool(case_sensitive))
        if mark not in seen:
            seen.add(mark)
            kept.append(entry)
    return kept


@offered()
def groupby(room: Room, value: Json, attribute: Json) -> list[Json]:
    """Pairs of a value of `attribute` and its entries: `{% for city, people in all | groupby("city") %}`."""
    read = reader(attribute)
    groups: dict[object, list[Json]] = {}
    pairs: list[Json] = []
    for entry in listed("groupby", value, room):
        shared = read(entry)
        mark = _mark(shared, room, True)
        if mark not in groups:
            groups[mark] = []
            pairs.append([shared, groups[mark]])
        groups[mark].append(entry)
    return pairs


def _mark(value: Json, room: Room, case_sensitive: bool) -> object:
    """Something that is equal for equal values and can be looked up fast."""
    if isinstance(value, str):
        return "text", room.read(value) if case_sensitive else room.made(value.lower(), len(value))
    if isinstance(value, list | dict):
        return "json", json_text(value, room, in_order=True)
    return kind(value), value


@offered()
def batch(room: Room, value: Json, size: Json, fill: Json = None) -> list[Json]:
    """The list in lists of so many entries; `fill` makes the last one full."""
    entries = listed("batch", value, room)
    many = whole("batch", size, 1, 1_000_000)
    rows: list[Json] = []
    for start in range(0, len(entries), many):
        row = entries[start : start + many]
        if fill is not None and len(row) < many:
            missing = many - len(row)
            room.spend(missing)
            for _ in range(missing):
                room.reuse(fill)
            row += [fill] * missing
        rows.append(row)
    return rows
