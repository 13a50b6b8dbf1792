"""Pictures among the values of a run."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from pydantic import JsonValue as Json

SHOWN = ("image/png", "image/jpeg")
"""Kinds of pictures that a window shows."""


def address_of(value: Json) -> str:
    """Where a kept picture is found, as `sha256/name`; empty for anything else."""
    match value:
        case {"sha256": str(sha), "name": str(name), "media_type": str(media)} if media in SHOWN:
            return f"{sha}/{quote(name)}"
        case _:
            return ""


def picture_in(outputs: Mapping[str, Json]) -> str:
    """The first picture among the outputs of a step, or in a list of them."""
    for value in outputs.values():
        first = value[0] if isinstance(value, list) and value else value
        if isinstance(first, dict) and (found := address_of(first)):
            return found
    return ""
