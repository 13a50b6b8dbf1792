"""Values as a person reads them, never more of them than was asked for."""

from __future__ import annotations

import json

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
    for piece in json.JSONEncoder(ensure_ascii=False, indent=indent).iterencode(value):
        pieces.append(piece)
        length += len(piece)
        if length > most:
            return "".join(pieces)[:most], False
    return "".join(pieces), True
