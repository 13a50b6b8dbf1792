"""The Keys page: language models, other keys, where they are kept, and what all flows may use in a day."""

from __future__ import annotations

from nicegui import ui

from app.language import tr
from app.secrets import State
from app.studio import Studio
from app.ui.dialogs import said
from app.ui.keys.caps import DayCaps
from app.ui.keys.connections import ConnectionList
from app.ui.keys.named import NamedKeys
from app.ui.keys.uses import uses_of
from app.ui.keys.where import Where


async def keys_page(studio: Studio) -> None:
    """Show the keys."""
    with ui.element("div").classes("weft-page weft-page-keys"):
        with ui.element("header").classes("weft-page-head"), ui.element("div"):
            ui.label(tr("Keys")).classes("weft-title").props("role=heading aria-level=1")
            ui.label(tr("What you enter here is used by steps and never shown again.")).classes("weft-subtitle")
        place = ui.element("div").classes("weft-stack").props("data-place=where-kept tabindex=-1")
        connections = ConnectionList(studio, lambda: where.refresh())
        keys = NamedKeys(studio, lambda: where.refresh())
        caps = DayCaps(studio)

    async def changed(_state: State) -> None:
        await connections.refresh()
        await keys.refresh()

    with place:
        where = Where(studio.secrets, changed)

    async def look() -> None:
        """The password store may take its time, and every flow is looked through: after the page is there."""
        with said():
            uses = await uses_of(studio)
            connections.show_uses(uses)
            keys.show_uses(uses)
        await where.refresh()

    await connections.refresh()
    await keys.refresh()
    await caps.refresh()
    ui.timer(0, look, once=True)
