"""Changes of notes and frames in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from flows.diff import Change

SHAPES = ("notes", "frames")
"""The first part of the field of a change that is about one of them."""

SHORT = 40


def shape_line(change: Change, name: Callable[[str], str]) -> str:
    """What has become of a note or a frame; `name` says how a step is called."""
    kind, _, *rest = change.field
    if change.sort in ("added", "removed"):
        words = first_words(str(change.new if change.sort == "added" else change.old))
        return _came(kind, words) if change.sort == "added" else _went(kind, words)
    match kind, rest:
        case "notes", ["text"]:
            old, new = first_words(str(change.old)), first_words(str(change.new))
            return (
                f"Note “{old}” → “{new}”" if old != new and old and new else f"Text of the note “{new or old}” changed"
            )
        case "notes", _:
            return f"Colour of a note {change.old} → {change.new}"
        case _, ["title"]:
            return f"Frame “{change.old}” → “{change.new}”"
        case _, ["color"]:
            return f"Colour of a frame {change.old} → {change.new}"
        case _, ["collapsed"]:
            return "A frame collapsed" if change.new else "A frame expanded"
        case _:
            return _steps(change, name)


def first_words(text: str) -> str:
    """The first line of a note that says something, without the signs of Markdown."""
    lines = (re.sub(r"[*_`]", "", line.strip().lstrip("#>*-0123456789. ")).strip() for line in text.splitlines())
    line = next((line for line in lines if line), "")
    return line if len(line) <= SHORT else f"{line[: SHORT - 1]}…"


def _steps(change: Change, name: Callable[[str], str]) -> str:
    old, new = _paths(change.old), _paths(change.new)
    came, went = ([name(path) for path in a if path not in b] for a, b in ((new, old), (old, new)))
    if came and went:
        return f"{_list(came)} put into a frame and {_list(went)} taken out of a frame"
    return f"{_list(came)} put into a frame" if came else f"{_list(went)} taken out of a frame" if went else ""


def _came(kind: str, words: str) -> str:
    if kind == "notes":
        return f"New note “{words}”" if words else "New note"
    return f"New frame “{words}”" if words else "New frame"


def _went(kind: str, words: str) -> str:
    if kind == "notes":
        return f"Note “{words}” removed" if words else "Note removed"
    return f"Frame “{words}” removed" if words else "Frame removed"


def _paths(value: object) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else []


def _list(names: Iterable[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)
