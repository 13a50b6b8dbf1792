"""Values as a person reads them, never more of them than was asked for."""

from __future__ import annotations

import json
from collections.abc import Iterator

from pydantic import JsonValue as Json


def line_of(value: Json, most: int) -> str:
    """The value on one line of at most so many characters."""
    if value is None:
        return ""
    text, whole = start_of(value, most)
    line = " ".join(text.split())
    return line if whole and len(line) <= most else f"{line[: most - 1]}…"


def start_of(value: Json, most: int, *, indent: int | None = None) -> tuple[str, bool]:
    """The first so many characters of a value as text, and whether that is all of it."""
    if isinstance(value, str):
        return value[:most], len(value) <= most
    pieces: list[str] = []
    length = 0
    # Piece by piece: of a value of many megabytes only the beginning is ever written.
    for piece in _pieces(value, most, "" if indent is None else " " * indent, "\n"):
        pieces.append(piece)
        length += len(piece)
        if length > most:
            return "".join(pieces)[:most], False
    return "".join(pieces), True


def _pieces(value: Json, most: int, indent: str, line: str) -> Iterator[str]:
    """A value as JSON in pieces, none of them much longer than `most`: of a very long text only the beginning."""
    is_list = isinstance(value, list)
    if not isinstance(value, dict | list):
        yield json.dumps(value[: most + 1] if isinstance(value, str) else value, ensure_ascii=False)
    elif not value:
        yield "[]" if is_list else "{}"
    else:
        inner, between = (f"{line}{indent}", f",{line}{indent}") if indent else ("", ", ")
        yield "[" if is_list else "{"
        start = inner
        for key in range(len(value)) if isinstance(value, list) else value:
            yield start if is_list else f"{start}{json.dumps(str(key)[: most + 1], ensure_ascii=False)}: "
            yield from _pieces(value[key], most, indent, inner)  # type: ignore[index]  # its own keys
            start = between
        if indent:
            yield line
        yield "]" if is_list else "}"
