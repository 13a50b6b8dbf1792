"""The small closures that expressions are made of, besides names and operators."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import JsonValue as Json

from flows.expressions.errors import ExpressionError, Missing
from flows.expressions.operators import signed
from flows.expressions.values import Names, Room, Value, as_text, check_length

RANGE_LIMIT = 10_000


def constant(value: Json) -> Value:
    return lambda names, room: value


def new_list(entries: list[Value], at: int) -> Value:
    def build(names: Names, room: Room) -> Any:
        made = [each(names, room) for each in entries]
        try:
            for each in made:
                room.reuse(each)
        except ExpressionError as error:
            raise error.at(at) from None
        return made

    return build


def new_object(pairs: list[tuple[Value, Value]], at: int) -> Value:
    def build(names: Names, room: Room) -> Any:
        made: dict[str, Json] = {}
        for key, value in pairs:
            name = key(names, room)
            if not isinstance(name, str):
                raise ExpressionError("The keys of an object are text; put quotes around them.", at)
            made[name] = value(names, room)
            try:
                room.reuse(made[name])
            except ExpressionError as error:
                raise error.at(at) from None
        return made

    return build


def with_sign(symbol: str, value: Value, at: int) -> Value:
    def change(names: Names, room: Room) -> Any:
        try:
            return signed(symbol, value(names, room))
        except ExpressionError as error:
            raise error.at(at) from None

    return change


def concat(parts: list[Value], at: int) -> Value:
    def join(names: Names, room: Room) -> Any:
        try:
            texts = [as_text(each(names, room), room) for each in parts]
            check_length(sum(map(len, texts)))
            return room.made("".join(texts))
        except ExpressionError as error:
            raise error.at(at) from None

    return join


def defaulted(work: Callable[..., Json], value: Value, given: list[Value], named: dict[str, Value]) -> Value:
    instead = given[0] if given else named.get("instead", constant(""))
    boolean = given[1] if len(given) > 1 else named.get("boolean", constant(False))

    def choose(names: Names, room: Room) -> Any:
        try:
            found = value(names, room)
        except Missing:
            return instead(names, room)
        return found if found or not boolean(names, room) else instead(names, room)

    return choose


def is_there(value: Value, wanted: bool) -> Value:
    def decide(names: Names, room: Room) -> Any:
        try:
            value(names, room)
        except Missing:
            return not wanted
        return wanted

    return decide


def count_up(bounds: list[Json], room: Room) -> Json:
    if not all(isinstance(each, int) and not isinstance(each, bool) and abs(each) < 1 << 53 for each in bounds):
        raise ExpressionError("`range` takes whole numbers.")
    start, stop, step = (0, *bounds, 1) if len(bounds) == 1 else (*bounds, 1)[:3]
    if step == 0:
        raise ExpressionError("The step of `range` cannot be 0.")
    numbers = range(start, stop, step)  # type: ignore[arg-type]  # whole numbers, as checked above
    if len(numbers) > RANGE_LIMIT:
        raise ExpressionError(f"`range` makes at most {RANGE_LIMIT:,} numbers, and this would be {len(numbers):,}.")
    room.spend(len(numbers))
    return [*numbers]
