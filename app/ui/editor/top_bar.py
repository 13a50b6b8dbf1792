"""The bar above the canvas: the flow's name, undo and redo, and Run."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from nicegui import ui

from app.language import spoken, tr
from app.ui.commands.button import command_button
from app.ui.commands.here import with_key
from flows.edits import Describe

if TYPE_CHECKING:
    from app.ui.editor.editor import Editor


class TopBar:
    """The flow's name and the buttons for the whole flow."""

    def __init__(self, editor: Editor) -> None:
        self._editor = editor
        with ui.element("header").classes("weft-topbar"):
            ui.button(icon="sym_r_arrow_back", on_click=lambda: ui.navigate.to("/")).classes("weft-icon-button").props(
                f'flat aria-label="{tr("To your flows")}"'
            ).tooltip(tr("To your flows"))
            self._name = ui.input(value=editor.opened.flow.name).classes("weft-topbar-title")
            self._name.props(f'dense borderless maxlength=200 aria-label="{tr("Name of the flow")}"')
            self._name.on("blur", self._rename).on("keydown.enter", js_handler="event => event.target.blur()")
            self._saved = ui.label(tr("Saved")).classes("weft-faint weft-small weft-saved").props("role=status")
            self._saved.tooltip(tr("Every change is saved as you make it."))
            self.since = ui.element("div").classes("weft-row")
            with ui.element("div").classes("weft-topbar-actions weft-push"):
                self.company = ui.element("div").classes("weft-company")
                self.company.props(f'role=group aria-label="{tr("Other windows")}"')
                self._undo, self._undo_tip = _button("undo", tr("Undo"), editor.undo)
                self._redo, self._redo_tip = _button("redo", tr("Redo"), editor.redo)
                command_button("history", tr("History"), tr("History: versions and what has changed"), "history")
                command_button("forum", tr("Comments"), tr("Comments on steps"), "comments")
                # The page of keys is another thing, and German calls it so.
                keys = tr("Keys{apart}", apart="")
                command_button("keyboard", keys, keys, "help")
                command_button("download", tr("Export as a file"), tr("Export as a file"), "export")
                self.run_buttons = ui.element("div").classes("weft-row")

    def refresh(self) -> None:
        """Show the flow's name and what Undo and Redo would do."""
        opened = self._editor.opened
        if self._name.value != opened.flow.name:
            self._name.value = opened.flow.name
        self._undo.set_enabled(bool(opened.undoes))
        self._redo.set_enabled(bool(opened.redoes))
        undoes, redoes = spoken(opened.undoes, edit=True), spoken(opened.redoes, edit=True)
        elsewhere = opened.undone_by not in ("", self._editor.window)
        undo = tr("Undo in another window: {edit}", edit=undoes) if elsewhere else tr("Undo: {edit}", edit=undoes)
        redo = tr("Redo: {edit}", edit=redoes)
        self._undo_tip.set_text(with_key(undo, "undo") if undoes else tr("Nothing to undo"))
        self._redo_tip.set_text(with_key(redo, "redo") if redoes else tr("Nothing to redo"))

    def saves(self) -> None:
        """Say that an edit is still on its way to the disk."""
        self._saved.set_text(tr("Saving…"))

    def saved(self) -> None:
        """Say that everything is on the disk."""
        self._saved.set_text(tr("Saved"))

    def not_saved(self) -> None:
        """Say that the last edit is not on the disk."""
        self._saved.set_text(tr("Not saved"))

    def history(self) -> None:
        """Go to the versions of the flow."""
        ui.navigate.to(f"/flow/{self._editor.opened.flow.id}/versions")

    async def finish(self) -> None:
        """Return once the name that was typed is the flow's."""
        await self._rename()

    async def _rename(self) -> None:
        name = (self._name.value or "").strip()
        if not name:
            self._name.value = self._editor.opened.flow.name
        elif name != self._editor.opened.flow.name:
            await self._editor.edit(Describe(name=name))

    async def export(self) -> None:
        """Give the flow away as a file."""
        name, text = await self._editor.studio.shelf.give_away(self._editor.opened.flow.id)
        ui.download.content(text, name, "application/yaml")


def _button(name: str, label: str, pressed: Callable[[], Awaitable[None]]) -> tuple[ui.button, ui.tooltip]:
    button = ui.button(icon=f"sym_r_{name}", on_click=pressed).classes("weft-icon-button")
    button.props(f'flat aria-label="{label}"')
    with button:
        tip = ui.tooltip("")
    return button, tip
