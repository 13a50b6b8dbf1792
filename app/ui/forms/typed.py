"""Values as typed text: of an output whose kind is text the text itself, of every other kind JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from math import isfinite

from pydantic import JsonValue as Json

from app.language import msg, tr
from app.ui.called import kind_words
from nodes.ports import Port

EMPTY: Mapping[str, Json] = {"text": "", "number": 0, "boolean": False, "list": [], "record": {}}
"""What stands for nothing in an output of each kind."""


class Unreadable(ValueError):
    """Text that means no value, in a sentence; `line` is where, as far as that is known."""

    def __init__(self, said: str, line: int = 0) -> None:
        super().__init__(said)
        self.line = line


EXAMPLES = {"number": "12.5", "boolean": "true", "list": '["one", "two"]', "record": '{"name": "Ada"}'}
_TYPES: Mapping[str, tuple[type, ...]] = {
    "text": (str,),
    "number": (int, float),
    "boolean": (bool,),
    "list": (list,),
    "record": (dict,),
    "file": (dict,),
}


def empty_of(port: Port) -> Json:
    """A value of the port's kind that says nothing."""
    return EMPTY.get(port.kind)


def text_of(kind: str, value: Json) -> str:
    """A value as text to edit."""
    if isinstance(value, str) and (kind == "text" or (kind == "any" and _is_plain(value))):
        return value
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return json.dumps(value, ensure_ascii=False, indent=2)


def value_of(kind: str, text: str) -> Json:
    """The value that text means for an output of this kind. Unreadable where it means none."""
    if kind == "text":
        return text
    if kind == "any" and _is_plain(text):
        return text
    try:
        value: Json = json.loads(text, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        place = tr("Line {line}, character {column}: {said}", line=error.lineno, column=error.colno, said=_said(error))
        raise Unreadable(place, error.lineno) from None
    except RecursionError:
        raise Unreadable(tr("This is nested too deeply.")) from None
    if not fits(kind, value):
        said = tr("This is {sort}; {kind} is needed.", sort=word_of(value), kind=kind_words(kind))
        example = tr("For example: {example}", example=EXAMPLES[kind]) if kind in EXAMPLES else ""
        raise Unreadable(f"{said} {example}".rstrip())
    if isinstance(value, float) and not isfinite(value):
        raise Unreadable(tr("This number is too large."))
    return value


def fits(kind: str, value: Json) -> bool:
    """True where a value may come out of an output of this kind."""
    if kind not in _TYPES:
        return True
    return isinstance(value, _TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))


def word_of(value: Json) -> str:
    """What sort of value it is, in words."""
    match value:
        case None:
            return tr("nothing")
        case bool():
            return kind_words("boolean")
        case int() | float():
            return kind_words("number")
        case str():
            return kind_words("text")
        case list():
            return kind_words("list")
        case _:
            return kind_words("record")


def _is_plain(text: str) -> bool:
    """True for text that no one would take for JSON."""
    start = text.lstrip()[:1]
    if not start:
        return True
    if start in '{["':
        return False
    try:
        json.loads(text)
    except ValueError:
        return True
    return False


def _refuse(name: str) -> Json:
    raise Unreadable(tr("`{name}` is no number that can be kept.", name=name))


_SAID = {
    "expecting value": msg("a value is missing here. Text needs quotes."),
    "extra data": msg("here is more than one value."),
    "expecting property name enclosed in double quotes": msg("a name in double quotes is missing here."),
    "expecting ',' delimiter": msg("a comma or a closing bracket is missing here."),
    "expecting ':' delimiter": msg("a colon is missing here."),
    "illegal trailing comma before end of object": msg("this comma is one too many."),
    "illegal trailing comma before end of array": msg("this comma is one too many."),
    "unterminated string starting at": msg("this text has no closing quote."),
}
"""What Python says of JSON that it cannot read, in words that say what is missing."""


def _said(error: json.JSONDecodeError) -> str:
    said = _SAID.get(error.msg.lower())
    return tr(said) if said is not None else f"{error.msg[:1].lower()}{error.msg[1:]}."
