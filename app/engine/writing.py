"""Values as JSON: what steps give is written exactly or refused in words, what they say is written whatever it is."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import orjson
from pydantic import JsonValue as Json

MOST = 100_000_000
"""Bytes of JSON that a step may give."""

DEEPEST = 100
"""Levels to which something that is not plain JSON is written down."""


def canonical(outputs: Mapping[str, Any]) -> tuple[dict[str, Json], bytes]:
    """Outputs as JSON will give them back, and that JSON. ValueError with a sentence where they are not JSON values."""
    try:
        body = orjson.dumps(outputs, option=orjson.OPT_PASSTHROUGH_DATACLASS, default=as_json)
    except TypeError as error:
        if "surrogate" in str(error):
            return canonical(_each_text(outputs, whole_letters))
        raise ValueError(_why(error)) from None
    if len(body) > MOST:
        raise ValueError(f"it is larger than {MOST // 1_000_000} MB; write it to a file instead")
    # NaN and the infinities are written as null. Where there is no null, there was none of them.
    if b"null" in body and (where := _not_finite(outputs)):
        raise ValueError(f"`{where}` is not a number that can be written down (NaN or infinite)")
    return orjson.loads(body), body


def written(body: Mapping[str, Any]) -> bytes:
    """What is said of a run as JSON; what is not JSON is said in words."""
    try:
        return orjson.dumps(body, default=as_json)
    except TypeError:
        return orjson.dumps(_plainly(body, 0))


def as_json(value: Any) -> Json:
    """A value that JSON does not know as one that it does. TypeError where there is none."""
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json")  # type: ignore[no-any-return]  # any pydantic value
    if isinstance(value, set | frozenset):
        return sorted(value, key=str)
    raise TypeError


def whole_letters(text: str) -> str:
    """The text with halves of letters, which no file can hold, replaced by `�`."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def in_words(value: object) -> str:
    """A value as text, also where it refuses to say what it is."""
    try:
        return str(value)
    except Exception:  # noqa: BLE001  a stranger's class may do anything here
        return f"a {type(value).__name__}"


def _why(error: TypeError) -> str:
    said = str(error)
    if said.startswith("Type is not JSON serializable"):
        kind = said.rpartition(": ")[2]
        return f"a value of the type `{kind}` cannot travel on a wire; give text, numbers, lists, records or files"
    if "Recursion limit" in said:
        return "it is nested too deeply, or contains itself"
    if "64-bit" in said:
        return "a whole number in it is too large (more than 64 bits); give it as text"
    if "key" in said:
        return "the names of the fields of a record have to be text"
    return said


def _not_finite(value: Any, where: str = "") -> str:
    """The place of the first number that is none, or nothing."""
    if isinstance(value, float):
        return "" if math.isfinite(value) else where
    if isinstance(value, Mapping):
        parts = ((f"{where}.{name}" if where else str(name), each) for name, each in value.items())
    elif isinstance(value, list | tuple | set | frozenset):
        parts = ((f"{where}[{index}]", each) for index, each in enumerate(value))
    else:
        return ""
    return next((found for name, each in parts if (found := _not_finite(each, name))), "")


def _each_text(value: Any, change: Callable[[str], str]) -> Any:
    match value:
        case str():
            return change(value)
        case Mapping():
            return {change(key) if isinstance(key, str) else key: _each_text(value[key], change) for key in value}
        case list() | tuple():
            return [_each_text(each, change) for each in value]
    return value


def _plainly(value: Any, depth: int) -> Json:
    if depth > DEEPEST:
        return "…"
    match value:
        case None | bool() | float():
            return value
        case str():
            return whole_letters(value)
        case int():
            return value if -(2**63) <= value < 2**64 else hex(value)
        case Mapping():
            return {whole_letters(in_words(key)): _plainly(each, depth + 1) for key, each in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_plainly(each, depth + 1) for each in value]
    try:
        return _plainly(as_json(value), depth + 1)
    except Exception:  # noqa: BLE001  a stranger's class may do anything here
        return whole_letters(in_words(value))
