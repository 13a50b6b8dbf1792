"""Gathers every text that a window may show: what is marked in the code, and what lower rooms write down in English."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from app.language.catalogue import TITLE
from app.setup import ROOT
from app.ui.commands.settings import SETTINGS
from app.ui.commands.table import COMMANDS, GESTURES
from app.ui.forms.kinds import settings_of
from flows.expressions import FILTERS, TESTS
from nodes.catalog import built_in
from nodes.node import CATEGORIES
from nodes.ports import WORDS as PORT_WORDS

MARKS = ("tr", "trn", "msg")
MARKED = ("app/ui", "app/language")
"""Where a text is shown and so is marked."""
WRITTEN = (
    *("flows", "nodes", "app/engine", "app/store", "app/runs", "app/desk", "app/models", "app/browser", "app/secrets"),
    *("app/studio.py", "app/packages.py"),
)
"""Where sentences are made that somebody else shows."""
UNSAID = ("app/store/tables.py", "flows/edits.py")
"""What is said of the columns of tables and of the parts of an edit is for whoever reads the code."""
WORDED = (
    *(
        "flows/diff_words.py",
        "flows/shape_words.py",
        "flows/text/opening.py",
        "nodes/ports.py",
        "app/desk/saying.py",
        "app/desk/open_flow.py",
    ),
    *("app/desk/subflow.py", "app/engine/attempt.py", "app/engine/fitting.py", "app/engine/gate.py"),
    *("app/engine/rehearsal.py", "app/engine/writing.py", "app/runs/inbox.py", "app/runs/reading/joins.py"),
    *("app/runs/reading/log.py", "app/runs/reading/picture.py", "app/runs/world/files.py", "app/runs/world/paths.py"),
    *("app/runs/world/unpack.py", "app/store/artifacts.py", "app/secrets/secrets.py", "app/browser/session.py"),
    *("app/browser/explain.py", "app/models/asking.py", "app/models/troubles.py"),
)
"""Where the words of an edit and parts of sentences are, which begin small."""
SCRIPTS = ("app/ui", "assets/canvas/src")
IN_SCRIPT = re.compile(
    r"""\b(trn?)\(\s*("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')(?:\s*,\s*("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'))?"""
)
SENTENCE = re.compile(r"""^[A-Z“`{"(][^\n]*[a-z][^\n]*$""", re.DOTALL)
PART = re.compile(r"""^[a-z,(“{][^\n=\[\\]*[a-z][^\n=\[\\]*$""")
UNSHOWN = re.compile(
    r"^(SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|DROP|PRAGMA|WITH|BEGIN|CASE)\b|=>|= \?|\(\?|, \?|\?\d|\\\\|\|[\w ]+\|"
    r"|^ORDER BY|^Literal\[|^(Host|Connection|Proxy-Authorization): |/MacOS/|^\{+ inputs\.|_hash, "
)
"""SQL, JavaScript, HTTP, types and regular expressions look like sentences sometimes."""
LOGGED = ("debug", "info", "warning", "error", "exception", "getLogger")


@dataclass(frozen=True)
class Found:
    """A text and where it is from; `many` is its form for several."""

    text: str
    many: str
    where: str
    line: int
    note: str = ""


def gather() -> list[Found]:
    """All texts, by file and line."""
    return [*_marked(), *_in_scripts(), *_written(), *_told()]


def _files(places: Iterable[str], *endings: str) -> Iterator[Path]:
    for place in places:
        path = ROOT / place
        yield from [path] if path.is_file() else sorted(each for each in path.rglob("*") if each.suffix in endings)


def _marked() -> Iterator[Found]:
    for path in _files(MARKED, ".py"):
        where = path.relative_to(ROOT).as_posix()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS:
                texts = [_text(each) for each in node.args[: 2 if node.func.id == "trn" else 1]]
                if texts and all(texts):
                    yield Found(texts[0], texts[1] if len(texts) > 1 else "", where, node.lineno)


def _text(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _in_scripts() -> Iterator[Found]:
    for path in _files(SCRIPTS, ".js", ".jsx"):
        text = path.read_text("utf-8")
        for match in IN_SCRIPT.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            one, many = (ast.literal_eval(each) if each else "" for each in match.group(2, 3))
            yield Found(one, many if match[1] == "trn" else "", path.relative_to(ROOT).as_posix(), line)


def _written() -> Iterator[Found]:
    for path in _files(WRITTEN, ".py"):
        where = path.relative_to(ROOT).as_posix()
        if where in UNSAID:
            continue
        tree = ast.parse(path.read_text("utf-8"))
        unsaid = {id(each) for node in ast.walk(tree) for each in _unsaid(node)}
        for node in ast.walk(tree):
            if not isinstance(node, ast.Constant | ast.JoinedStr) or id(node) in unsaid:
                continue
            text = _pattern(node) if isinstance(node, ast.JoinedStr) else _text(node)
            # What is added to a sentence begins with a space.
            text = text.strip() if re.match(r" [A-Z(]", text) or where in WORDED else text
            if (
                " " in text
                and (SENTENCE.match(text) or (where in WORDED and PART.match(text)))
                and not UNSHOWN.search(text)
                and re.search(r"[a-z]{2}", re.sub(r"\{\w*\}", "", text))
            ):
                yield Found(text, "", where, node.lineno)


def _unsaid(node: ast.AST) -> Iterator[ast.AST]:
    """Parts that nobody is told: docstrings, parts of a longer text, what goes into the log."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        yield node.value
    if isinstance(node, ast.JoinedStr):
        for value in node.values:
            yield from [value] if isinstance(value, ast.Constant) else []
            if isinstance(value, ast.FormattedValue) and value.format_spec is not None:
                yield from ast.walk(value.format_spec)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        is_regex = isinstance(node.func.value, ast.Name) and node.func.value.id == "re"
        yield from node.args if is_regex or node.func.attr in LOGGED else ()
    # What is looked for in the words of others.
    if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In):
        yield node.left
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and isinstance(node.value, ast.Tuple):
        marks = node.value.elts
        yield from marks if len(marks) > 2 and all(isinstance(each, ast.Constant) for each in marks) else ()


def _pattern(node: ast.JoinedStr) -> str:
    """An f-string with names in its gaps."""
    text, unnamed = "", 0
    for value in node.values:
        if isinstance(value, ast.Constant):
            text += str(value.value).replace("{", "{{").replace("}", "}}")
            continue
        assert isinstance(value, ast.FormattedValue)
        inner = value.value
        while isinstance(inner, ast.Call) and inner.args:
            inner = inner.args[0]
        name = inner.attr if isinstance(inner, ast.Attribute) else inner.id if isinstance(inner, ast.Name) else ""
        if not name or f"{{{name}}}" in text:
            unnamed += 1
            name = f"part{unnamed}"
        text += f"{{{name}}}"
    return text


def _told() -> Iterator[Found]:
    """What nodes and commands say of themselves."""
    for node in built_in().kinds.values():
        spec, where = node.spec, f"{node.__module__.replace('.', '/')}.py"
        texts = [spec.title, spec.summary, spec.sentence, ", ".join(spec.words), *_paragraphs(node.__doc__ or "")]
        for setting in settings_of(node):
            texts += [
                setting.label,
                setting.help,
                *(str(each).replace("_", " ").capitalize() for each in setting.choices),
                *(label for _, label, _ in setting.fields),
            ]
        for port in [*node.ports({})[0], *node.ports({})[1]]:
            texts += [port.label.capitalize(), port.many, port.description]
        yield from (Found(text, "", where, 1) for text in texts if text.strip())
        yield Found(spec.title, "", where, 1, TITLE)
    yield from (Found(text, "", "nodes/ports.py", 1) for text in PORT_WORDS.values())
    for said in (FILTERS, TESTS):
        yield from (Found(text, "", "flows/expressions/filters.py", 1) for text in said.values())
    for command in COMMANDS:
        for text in filter(None, (command.title, command.group, command.words, command.shown)):
            yield Found(text, "", "app/ui/commands/table.py", 1)
    for gesture in GESTURES:
        yield from (Found(text, "", "app/ui/commands/table.py", 1) for text in gesture)
    yield from (Found(each.words, "", "app/ui/commands/settings.py", 1) for each in SETTINGS)
    yield from (Found(heading, "", "nodes/node.py", 1) for heading, _ in CATEGORIES.values())


def _paragraphs(text: str) -> list[str]:
    return [" ".join(each.split()) for each in re.split(r"\n\s*\n", text) if each.strip()]
