"""From a syntax tree to Python closures. What is not named here does not exist in the language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jinja2 import nodes
from pydantic import JsonValue as Json

from flows.expressions.closures import concat, constant, count_up, defaulted, is_there, new_list, new_object, with_sign
from flows.expressions.errors import ExpressionError, Missing
from flows.expressions.indexing import Key, entry, part
from flows.expressions.lookups import label, literal_key, path, path_of, placed
from flows.expressions.operators import ARITHMETIC, COMPARISONS, Binary
from flows.expressions.registry import FILTERS, condition_named, filter_named
from flows.expressions.values import Names, Room, Value

DEPTH_LIMIT = 100
TOOL_COST = 10
SYMBOLS = {
    nodes.Add: "add",
    nodes.Sub: "sub",
    nodes.Mul: "mul",
    nodes.Div: "div",
    nodes.FloorDiv: "floordiv",
    nodes.Mod: "mod",
    nodes.Pow: "pow",
}


class Compiler:
    """Makes closures of the expressions of one text, and counts what they hold."""

    def __init__(self) -> None:
        self.scope: dict[str, int] = {}
        self.slots = 0
        self.size = 0
        self._depth = 0
        self._unknowns = 0

    def value(self, node: nodes.Node) -> Value:
        """The closure that gives the value of an expression."""
        self.size += 1
        self._depth += 1
        if self._depth > DEPTH_LIMIT:
            raise ExpressionError("This expression is too long a chain. Split it into two steps.", node.lineno)
        try:
            return self._value(node)
        except ExpressionError as error:
            raise error.at(node.lineno) from None
        finally:
            self._depth -= 1

    def _value(self, node: nodes.Node) -> Value:
        match node:
            case nodes.Const(value=known):
                return constant(known)
            case nodes.Name() | nodes.Getattr() | nodes.Getitem():
                self._unknowns += 1
                return self._looked_up(node)
            case nodes.List() | nodes.Tuple():
                return new_list([self.value(each) for each in node.items], node.lineno)
            case nodes.Dict():
                return new_object([(self.value(pair.key), self.value(pair.value)) for pair in node.items], node.lineno)
            case nodes.Pow(left=nodes.Pow()):
                # Jinja reads it from the left, everyone else from the right.
                raise ExpressionError("Two `**` in a row can be read in two ways. Write `a ** (b ** c)`.")
            case nodes.BinExpr() if type(node) in SYMBOLS:
                return self._folded(node, lambda: self._binary(ARITHMETIC[SYMBOLS[type(node)]], node.left, node.right))
            case nodes.Neg() | nodes.Pos():
                symbol = "-" if isinstance(node, nodes.Neg) else "+"
                return self._folded(node, lambda: with_sign(symbol, self.value(node.node), node.lineno))
            case nodes.Concat():
                return self._folded(node, lambda: concat([self.value(each) for each in node.nodes], node.lineno))
            case nodes.Compare():
                return self._folded(node, lambda: self._compare(node))
            case nodes.And():
                left, right = self.value(node.left), self.value(node.right)
                return lambda names, room: left(names, room) and right(names, room)
            case nodes.Or():
                left, right = self.value(node.left), self.value(node.right)
                return lambda names, room: left(names, room) or right(names, room)
            case nodes.Not():
                inner = self.value(node.node)
                return lambda names, room: not inner(names, room)
            case nodes.CondExpr():
                return self._condition(node)
            case nodes.Filter() | nodes.Test() if node.node is not None:
                self._unknowns += 1
                return self._tool(node, node.node)
            case nodes.Call():
                return self._call(node)
            case _:
                raise ExpressionError("This is not part of Weft's expressions.")

    def _folded(self, node: nodes.Node, make: Callable[[], Value]) -> Value:
        """The closure, or its value where that is known before any run. So `9 ** 9 ** 9` is refused as it is typed."""
        before = self._unknowns
        value = make()
        if self._unknowns != before:
            return value
        result = value({}, Room())
        return value if isinstance(result, list | dict) else constant(result)

    # Names, keys and entries

    def _looked_up(self, node: nodes.Name | nodes.Getattr | nodes.Getitem) -> Value:
        keys: list[Key] = []
        places: list[int] = []
        inner: nodes.Node = node
        while not isinstance(inner, nodes.Name) and (key := literal_key(inner)) is not None:
            keys.append(key)
            places.append(inner.lineno + isinstance(inner, nodes.Getattr))
            inner = inner.node  # type: ignore[attr-defined]  # what has a literal key is a Getattr or Getitem
        keys.reverse()
        places.reverse()
        if isinstance(inner, nodes.Name):
            slot = self.scope.get(inner.name)
            if slot is not None:
                return path_of(lambda names, room: room.slots[slot], inner.name, tuple(keys), places)
            if inner.name.startswith("__"):
                raise ExpressionError("Names that begin with `__` are not allowed.", inner.lineno, inner.name)
            return path(inner.name, tuple(keys), [inner.lineno, *places])
        if keys:
            return path_of(self.value(inner), label(inner), tuple(keys), places)
        assert isinstance(inner, nodes.Getitem)
        return self._dynamic(inner)

    def _dynamic(self, node: nodes.Getitem) -> Value:
        value, name, at = self.value(node.node), label(node.node), node.lineno
        if isinstance(node.arg, nodes.Slice):
            start, stop, step = (
                constant(None) if each is None else self.value(each)
                for each in (node.arg.start, node.arg.stop, node.arg.step)
            )

            def cut(names: Names, room: Room) -> Any:
                try:
                    bounds = (start(names, room), stop(names, room), step(names, room))
                    return part(value(names, room), bounds, name, room)
                except ExpressionError as error:
                    raise error.at(at) from None

            return cut
        key = self.value(node.arg)

        def get(names: Names, room: Room) -> Any:
            try:
                return entry(value(names, room), key(names, room), name)
            except (ExpressionError, Missing) as error:
                raise placed(error, at) from None

        return get

    # Operators

    def _binary(self, operate: Binary, first: nodes.Node, second: nodes.Node) -> Value:
        left, right, at = self.value(first), self.value(second), first.lineno

        def calculate(names: Names, room: Room) -> Any:
            try:
                return operate(left(names, room), right(names, room), room)
            except ExpressionError as error:
                raise error.at(at) from None

        return calculate

    def _compare(self, node: nodes.Compare) -> Value:
        if len(node.ops) == 1:
            return self._binary(COMPARISONS[node.ops[0].op], node.expr, node.ops[0].expr)
        first = self.value(node.expr)
        rest = [(COMPARISONS[each.op], self.value(each.expr)) for each in node.ops]

        def compare(names: Names, room: Room) -> Any:
            left = first(names, room)
            for decide, value in rest:
                right = value(names, room)
                if not decide(left, right, room):
                    return False
                left = right
            return True

        return compare

    def _condition(self, node: nodes.CondExpr) -> Value:
        test, then = self.value(node.test), self.value(node.expr1)
        otherwise = constant(None) if node.expr2 is None else self.value(node.expr2)
        return lambda names, room: then(names, room) if test(names, room) else otherwise(names, room)

    # Filters, tests and the one function

    def _tool(self, node: nodes.Filter | nodes.Test, subject: nodes.Node) -> Value:
        name, at = node.name, node.lineno
        self.size += TOOL_COST
        is_filter = isinstance(node, nodes.Filter)
        find = filter_named if is_filter else condition_named
        given, named = self._arguments(node)
        work = find(name, len(given), named)
        value = self.value(subject)
        if is_filter and name in ("default", "d"):
            return defaulted(work, value, given, named)
        if not is_filter and name in ("defined", "undefined"):
            return is_there(value, name == "defined")

        def apply(names: Names, room: Room) -> Any:
            try:
                result: Json = work(
                    room,
                    value(names, room),
                    *[each(names, room) for each in given],
                    **{key: each(names, room) for key, each in named.items()},
                )
                return result
            except (ExpressionError, Missing) as error:
                raise placed(error, at) from None

        return apply

    def _arguments(self, node: nodes.Filter | nodes.Test | nodes.Call) -> tuple[list[Value], dict[str, Value]]:
        if node.dyn_args is not None or node.dyn_kwargs is not None:
            raise ExpressionError("`*` and `**` cannot be used to pass values on.", node.lineno)
        given = [self.value(each) for each in node.args]
        named: dict[str, Value] = {}
        for pair in node.kwargs:
            if not isinstance(pair, nodes.Keyword) or pair.key in named:
                raise ExpressionError("The same name is given twice in these brackets.", pair.lineno)
            named[pair.key] = self.value(pair.value)
        return given, named

    def _call(self, node: nodes.Call) -> Value:
        if not isinstance(node.node, nodes.Name) or node.node.name != "range" or "range" in self.scope:
            hint = ""
            if isinstance(node.node, nodes.Getattr) and node.node.attr in FILTERS:
                hint = f" Did you mean `{label(node.node.node)} | {node.node.attr}`?"
            raise ExpressionError(f"Functions cannot be called here, except `range`.{hint}")
        before = self._unknowns
        given, named = self._arguments(node)
        if not 1 <= len(given) <= 3 or named:
            raise ExpressionError(
                "`range` is written `range(stop)`, `range(start, stop)` or `range(start, stop, step)`."
            )
        if self._unknowns == before:
            count_up([each({}, Room()) for each in given], Room())
        self._unknowns += 1
        at = node.lineno

        def count(names: Names, room: Room) -> Any:
            try:
                return count_up([each(names, room) for each in given], room)
            except ExpressionError as error:
                raise error.at(at) from None

        return count
