"""What a step was given, short enough to keep beside what happened to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from pydantic import JsonValue as Json

from app.engine.writing import as_json

SHOWN = 4000
"""Characters of a setting or input that are kept beside a step's start."""


def shown(given: Mapping[str, Any], most: int = SHOWN) -> dict[str, Json]:
    """The values by name; long ones are cut and say so, and what is not JSON is left out."""
    found: dict[str, Json] = {}
    for name, value in given.items():
        try:
            text = value if isinstance(value, str) else orjson.dumps(value, default=as_json).decode()
        except TypeError:
            continue
        found[name] = value if len(text) <= most else f"{text[:most]}… ({len(text):,} characters)"
    return found
