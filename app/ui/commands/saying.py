"""Keys as people read them: `ctrl+shift+enter` is `Ctrl+Shift+Enter`."""

from __future__ import annotations

from collections.abc import Sequence

from app.language import msg, tr
from app.ui.commands.table import Command

NAMES = {
    "arrowup": "↑",
    "arrowdown": "↓",
    "arrowleft": "←",
    "arrowright": "→",
    "escape": "Esc",
    "pageup": msg("Page up"),
    "pagedown": msg("Page down"),
    "ctrl": msg("Ctrl"),
    "shift": msg("Shift"),
    "enter": msg("Enter"),
    "space": msg("Space"),
    "delete": msg("Delete{key}"),
    "backspace": msg("Backspace"),
    "home": msg("Home"),
}


def written(chord: str) -> str:
    """One combination of keys."""
    # The last one may itself be a plus.
    head, last = (chord[:-2], "+") if chord.endswith("++") else chord.rpartition("+")[::2]
    if chord == "+":
        head, last = "", "+"
    parts = [*head.split("+"), last] if head else [last]
    return "+".join(_called(part) for part in parts)


def _called(part: str) -> str:
    # “Delete” is a button too, and its key is called otherwise in German.
    return tr(NAMES[part], key="") if part in NAMES else part.capitalize()


def listed(keys: Sequence[str]) -> str:
    """Several combinations: `N, Tab or /`."""
    names = [written(key) for key in keys]
    if len(names) < 2:
        return "".join(names)
    return tr("{names} or {last}", names=", ".join(names[:-1]), last=names[-1])


def keys_of(command: Command) -> str:
    """The keys of a command, as the table has them."""
    return command.shown or listed(command.keys)
