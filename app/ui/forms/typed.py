"""Values as typed text: of an output whose kind is text the text itself, of every other kind JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from math import isfinite

from pydantic import JsonValue as Json

from nodes.ports import WORDS, Port

EMPTY: Mapping[str, Json] = {"text": "", "number": 0, "boolean": False, "list": [], "record": {}}
"""What stands for nothing in an output of each kind."""

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
    """The value that text means for an output of this kind. ValueError with a sentence where it means none."""
    if kind == "text":
        return text
    if kind == "any" and _is_plain(text):
        return text
    try:
        value: Json = json.loads(text, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        raise ValueError(f"Line {error.lineno}, character {error.colno}: {_said(error)}") from None
    except RecursionError:
        raise ValueError("This is nested too deeply.") from None
    if not fits(kind, value):
        example = f" For example: {EXAMPLES[kind]}" if kind in EXAMPLES else ""
        raise ValueError(f"This is {word_of(value)}; {WORDS.get(kind, kind)} is needed.{example}")
    if isinstance(value, float) and not isfinite(value):
        raise ValueError("This number is too large.")
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
            return "nothing"
        case bool():
            return WORDS["boolean"]
        case int() | float():
            return WORDS["number"]
        case str():
            return WORDS["text"]
        case list():
            return WORDS["list"]
        case _:
            return WORDS["record"]


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
    raise ValueError(f"`{name}` is no number that can be kept.")


def _said(error: json.JSONDecodeError) -> str:
    match error.msg:
        case "Expecting value":
            return "a value is missing here. Text needs quotes."
        case "Extra data":
            return "here is more than one value."
        case "Expecting property name enclosed in double quotes":
            return "a name in double quotes is missing here."
        case "Expecting ',' delimiter":
            return "a comma or a closing bracket is missing here."
        case "Expecting ':' delimiter":
            return "a colon is missing here."
        case "Illegal trailing comma before end of object" | "Illegal trailing comma before end of array":
            return "this comma is one too many."
        case "Unterminated string starting at":
            return "this text has no closing quote."
        case _:
            return f"{error.msg[:1].lower()}{error.msg[1:]}."
