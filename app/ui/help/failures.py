"""What a kind of step may fail with, read from the sentences in its own file."""

from __future__ import annotations

import ast
import inspect
import re
from dataclasses import dataclass
from functools import cache

from app.language import spoken, tr
from nodes.checks import label_of
from nodes.node import Node

ENOUGH = 3
"""Words of its own that a sentence needs to say something; the rest of it is only known when it happens."""


@dataclass(frozen=True)
class Failure:
    """A sentence that the step may fail with, `…` standing for what is only known then; and what to do."""

    what: str
    hint: str


def failures_of(node: type[Node]) -> tuple[Failure, ...]:
    """What the node's file raises, in its order; nothing where that file cannot be read."""
    found: dict[str, Failure] = {}
    for each in _raised(node):
        what = _neat(each.what)
        found.setdefault(what, Failure(what, _neat(each.hint)))
    return tuple(found.values())


@cache
def _raised(node: type[Node]) -> tuple[Failure, ...]:
    try:
        tree = ast.parse(inspect.getsource(inspect.getmodule(node)))  # type: ignore[arg-type]  # None is a TypeError
    except (OSError, TypeError, SyntaxError):
        return ()
    found: dict[str, Failure] = {}
    for each in ast.walk(tree):
        match each:
            case ast.Call(func=ast.Name(id="NodeError"), args=[said, *_], keywords=named):
                what, own = _sentence(said, node)
                hint = next((_sentence(word.value, node) for word in named if word.arg == "hint"), ("", 0))
                if own >= ENOUGH:
                    found.setdefault(what, Failure(what, hint[0] if hint[1] >= ENOUGH else ""))
    return tuple(found.values())


def _sentence(said: ast.expr, node: type[Node]) -> tuple[str, int]:
    """A text as it is written, and how many words of it are certain."""
    match said:
        case ast.Constant(value=str(text)):
            return text, len(text.split())
        case ast.JoinedStr(values=parts):
            texts = [part.value if isinstance(part, ast.Constant) else _stands_for(part, node) for part in parts]
            certain = " ".join(str(part.value) for part in parts if isinstance(part, ast.Constant))
            return "".join(map(str, texts)), sum(word[:1].isalpha() for word in certain.split())
    return "", 0


def _neat(sentence: str) -> str:
    """A sentence in the window's words, without what stands for nothing in it."""
    said = re.sub(r"\[([^\[\]]+)\]", lambda label: f"[{tr(label[1])}]", spoken(sentence))
    return re.sub("…(?=[A-Z]|…)|^…(?=`…`)", "", said).replace("….", "…")


def _stands_for(part: ast.expr, node: type[Node]) -> str:
    match part:
        case ast.FormattedValue(value=ast.Attribute(value=ast.Name(id="self"), attr=name)) if name in node.model_fields:
            return f"[{label_of(node, name)}]"
    return "…"
