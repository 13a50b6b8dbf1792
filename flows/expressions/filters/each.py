"""Filters that do something with each entry of a list: `map`, `select`, `reject` and their like."""

from __future__ import annotations

from collections.abc import Callable

from pydantic import JsonValue as Json

from flows.expressions.errors import ExpressionError, Missing
from flows.expressions.filters.arguments import listed, reader
from flows.expressions.registry import ABSENT, Absent, condition_named, filter_named, offered
from flows.expressions.values import Room, shown


@offered()
def map_(
    room: Room,
    value: Json,
    filter: Json = None,
    *given: Json,
    attribute: Json = None,
    default: Json | Absent = ABSENT,
) -> list[Json]:
    """What `attribute` names in every entry, or each entry after a filter: `map(attribute="price")`, `map("upper")`."""
    entries = listed("map", value, room)
    if attribute is not None:
        read = reader(attribute)
        return [_read_or(read, each, default, room) for each in entries]
    work = filter_named(_named("map", filter), len(given), ())
    room.spend(10 * len(entries))
    made: list[Json] = []
    for each in entries:
        for more in given:
            room.reuse(more)
        made.append(work(room, each, *given))
    return made


def _read_or(read: Callable[[Json], Json], entry: Json, default: Json | Absent, room: Room) -> Json:
    try:
        return read(entry)
    except Missing:
        if isinstance(default, Absent):
            raise
        room.reuse(default)
        return default


@offered()
def select(room: Room, value: Json, test: Json = None, *given: Json) -> list[Json]:
    """The entries for which a test holds, or that are not empty: `select("number")`."""
    passes = _passing("select", room, test, given)
    return [each for each in listed("select", value, room) if passes(each)]


@offered()
def reject(room: Room, value: Json, test: Json = None, *given: Json) -> list[Json]:
    """The entries for which a test does not hold, or that are empty."""
    passes = _passing("reject", room, test, given)
    return [each for each in listed("reject", value, room) if not passes(each)]


@offered()
def selectattr(room: Room, value: Json, attribute: Json, test: Json = None, *given: Json) -> list[Json]:
    """The entries where a test holds for what `attribute` names: `selectattr("price", ">", 20)`."""
    passes = _passing_inside("selectattr", room, attribute, test, given)
    return [each for each in listed("selectattr", value, room) if passes(each)]


@offered()
def rejectattr(room: Room, value: Json, attribute: Json, test: Json = None, *given: Json) -> list[Json]:
    """The entries where a test does not hold for what `attribute` names."""
    passes = _passing_inside("rejectattr", room, attribute, test, given)
    return [each for each in listed("rejectattr", value, room) if not passes(each)]


def _passing(filter: str, room: Room, test: Json, given: tuple[Json, ...]) -> Callable[[Json], bool]:
    if test is None:
        return bool
    holds = condition_named(_named(filter, test), len(given), ())

    def passes(entry: Json) -> bool:
        room.spend(3)
        return bool(holds(room, entry, *given))

    return passes


def _passing_inside(
    filter: str, room: Room, attribute: Json, test: Json, given: tuple[Json, ...]
) -> Callable[[Json], bool]:
    read, passes = reader(attribute), _passing(filter, room, test, given)

    def decide(entry: Json) -> bool:
        try:
            return passes(read(entry))
        except Missing:
            if test in (None, "defined", "undefined"):
                return test == "undefined"
            raise

    return decide


def _named(filter: str, name: Json) -> str:
    if isinstance(name, str):
        return name
    raise ExpressionError(f'`{filter}` takes a name in quotes, as in `{filter}("lower")`, not {shown(name)}.')
