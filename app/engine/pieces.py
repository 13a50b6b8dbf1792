"""Large JSON read piece by piece, so that a thread that reads it lets the other threads go on in between."""

from __future__ import annotations

from json.decoder import JSONDecoder
from typing import Any

import orjson

LARGE = 1_000_000
"""Bytes from which on something is read in pieces: about 10 ms are needed for them at once."""

SMALL = 50_000
"""Characters that are read at once without a doubt."""

FEW = 32
"""Entries of a record that are each looked into; of more than that, and all small so far, none is large."""

_SPACE = " \t\r\n"
_at_once = JSONDecoder().raw_decode


def loads(body: bytes) -> Any:
    """What `orjson.loads` gives. That holds every thread of the process until it is done; this a millisecond at a time.

    It takes twice as long, so it is for large values, and for a thread beside the loop.
    """
    return orjson.loads(body) if len(body) < LARGE else _value(body.decode(), 0)[0]


def _value(text: str, at: int) -> tuple[Any, int]:
    """The value that begins here, and where it ends."""
    at = _after_space(text, at)
    if text[at] == "[":
        return _list(text, at + 1)
    if text[at] == "{":
        return _record(text, at + 1)
    return _at_once(text, at)


def _list(text: str, at: int) -> tuple[list[Any], int]:
    found: list[Any] = []
    small = False
    at = _after_space(text, at)
    while text[at] != "]":
        # What is in a list is of one kind, as a rule: where one was small, the next one is.
        value, end = _at_once(text, at) if small else _value(text, at)
        found.append(value)
        small, at = end - at < SMALL, _after_comma(text, end)
    return found, at + 1


def _record(text: str, at: int) -> tuple[dict[str, Any], int]:
    found: dict[str, Any] = {}
    small = True
    at = _after_space(text, at)
    while text[at] != "}":
        name, at = _at_once(text, at)
        at = _after_space(text, at) + 1  # The colon.
        at = _after_space(text, at)
        value, end = _at_once(text, at) if small and len(found) >= FEW else _value(text, at)
        found[name] = value
        small, at = end - at < SMALL, _after_comma(text, end)
    return found, at + 1


def _after_comma(text: str, at: int) -> int:
    at = _after_space(text, at)
    return _after_space(text, at + 1) if text[at] == "," else at


def _after_space(text: str, at: int) -> int:
    while text[at] in _SPACE:
        at += 1
    return at
