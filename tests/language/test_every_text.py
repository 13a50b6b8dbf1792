"""Every text of the window is in the catalogue, and every language has all of it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from app.language.choosing import LANGUAGES, SOURCE
from app.setup import ROOT
from tests.language.files import TEMPLATE, lacking, template, written
from tests.language.gathering import LOGGED, MARKS

OTHERS = sorted(set(LANGUAGES) - {SOURCE})
SHOWS = {
    "label",
    "button",
    "tooltip",
    "link",
    "expansion",
    "tab",
    "switch",
    "checkbox",
    "notify",
    "menu_item",
    "set_text",
}
"""Calls whose text is shown, even if it is one word."""
NAMED = re.compile(r"""\b(aria-label|placeholder|title|alt|label|hint)=["']?[A-Z][a-z]""")
WORDS = re.compile(r"^[A-Z“][\w'“”-]* .*[a-z]|^[A-Z][a-z]+[.…:]$", re.DOTALL)
UNSHOWN = {
    "app/ui/commands/table.py",  # Gathered from the table itself.
}
NAMES = {"Keys page", "LM Studio", 'aria-label="Weft"', "Settings", "Result", "Comments"}
"""Names of products, what is looked for in a hint, and the tabs' own names, which are shown by their labels."""


def test_the_catalogue_is_what_the_code_says() -> None:
    assert TEMPLATE.read_bytes() == written(template()), "Run `python -m tests.language`."


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_lacks_nothing(language: str) -> None:
    assert lacking(language) == []


def test_every_text_that_the_window_makes_is_marked() -> None:
    assert list(_unmarked()) == []


def _unmarked() -> Iterator[str]:
    for path in sorted((ROOT / "app" / "ui").rglob("*.py")):
        where = path.relative_to(ROOT).as_posix()
        if where in UNSHOWN:
            continue
        tree = ast.parse(path.read_text("utf-8"))
        passed = {id(part) for node in ast.walk(tree) for part in _passed(node)}
        shown = {id(part) for node in ast.walk(tree) for part in _shown(node)}
        for node in ast.walk(tree):
            if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in passed:
                continue
            text = node.value
            if text in NAMES:
                continue
            if NAMED.search(text) or WORDS.match(text) or (id(node) in shown and re.match(r"[A-Z][a-z]", text)):
                yield f"{where}:{node.lineno}: {text!r}"


def _passed(node: ast.AST) -> Iterator[ast.AST]:
    """What is marked, or shown to nobody: docstrings, logs, assertions."""
    match node:
        case ast.Expr(value=ast.Constant() as text):
            yield text
        case ast.Call(func=ast.Name(id=name)) if name in MARKS:
            yield from ast.walk(node)
        case ast.Call(func=ast.Attribute(attr=name)) if name in LOGGED:
            yield from ast.walk(node)
        case ast.Assert():
            yield from ast.walk(node)


def _shown(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in SHOWS:
        yield from node.args[:1]
