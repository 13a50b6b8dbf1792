"""The editor page: one flow, its palette, its canvas, and everything about the chosen step."""

from __future__ import annotations

import asyncio

from nicegui import ui

from app.language import spoken, tr
from app.store.refusal import FlowMissing
from app.studio import Studio
from app.ui.editor.editor import Editor


async def editor_page(studio: Studio, flow_id: str) -> None:
    """Show the flow with this id, or say that it is not there."""
    try:
        opened = await studio.shelf.open(flow_id)
    except FlowMissing as missing:
        _not_there(missing.message, missing.hint)
        return
    editor = Editor(studio, opened)
    editor.build()
    await asyncio.sleep(0)  # Other windows have their turn between the two.
    await editor.show()


def _not_there(message: str, hint: str) -> None:
    with ui.element("div").classes("weft-empty"):
        ui.icon("sym_r_search_off").classes("weft-empty-icon")
        ui.label(spoken(message)).classes("weft-empty-title")
        ui.label(spoken(hint)).classes("weft-empty-text")
        with ui.element("div").classes("weft-empty-actions"):
            ui.button(tr("To your flows"), on_click=lambda: ui.navigate.to("/")).classes("weft-button")
