"""Values as a person reads them, never more of them than was asked for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape
from typing import Any

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


def table_of(rows: Sequence[dict[str, Any]], columns: int, most: int) -> str:
    """The inside of an HTML table: the first so many fields of all records, each on a line of at most `most`."""
    names = list(dict.fromkeys(key for row in rows for key in row))[:columns]
    heads = "".join(f'<th scope="col">{escape(name)}</th>' for name in names)
    lines = ("".join(f"<td>{escape(line_of(row.get(name), most))}</td>" for name in names) for row in rows)
    return f"<thead><tr>{heads}</tr></thead><tbody>{''.join(f'<tr>{line}</tr>' for line in lines)}</tbody>"
