"""Keep a version: a question for its name and a note, both of which may be left out."""

from __future__ import annotations

from nicegui import ui

from app.desk.history import Entry, History
from app.language import tr, trn
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
        ui.label(tr("Keep this version")).classes("weft-dialog-title")
        about = tr("Every change is saved as you make it. A version you keep is one you can always go back to.")
        ui.label(about).classes("weft-muted")
        with ui.element("form").classes("weft-form").on("submit.prevent", lambda: asked.submit(True)):
            with ui.element("div").classes("weft-field"):
                ui.label(tr("Name")).classes("weft-label")
                name = ui.input().props(f'dense outlined autofocus maxlength=200 aria-label="{tr("Name")}"')
            with ui.element("div").classes("weft-field"):
                ui.label(tr("Note")).classes("weft-label")
                note = ui.textarea().props(f'dense outlined autogrow maxlength=2000 aria-label="{tr("Note")}"')
            with ui.element("div").classes("weft-field"):
                publish = ui.switch(tr("Publish it")).props("dense")
                about = tr("weft run --published runs this version, whatever becomes of the draft.")
                ui.label(about).classes("weft-muted weft-small")
            with ui.element("div").classes("weft-dialog-actions"):
                cancel = ui.button(tr("Cancel"), on_click=lambda: asked.submit(False))
                cancel.classes("weft-button").props("type=button")
                ui.button(tr("Keep")).classes("weft-button weft-primary").props("type=submit")
    if not await asked:
        return None
    kept = None
    with said():
        history = history_of(studio)
        kept = await history.keep(flow, (name.value or "").strip(), (note.value or "").strip())
        if publish.value:
            await history.publish(flow.id, Entry(kept.hash, kept.at, kept, None))
        since = since_before(kept.changes) if kept.changes is not None else ""
        done = kept_as(kept.name, published=bool(publish.value))
        ui.notify(" ".join(filter(None, (done, since))), type="positive")
    return kept


def kept_as(name: str, *, published: bool) -> str:
    """That a version is kept, in a sentence."""
    if published:
        return tr("This version is published as “{name}”.", name=name) if name else tr("This version is published.")
    return tr("This version is kept as “{name}”.", name=name) if name else tr("This version is kept.")


def since_before(count: int) -> str:
    """How many changes there are since the version before, in a sentence."""
    if not count:
        return tr("No changes since the one before.")
    return trn("{n} change since the one before.", "{n} changes since the one before.", count)


def changes(count: int) -> str:
    """How many changes: `no changes`, `1 change`, `5 changes`."""
    return trn("{n} change", "{n} changes", count) if count else tr("no changes")
