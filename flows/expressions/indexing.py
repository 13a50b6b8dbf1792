"""`a.b`, `a["b"]`, `a[0]` and `a[1:3]`: looking into objects, lists and text, and into nothing else."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from functools import partial
from itertools import islice

from pydantic import JsonValue as Json

from flows.expressions.errors import ExpressionError, Missing
from flows.expressions.registry import FILTERS
from flows.expressions.values import Room, kind, shown

Key = str | int


def root(names: Mapping[str, Json], name: str) -> Json:
    """What a name stands for. Missing where nothing has that name."""
    try:
        return names[name]
    except KeyError:
        raise Missing(lambda: f"There is no `{name}` here.{_did_you_mean(name, names)}", name) from None


def follow(value: Json, label: str, keys: Iterable[Key]) -> Json:
    """The value at the end of a path. Missing says which part of it is not there."""
    for key in keys:
        value = entry(value, key, label)
        label = longer(label, key)
    return value


def called(label: str, *, begins: bool = False) -> str:
    """A value as it is called in a sentence: its path, or `this …` without the look of one."""
    if label.startswith("this "):
        return label.capitalize() if begins else label
    return f"`{label}`"


def longer(label: str, key: Key) -> str:
    """A path as a person writes it, one part longer."""
    return f"{label}.{key}" if isinstance(key, str) and key.isidentifier() else f"{label}[{key!r}]"


def entry(value: Json, key: Json, label: str) -> Json:
    """One entry of an object, a list or a text."""
    if isinstance(key, bool) or not isinstance(key, str | int):
        raise ExpressionError(f"Brackets after {called(label)} take a name in quotes or a number, not {kind(key)}.")
    match value:
        case dict():
            name = key if isinstance(key, str) else str(key) if abs(key) < 1 << 64 else "a very long number"
            if name in value:
                return value[name]
            raise Missing(partial(_no_key, value, name, label), name)
        case list() | str() if isinstance(key, int):
            if -len(value) <= key < len(value):
                return value[key]
            raise Missing(partial(_no_entry, len(value), key, label), None)
        case _:
            raise Missing(partial(_nothing_inside, value, key, label), key if isinstance(key, str) else None)


def part(value: Json, bounds: Iterable[Json], label: str, room: Room) -> Json:
    """The part of a list or text that `[start:stop:step]` names."""
    start, stop, step = (_bound(each) for each in bounds)
    if step == 0:
        raise ExpressionError("The third number in the brackets is the step; it cannot be 0.")
    match value:
        case str():
            return room.made(value[start:stop:step], len(value))
        case list():
            chosen = value[start:stop:step]
            room.spend(len(chosen))
            return chosen
        case _:
            raise ExpressionError(f"{called(label, begins=True)} is {kind(value)}, and only a list or text has parts.")


def _bound(value: Json) -> int | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise ExpressionError(f"The parts of a list are named by whole numbers, not by {shown(value)}.")


def _no_key(value: dict[str, Json], key: str, label: str) -> str:
    if not value:
        return f"There is no `{_short(key)}` in {called(label)}, which is empty."
    return f"There is no `{_short(key)}` in {called(label)}.{_did_you_mean(key, value) or _as_filter(key, label)}"


def _no_entry(length: int, key: int, label: str) -> str:
    if length == 0:
        return f"{called(label, begins=True)} is empty, so it has no entry {shown(key).strip('`')}."
    many = "1 entry, number 0" if length == 1 else f"{length:,} entries, from 0 to {length - 1}"
    return f"There is no entry {shown(key).strip('`')} in {called(label)}, which has {many}."


def _nothing_inside(value: Json, key: Key, label: str) -> str:
    if isinstance(value, list) and isinstance(key, str):
        hint = _as_filter(key, label) or f" Say which entry, as in `{longer(f'{label}[0]', _short(key))}`."
        return f"{called(label, begins=True)} is a list, so it has no `{_short(key)}`.{hint}"
    what = f"`{_short(key)}`" if isinstance(key, str) else f"entry {shown(key).strip('`')}"
    hint = _as_filter(key, label) if value is not None else ""
    return f"{called(label, begins=True)} is {kind(value)}, so it has no {what}.{hint}"


def _as_filter(key: Key, label: str) -> str:
    return f" Did you mean `{label} | {key}`?" if key in FILTERS else ""


def _did_you_mean(name: str, known: Iterable[str]) -> str:
    if len(name) > 64:
        return ""
    candidates = [each for each in islice(known, 500) if isinstance(each, str) and len(each) <= 64]
    close = difflib.get_close_matches(name, candidates, n=1)
    return f" Did you mean `{close[0]}`?" if close else ""


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
