"""Keep a version: a question for its name and a note, both of which may be left out."""

from __future__ import annotations

from nicegui import ui

from app.desk.history import Entry, History
from app.store.versions import Kept
from app.studio import Studio
from app.ui.dialogs import dialog, said
from flows.model import Flow


def history_of(studio: Studio) -> History:
    """The versions of all flows of a studio."""
    return History(studio.database, studio.catalog)


async def keep_version(studio: Studio, flow: Flow) -> Kept | None:
    """Ask for a name and keep the flow as it is now; None where the person thought better of it."""
    with dialog() as asked:
        ui.label("Keep this version").classes("weft-dialog-title")
        ui.label("Every change is saved as you make it. A version you keep is one you can always go back to.").classes(
            "weft-muted"
        )
        with ui.element("form").classes("weft-form").on("submit.prevent", lambda: asked.submit(True)):
            with ui.element("div").classes("weft-field"):
                ui.label("Name").classes("weft-label")
                name = ui.input().props('dense outlined autofocus maxlength=200 aria-label="Name"')
            with ui.element("div").classes("weft-field"):
                ui.label("Note").classes("weft-label")
                note = ui.textarea().props('dense outlined autogrow maxlength=2000 aria-label="Note"')
            with ui.element("div").classes("weft-field"):
                publish = ui.switch("Publish it").props("dense")
                about = "weft run --published runs this version, whatever becomes of the draft."
                ui.label(about).classes("weft-muted weft-small")
            with ui.element("div").classes("weft-dialog-actions"):
                ui.button("Cancel", on_click=lambda: asked.submit(False)).classes("weft-button").props("type=button")
                ui.button("Keep").classes("weft-button weft-primary").props("type=submit")
    if not await asked:
        return None
    kept = None
    with said():
        history = history_of(studio)
        kept = await history.keep(flow, (name.value or "").strip(), (note.value or "").strip())
        if publish.value:
            await history.publish(flow.id, Entry(kept.hash, kept.at, kept, None))
        called = f" as “{kept.name}”" if kept.name else ""
        since = f" {changes(kept.changes)} since the one before." if kept.changes is not None else ""
        ui.notify(f"This version is {'published' if publish.value else 'kept'}{called}.{since}", type="positive")
    return kept


def changes(count: int) -> str:
    """How many changes: `no changes`, `1 change`, `5 changes`."""
    return f"{count or 'No'} change{'' if count == 1 else 's'}"
