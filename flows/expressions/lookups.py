"""Names, `a.b` and `a["b"]` as closures. These run most often, so the common lengths have their own."""

from __future__ import annotations

from typing import Any

from jinja2 import nodes
from pydantic import JsonValue as Json

from flows.expressions.errors import ExpressionError, Missing
from flows.expressions.indexing import Key, entry, longer, root
from flows.expressions.values import Names, Room, Value


def path(name: str, keys: tuple[Key, ...], places: list[int]) -> Value:
    """A name and what is inside it: the most common expression, so each length has its own fast way."""

    def explain(names: Names) -> Any:
        try:
            value = root(names, name)
        except Missing as missing:
            raise placed(missing, places[0]) from None
        return _walk(value, name, keys, places[1:])

    match keys:
        case ():

            def whole(names: Names, room: Room) -> Any:
                try:
                    return names[name]
                except KeyError:
                    return explain(names)

            return whole
        case (one,):

            def inside(names: Names, room: Room) -> Any:
                try:
                    return names[name][one]
                except (KeyError, IndexError, TypeError):
                    return explain(names)

            return inside
        case (one, two):

            def deeper(names: Names, room: Room) -> Any:
                try:
                    return names[name][one][two]
                except (KeyError, IndexError, TypeError):
                    return explain(names)

            return deeper
        case _:

            def deepest(names: Names, room: Room) -> Any:
                try:
                    value = names[name]
                    for key in keys:
                        value = value[key]
                    return value
                except (KeyError, IndexError, TypeError):
                    return explain(names)

            return deepest


def path_of(base: Value, name: str, keys: tuple[Key, ...], places: list[int]) -> Value:
    if not keys:
        return base

    def inside(names: Names, room: Room) -> Any:
        value = start = base(names, room)
        try:
            for key in keys:
                value = value[key]
            return value
        except (KeyError, IndexError, TypeError):
            return _walk(start, name, keys, places)

    return inside


def _walk(value: Json, name: str, keys: tuple[Key, ...], places: list[int]) -> Json:
    for key, place in zip(keys, places, strict=True):
        try:
            value = entry(value, key, name)
        except (ExpressionError, Missing) as error:
            raise placed(error, place) from None
        name = longer(name, key)
    return value


def placed(error: ExpressionError | Missing, position: int) -> ExpressionError | Missing:
    """The error, at this position unless it already knows a closer one."""
    if error.position is None:
        error.position = position
    return error


def literal_key(node: nodes.Node) -> Key | None:
    """The key of `a.b`, `a["b"]`, `a[0]` and `a[-1]`; None for everything else."""
    match node:
        case nodes.Getattr(attr=name):
            if name.startswith("_"):
                raise ExpressionError(
                    f'Names that begin with `_` cannot follow a dot. Write `["{name}"]` for a key like that.',
                    node.lineno,
                    name,
                )
            return name
        case nodes.Getitem(arg=nodes.Const(value=str() | int() as key)) if not isinstance(key, bool):
            return key
        case nodes.Getitem(arg=nodes.Neg(node=nodes.Const(value=int() as key))) if not isinstance(key, bool):
            return -key
        case _:
            return None


def label(node: nodes.Node) -> str:
    """An expression as it is called in a sentence."""
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr | nodes.Getitem):
        key = literal_key(node)
        return f"{label(node.node)}[…]" if key is None else longer(label(node.node), key)
    return "this value"
