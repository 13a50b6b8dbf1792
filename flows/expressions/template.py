"""A text with `{{ … }}` in it, read once and rendered often."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from jinja2 import nodes
from pydantic import JsonValue as Json

from flows.expressions.compile import Compiler
from flows.expressions.errors import ExpressionError, Missing
from flows.expressions.references import Path, references
from flows.expressions.statements import writing
from flows.expressions.syntax import read
from flows.expressions.values import Names, Room, Value


@dataclass(frozen=True, slots=True)
class Template:
    """A text that was understood: what it refers to, and its value for the names of a run."""

    text: str
    single: bool
    """Whether the text is one expression and nothing else, so that its value keeps its type."""
    roots: frozenset[str]
    """The names it refers to."""
    optional: frozenset[str]
    """Those of the names that it can do without: all uses are under `default(…)` or after `is defined`."""
    paths: tuple[Path, ...]
    """What it refers to, as far as it is written out: `("fetch", "rows", 0, "price")`."""
    _value: Value = field(repr=False, compare=False)

    def render(self, names: Names) -> Json:
        """The value for these names; lists and objects are theirs, not copies. ExpressionError where there is none."""
        try:
            value: Json = self._value(names, Room())
            return value
        except ExpressionError as error:
            raise error.within(self.text) from None
        except Missing as missing:
            raise missing.explained().within(self.text) from None
        except RecursionError:
            raise ExpressionError("The value is nested too deeply for an expression.") from None


def is_template(text: str) -> bool:
    """Whether a text has anything in it that is not just text."""
    return "{{" in text or "{%" in text or "{#" in text


def parse(text: str) -> Template:
    """The template that a text is. ExpressionError with a sentence and a place where it is none."""
    return _remembered(text) if len(text) <= REMEMBERED_LENGTH else _understood(text)


def _understood(text: str) -> Template:
    try:
        tree = read(text)
        value, single = _compiled(tree)
        found = references(tree)
    except ExpressionError as error:
        raise error.within(text) from None
    except Missing as missing:
        raise missing.explained().within(text) from None
    except RecursionError:
        raise ExpressionError("This expression is nested too deeply. Split it into two steps.") from None
    roots = frozenset(each.path[0] for each in found if isinstance(each.path[0], str))
    needed = {each.path[0] for each in found if not each.guarded}
    paths = tuple(dict.fromkeys(each.path for each in found))
    return Template(text, single, roots, frozenset(roots - needed), paths, value)


_remembered = lru_cache(maxsize=1024)(_understood)
REMEMBERED_LENGTH = 10_000


def _compiled(tree: nodes.Template) -> tuple[Value, bool]:
    compiler = Compiler()
    match tree.body:
        case [nodes.Output(nodes=[only])] if not isinstance(only, nodes.TemplateData):
            return compiler.value(only), True
    write = writing(compiler, tree.body)
    slots = compiler.slots

    def whole(names: Names, room: Room) -> Json:
        room.slots = [None] * slots
        out: list[str] = []
        write(names, room, out)
        return "".join(out)

    return whole, False
