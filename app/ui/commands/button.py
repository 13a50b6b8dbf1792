"""A button for a command of the window: it says the command's key, and does what the key does."""

from __future__ import annotations

from functools import partial

from nicegui import ui

from app.ui.commands.here import here, key_tip


def command_button(icon: str, label: str, about: str, id: str) -> ui.button:
    """A small button with a sign."""
    button = ui.button(icon=f"sym_r_{icon}", on_click=partial(press, id)).classes("weft-icon-button")
    button.props(f'flat aria-label="{label}"')
    key_tip(button, about, id)
    return button


async def press(id: str) -> None:
    """Do a command of the window, as its key would."""
    if (window := here()) is not None:
        await window.press(id)
