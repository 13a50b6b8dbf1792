"""What can be done on every page: the palette, the list of keys, and the ways to the other pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from nicegui import ui

from app.studio import Studio
from app.ui.commands.here import Here
from app.ui.commands.keyboard import Keyboard
from app.ui.commands.palette import CommandPalette
from app.ui.tour.starting import begin_tour

APPEARANCE = "appearance"

PAGES = {"go.flows": "/", "go.inbox": "/inbox", "go.runs": "/runs", "go.keys": "/keys", "go.storage": "/storage"}


def everywhere(studio: Studio, window: Here, look: Callable[[str], Awaitable[None]]) -> None:
    """Offer it in this window; `look` turns to light, dark or auto, and to the next of them where none is named."""
    CommandPalette(studio, window)
    window.puts[APPEARANCE] = look
    keyboard = Keyboard(window)
    making = False

    async def new() -> None:
        nonlocal making
        if not making:
            making = True
            try:
                ui.navigate.to(f"/flow/{(await studio.shelf.new()).id}")
            finally:
                making = False

    window.offer(
        {
            "palette": lambda: None,
            "help": keyboard.show,
            "flow.new": new,
            "tour": partial(begin_tour, studio),
            "look": partial(look, ""),
            **{id: partial(ui.navigate.to, path) for id, path in PAGES.items()},
        }
    )
