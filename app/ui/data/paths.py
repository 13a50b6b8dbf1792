"""Where in a value something is, and the expression that reads it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from pydantic import JsonValue as Json

Part = str | int
Path = tuple[Part, ...]

NAME = re.compile(r"(?!__)[A-Za-z_][A-Za-z0-9_]*")


def suffix(path: Iterable[Part]) -> str:
    """What an expression adds to read what is at this path: `[0].price`, `["two words"]`."""
    return "".join(map(_part, path))


def expression(root: str, path: Iterable[Part] = ()) -> str:
    """The expression for a setting that reads what is at this path: `{{ shelf.rows[0].price }}`."""
    return f"{{{{ {root}{suffix(path)} }}}}"


def dig(value: Json, path: Iterable[Part]) -> Json:
    """What is at this path. KeyError or IndexError where nothing is."""
    for part in path:
        match value:
            case dict() if isinstance(part, str):
                value = value[part]
            case list() if isinstance(part, int):
                value = value[part]
            case _:
                raise KeyError(part)
    return value


def _part(part: Part) -> str:
    if isinstance(part, int):
        return f"[{part}]"
    return f".{part}" if NAME.fullmatch(part) else f"[{json.dumps(part, ensure_ascii=False)}]"
