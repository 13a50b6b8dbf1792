"""What sort of thing a value is, and which views fit it."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any
from urllib.parse import quote

from pydantic import JsonValue as Json

from app.language import msg, trn

PICTURES = ("image/png", "image/jpeg")
"""Media types that are shown; whatever else a flow has made could hold a program."""

LONG = 400
"""Characters up to which a text is shown at once, where it has few lines."""

VIEWS = {
    "table": (msg("Table"), "table_rows"),
    "tree": (msg("JSON"), "data_object"),
    "text": (msg("Text"), "notes"),
    "pictures": (msg("Pictures"), "image"),
    "schema": (msg("Schema"), "schema"),
}
"""Every view with its words and its icon."""


def kind_of(value: Json) -> str:
    """`text`, `number`, `boolean`, `nothing`, `list`, `record` or `file`."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "text"
        case list():
            return "list"
        case _:
            return "file" if is_file(value) else "record"


def views_for(value: Json) -> tuple[str, ...]:
    """The views that fit a value, the best one first; none where it is shown as it is."""
    match value:
        case str():
            return ("text",) if len(value) > LONG or value.count("\n") > 8 else ()
        case dict():
            if is_picture(value):
                return ("pictures", "tree")
            return ("tree", "schema") if value else ()
        case [first, *_]:
            if is_picture(first):
                return ("pictures", "table", "tree", "schema")
            return ("table", "tree", "schema") if isinstance(first, dict | list) else ("tree", "table", "schema")
        case _:
            return ()


def is_file(value: Json) -> bool:
    """True for a reference to bytes that a run has kept."""
    match value:
        case {"sha256": str(), "name": str(), "size": int(), "media_type": str()}:
            return True
        case _:
            return False


def is_picture(value: Json) -> bool:
    """True for a kept picture."""
    return is_file(value) and isinstance(value, dict) and value["media_type"] in PICTURES


def address(file: Mapping[str, Any]) -> str:
    """Where the browser finds a kept file."""
    return f"/kept/{file['sha256']}/{quote(str(file['name']), safe='')}"


def picture_in(outputs: Mapping[str, Json]) -> Mapping[str, Any] | None:
    """The first picture among what a step gave, for a thumbnail; looked for at the top and in short lists only."""
    for value in outputs.values():
        for each in islice(value, 3) if isinstance(value, list) else (value,):
            if isinstance(each, dict) and is_picture(each):
                return each
    return None


def size_words(value: Json) -> str:
    """How much is in a list or a record, in words; empty for anything else."""
    match value:
        case list():
            return trn("{n} item", "{n} items", len(value))
        case dict():
            return trn("{n} field", "{n} fields", len(value))
        case _:
            return ""
