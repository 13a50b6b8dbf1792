"""What is wrong with code or JSON, as far as it can be told without running it: the line, the place, and words."""

from __future__ import annotations

import ast
import builtins
import json
import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from pydantic import JsonValue as Json

from app.language import tr
from app.ui.forms.typed import Unreadable, value_of
from nodes.code._runner import compiled

GIVEN = frozenset({"values", "__name__", "__file__", "__doc__"})
"""Names that code finds there."""

JSON_TYPES = ("string", "number", "integer", "boolean", "object", "array", "null")


@dataclass(frozen=True)
class Mistake:
    """What is wrong and in which line; what is only odd may still be meant so."""

    message: str
    line: int = 0
    is_wrong: bool = True


def checked(kind: str, text: str) -> Mistake | None:
    """The first mistake of a setting of this kind; None where there is none, or nothing is written yet."""
    if not text.strip():
        return None
    return python_mistake(text) if kind == "code" else json_mistake(text)


def python_mistake(code: str) -> Mistake | None:
    """What keeps this from being Python, a name that nothing has, or that it gives nothing back."""
    try:
        with warnings.catch_warnings(action="ignore"):
            compiled(code)
            tree = ast.parse(code)
    except SyntaxError as error:
        line, column = error.lineno or 1, error.offset
        said = _said(error.msg or "")
        if column:
            said = tr("{said} (character {column})", said=said, column=column)
        return Mistake(tr("Line {line} is not Python: {said}.", line=line, said=said), line)
    except (ValueError, RecursionError, MemoryError):
        return Mistake(tr("This is not Python that can be read: it is nested too deeply."))
    return _strange_name(tree) or _nothing_given(tree)


def json_mistake(text: str) -> Mistake | None:
    """What keeps this from being JSON, or a type in a schema that JSON has not."""
    try:
        value = value_of("record", text)
    except Unreadable as error:
        return Mistake(str(error), error.line)
    for name in _types(value):
        if name not in JSON_TYPES:
            close = get_close_matches(name[:40], JSON_TYPES, n=1)
            there = tr("There are {names}.", names=", ".join(JSON_TYPES))
            hint = tr("Did you mean `{name}`?", name=close[0]) if close else there
            at = next((number for number, line in enumerate(text.split("\n"), 1) if json.dumps(name) in line), 0)
            return Mistake(f"{tr('`{name}` is not a type.', name=name[:40])} {hint}", at, is_wrong=False)
    return None


def _said(message: str) -> str:
    """Python's words, and where they say nothing, ours."""
    if message == "invalid syntax":
        return tr("this cannot be read. Look at the end of the line before, too")
    return re.sub(r" \(detected at line \d+\)", "", message).rstrip(".")


def _strange_name(tree: ast.Module) -> Mistake | None:
    """The first name that is used and that nothing gives a meaning."""
    found = _Names()
    found.visit(tree)
    if found.anything:
        return None
    known = found.made | GIVEN | set(dir(builtins))
    for name, line in sorted(found.used.items(), key=lambda each: each[1]):
        if name not in known:
            close = get_close_matches(name, sorted(known), n=1)
            said = tr("Line {line}: nothing here is called `{name}`.", line=line, name=name)
            hint = tr("Did you mean `{name}`?", name=close[0]) if close else ""
            return Mistake(f"{said} {hint}".rstrip(), line, is_wrong=False)
    return None


def _nothing_given(tree: ast.Module) -> Mistake | None:
    if not tree.body or any(isinstance(each, ast.Return) for each in _own(tree)):
        return None
    if any(isinstance(each, ast.Raise | ast.Yield | ast.YieldFrom) for each in _own(tree)):
        return None
    return Mistake(tr("Nothing is given back yet. End it with `return …`."), is_wrong=False)


def _own(tree: ast.AST) -> Iterator[ast.AST]:
    """What the code does itself, and not in a function that it makes."""
    for child in ast.iter_child_nodes(tree):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            yield child
            yield from _own(child)


class _Names(ast.NodeVisitor):
    """Which names are used, each with its first line, and which are given a meaning anywhere."""

    def __init__(self) -> None:
        self.used: dict[str, int] = {}
        self.made: set[str] = set()
        self.anything = False
        """Names come from somewhere that cannot be seen."""

    def visit(self, node: ast.AST) -> None:
        match node:
            case ast.Name(id=name, ctx=ast.Load()):
                self.used.setdefault(name, node.lineno)
            case ast.Name(id=name):
                self.made.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                self.made.add(name)
            case ast.arg(arg=name):
                self.made.add(name)
            case ast.alias(name="*"):
                self.anything = True
            case ast.alias(name=name, asname=other):
                self.made.add(other or name.split(".")[0])
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                self.made.add(name)
            case ast.MatchMapping(rest=str(name)):
                self.made.add(name)
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                self.made.update(names)
        self.anything = self.anything or (isinstance(node, ast.Name) and node.id in ("exec", "globals", "eval"))
        self.generic_visit(node)


def _types(schema: Json) -> Iterator[str]:
    """The names of types in a JSON schema, as far as it says them in its usual places."""
    if isinstance(schema, dict):
        name = schema.get("type")
        if isinstance(name, str):
            yield name
        for key in ("items", "additionalProperties"):
            yield from _types(schema.get(key))
        for key in ("properties", "$defs"):
            inner = schema.get(key)
            if isinstance(inner, Mapping):
                for each in inner.values():
                    yield from _types(each)
