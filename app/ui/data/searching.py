"""Finding a word inside a value. Run it beside the loop: of a large value it takes a while."""

from __future__ import annotations

import re
from collections.abc import Callable

from pydantic import JsonValue as Json

from app.ui.data.paths import Path

MOST = 5_000
"""Places that are found; who has more looks for a longer word."""

PIECE = 200_000
"""Characters that are searched at a time: nothing else runs meanwhile."""


def places(value: Json, word: str, stopped: Callable[[], bool] = lambda: False) -> list[Path]:
    """Where the word is in a value, in its order: by paths; in a text by the numbers of characters."""
    if not word:
        return []
    if isinstance(value, str):
        return _in_text(value, word, stopped)
    found: list[Path] = []
    wanted = word.casefold()
    stack: list[tuple[Path, Json]] = [((), value)]
    looked = 0
    while stack and len(found) < MOST:
        looked += 1
        if looked % 512 == 0 and stopped():
            return []
        path, here = stack.pop()
        is_named = bool(path) and isinstance(path[-1], str) and wanted in path[-1].casefold()
        match here:
            case dict():
                stack.extend(((*path, key), each) for key, each in reversed(here.items()))
            case list():
                stack.extend(((*path, index), here[index]) for index in range(len(here) - 1, -1, -1))
        if is_named or (path and not isinstance(here, dict | list) and _holds(here, wanted)):
            found.append(path)
    return found


def _holds(value: Json, wanted: str) -> bool:
    match value:
        case None:
            return False
        case bool():
            return wanted == str(value).casefold()
        case str():
            return wanted in value.casefold()
        case _:
            return wanted in str(value)


def _in_text(text: str, word: str, stopped: Callable[[], bool]) -> list[Path]:
    pattern = re.compile(re.escape(word), re.IGNORECASE)
    found: list[Path] = []
    start = 0
    while start < len(text) and len(found) < MOST and not stopped():
        end = start + PIECE
        for match in pattern.finditer(text, start, min(len(text), end + len(word) - 1)):
            found.append((match.start(),))
        start = max(end, found[-1][0] + len(word)) if found else end  # type: ignore[operator]  # a number
    return found[:MOST]
