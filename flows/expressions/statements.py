"""Text with expressions, `{% if %}` and `{% for %}` in it, as closures that write."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from jinja2 import nodes
from pydantic import JsonValue as Json

from flows.expressions.compile import Compiler
from flows.expressions.errors import ExpressionError
from flows.expressions.indexing import called
from flows.expressions.lookups import label
from flows.expressions.values import TEXT_LIMIT, Names, Room, Value, as_text, kind

Write = Callable[[Names, Room, list[str]], None]


def writing(compiler: Compiler, body: Sequence[nodes.Node]) -> Write:
    """The closure that writes a part of a text."""
    parts = [part for node in body for part in _parts(compiler, node)]
    if len(parts) == 1:
        return parts[0]

    def write(names: Names, room: Room, out: list[str]) -> None:
        for part in parts:
            part(names, room, out)

    return write


def _parts(compiler: Compiler, node: nodes.Node) -> list[Write]:
    match node:
        case nodes.Output():
            return [_output(compiler, each) for each in node.nodes]
        case nodes.If():
            return [_if(compiler, node)]
        case nodes.For():
            return [_for(compiler, node)]
        case _:
            raise ExpressionError("This is not part of Weft's expressions. Only `if` and `for` are.", node.lineno)


def _output(compiler: Compiler, node: nodes.Node) -> Write:
    compiler.size += 1
    if isinstance(node, nodes.TemplateData):
        text = node.data
        return lambda names, room, out: _put(text, room, out)
    value, at = compiler.value(node), node.lineno

    def write(names: Names, room: Room, out: list[str]) -> None:
        try:
            _put(as_text(value(names, room), room), room, out)
        except ExpressionError as error:
            raise error.at(at) from None

    return write


def _put(text: str, room: Room, out: list[str]) -> None:
    room.written += len(text)
    if room.written > TEXT_LIMIT:
        raise ExpressionError(f"The text gets longer than {TEXT_LIMIT:,} characters. Write it to a file in parts.")
    out.append(text)


def _if(compiler: Compiler, node: nodes.If) -> Write:
    branches = [(compiler.value(each.test), writing(compiler, each.body)) for each in (node, *node.elif_)]
    otherwise = writing(compiler, node.else_)

    def write(names: Names, room: Room, out: list[str]) -> None:
        for test, then in branches:
            if test(names, room):
                return then(names, room, out)
        return otherwise(names, room, out)

    return write


def _for(compiler: Compiler, node: nodes.For) -> Write:
    if node.recursive:
        raise ExpressionError("A `for` cannot be recursive.", node.lineno)
    many, name, at = compiler.value(node.iter), label(node.iter), node.iter.lineno
    otherwise = writing(compiler, node.else_)
    outer, size = compiler.scope, compiler.size
    targets = _targets(node.target)
    first = compiler.slots
    compiler.slots += len(targets) + 1
    compiler.scope = {**outer, **{target: first + place for place, target in enumerate(targets)}}
    test = None if node.test is None else compiler.value(node.test)
    cost_of_test = 1 + compiler.size - size
    compiler.scope["loop"] = loop = first + len(targets)
    body = writing(compiler, node.body)
    cost = 1 + compiler.size - size
    compiler.scope = outer
    tells_place = any(each.name == "loop" for part in node.body for each in part.find_all(nodes.Name))
    bind = _binding(first, len(targets), at)

    def write(names: Names, room: Room, out: list[str]) -> None:
        try:
            entries = _entries(many(names, room), name, room)
            if test is not None:
                entries = _chosen(entries, test, bind, names, room, cost_of_test)
            for index, each in enumerate(entries):
                room.spend(cost)
                bind(each, room)
                if tells_place:
                    room.slots[loop] = _place(index, len(entries))
                body(names, room, out)
        except ExpressionError as error:
            raise error.at(at) from None
        if not entries:
            otherwise(names, room, out)

    return write


def _targets(target: nodes.Node) -> list[str]:
    names = target.items if isinstance(target, nodes.Tuple) else [target]
    found = [each.name for each in names if isinstance(each, nodes.Name)]
    if len(found) != len(names) or not names:
        raise ExpressionError("After `for` come names, as in `{% for name, price in … %}`.", target.lineno)
    for name in found:
        if name.startswith("__") or name in ("loop", "range") or found.count(name) > 1:
            raise ExpressionError(f"`{name}` cannot be the name of an entry here. Take another one.", target.lineno)
    return found


def _binding(first: int, many: int, at: int) -> Callable[[Json, Room], None]:
    if many == 1:

        def bind(entry: Json, room: Room) -> None:
            room.slots[first] = entry

        return bind

    def unpack(entry: Json, room: Room) -> None:
        if not isinstance(entry, list) or len(entry) != many:
            what = f"a list of {len(entry)}" if isinstance(entry, list) else kind(entry)
            raise ExpressionError(f"`for` has {many} names, but an entry is {what}.", at)
        room.slots[first : first + many] = entry

    return unpack


def _entries(value: Json, name: str, room: Room) -> list[Json]:
    match value:
        case list():
            return value
        case dict():
            room.spend(len(value))
            return [*value]
        case _:
            hint = " Use `| lines` or `| split` to make a list of it." if isinstance(value, str) else ""
            raise ExpressionError(f"`for` needs a list, and {called(name)} is {kind(value)}.{hint}")


def _chosen(
    entries: list[Json], test: Value, bind: Callable[[Json, Room], None], names: Names, room: Room, cost: int
) -> list[Json]:
    kept: list[Json] = []
    for each in entries:
        room.spend(cost)
        bind(each, room)
        if test(names, room):
            kept.append(each)
    return kept


def _place(index: int, length: int) -> dict[str, Json]:
    return {
        "index": index + 1,
        "index0": index,
        "first": index == 0,
        "last": index == length - 1,
        "length": length,
    }
