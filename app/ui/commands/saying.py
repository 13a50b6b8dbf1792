"""Keys as people read them: `ctrl+shift+enter` is `Ctrl+Shift+Enter`."""

from __future__ import annotations

from collections.abc import Sequence

from app.ui.commands.table import Command

NAMES = {
    "arrowup": "↑",
    "arrowdown": "↓",
    "arrowleft": "←",
    "arrowright": "→",
    "escape": "Esc",
    "pageup": "Page up",
    "pagedown": "Page down",
}


def written(chord: str) -> str:
    """One combination of keys."""
    # The last one may itself be a plus.
    head, last = (chord[:-2], "+") if chord.endswith("++") else chord.rpartition("+")[::2]
    if chord == "+":
        head, last = "", "+"
    parts = [*head.split("+"), last] if head else [last]
    return "+".join(NAMES.get(part, part.capitalize()) for part in parts)


def listed(keys: Sequence[str]) -> str:
    """Several combinations: `N, Tab or /`."""
    names = [written(key) for key in keys]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}" if names else ""


def keys_of(command: Command) -> str:
    """The keys of a command, as the table has them."""
    return command.shown or listed(command.keys)
