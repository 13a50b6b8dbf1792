"""Which names a text refers to, where, and whether it can do without them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from jinja2 import nodes

from flows.expressions.lookups import literal_key

Path = tuple[str | int, ...]
NONE: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Reference:
    """One place where a name is used, with as much of the path after it as is written out."""

    path: Path
    position: int
    guarded: bool
    hidden: frozenset[str]
    """The names that loops around it give a meaning of their own."""


@dataclass(frozen=True)
class _Where:
    hidden: frozenset[str] = NONE
    guarded: frozenset[str] = NONE
    sheltered: bool = False

    def knowing(self, names: frozenset[str]) -> _Where:
        return replace(self, guarded=self.guarded | names)

    def inside(self, names: frozenset[str]) -> _Where:
        return replace(self, hidden=self.hidden | names)


def references(tree: nodes.Template) -> list[Reference]:
    """Every use of a name that comes from outside the text, in the order of the text."""
    return sorted(_found(tree, _Where()), key=lambda each: each.position)


def _found(node: nodes.Node, where: _Where) -> Iterator[Reference]:
    match node:
        case nodes.Name() | nodes.Getattr() | nodes.Getitem():
            yield from _path(node, where)
        case nodes.Filter(name="default" | "d", node=nodes.Expr() as value):
            yield from _found(value, replace(where, sheltered=True))
            yield from _all((*node.args, *node.kwargs), where)
        case nodes.Test(name="defined" | "undefined"):
            yield from _found(node.node, replace(where, sheltered=True))
        case nodes.Call(node=nodes.Name(name="range")):
            yield from _all((*node.args, *node.kwargs), where)
        case nodes.And():
            yield from _found(node.left, where)
            yield from _found(node.right, where.knowing(_there(node.left, True)))
        case nodes.Or():
            yield from _found(node.left, where)
            yield from _found(node.right, where.knowing(_there(node.left, False)))
        case nodes.CondExpr():
            yield from _found(node.test, where)
            yield from _found(node.expr1, where.knowing(_there(node.test, True)))
            if node.expr2 is not None:
                yield from _found(node.expr2, where.knowing(_there(node.test, False)))
        case nodes.If():
            for branch in (node, *node.elif_):
                yield from _found(branch.test, where)
                yield from _all(branch.body, where.knowing(_there(branch.test, True)))
                where = where.knowing(_there(branch.test, False))
            yield from _all(node.else_, where)
        case nodes.For():
            names = frozenset(each.name for each in (node.target, *node.target.find_all(nodes.Name))
                              if isinstance(each, nodes.Name))  # fmt: skip
            yield from _found(node.iter, where)
            if node.test is not None:
                yield from _found(node.test, where.inside(names))
            yield from _all(node.body, where.inside(names | {"loop"}))
            yield from _all(node.else_, where)
        case _:
            yield from _all(node.iter_child_nodes(), where)


def _all(
    several: Iterator[nodes.Node] | list[nodes.Node] | tuple[nodes.Node, ...], where: _Where
) -> Iterator[Reference]:
    for node in several:
        yield from _found(node, where)


def _path(node: nodes.Node, where: _Where) -> Iterator[Reference]:
    keys: list[str | int] = []
    while isinstance(node, nodes.Getattr | nodes.Getitem):
        key = literal_key(node)
        if key is None:
            keys.clear()
            if isinstance(node, nodes.Getitem):
                yield from _found(node.arg, where)
        else:
            keys.append(key)
        node = node.node
    if not isinstance(node, nodes.Name):
        yield from _found(node, where)
    elif node.name not in where.hidden:
        guarded = where.sheltered or node.name in where.guarded
        yield Reference((node.name, *reversed(keys)), node.lineno, guarded, where.hidden)


def _there(test: nodes.Node, outcome: bool) -> frozenset[str]:
    """The names that are certainly there when a test had this outcome."""
    match test:
        case nodes.Test(name="defined" | "undefined" as name) if (name == "defined") == outcome:
            inner = test.node
            while isinstance(inner, nodes.Getattr | nodes.Getitem):
                inner = inner.node
            return frozenset({inner.name}) if isinstance(inner, nodes.Name) else NONE
        case nodes.Not():
            return _there(test.node, not outcome)
        case nodes.And() if outcome:
            return _there(test.left, True) | _there(test.right, True)
        case nodes.Or() if not outcome:
            return _there(test.left, False) | _there(test.right, False)
        case _:
            return NONE
