"""The bar above the canvas: the flow's name, undo and redo, and Run."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from nicegui import ui

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
                'flat aria-label="To your flows"'
            ).tooltip("To your flows")
            self._name = ui.input(value=editor.opened.flow.name).classes("weft-topbar-title")
            self._name.props('dense borderless maxlength=200 aria-label="Name of the flow"')
            self._name.on("blur", self._rename).on("keydown.enter", js_handler="event => event.target.blur()")
            self._saved = ui.label("Saved").classes("weft-faint weft-small weft-saved").props("role=status")
            self._saved.tooltip("Every change is saved as you make it.")
            self.since = ui.element("div").classes("weft-row")
            with ui.element("div").classes("weft-topbar-actions weft-push"):
                self.company = ui.element("div").classes("weft-company").props('role=group aria-label="Other windows"')
                self._undo, self._undo_tip = _button("undo", editor.undo)
                self._redo, self._redo_tip = _button("redo", editor.redo)
                command_button("history", "History", "History: versions and what has changed", "history")
                command_button("forum", "Comments", "Comments on steps", "comments")
                command_button("keyboard", "Keys", "Keys", "help")
                command_button("download", "Export as a file", "Export as a file", "export")
                self.run_buttons = ui.element("div").classes("weft-row")

    def refresh(self) -> None:
        """Show the flow's name and what Undo and Redo would do."""
        opened = self._editor.opened
        if self._name.value != opened.flow.name:
            self._name.value = opened.flow.name
        self._undo.set_enabled(bool(opened.undoes))
        self._redo.set_enabled(bool(opened.redoes))
        elsewhere = " in another window" if opened.undone_by not in ("", self._editor.window) else ""
        undoes = with_key(f"Undo{elsewhere}: {opened.undoes}", "undo")
        self._undo_tip.set_text(undoes if opened.undoes else "Nothing to undo")
        self._redo_tip.set_text(with_key(f"Redo: {opened.redoes}", "redo") if opened.redoes else "Nothing to redo")

    def saves(self) -> None:
        """Say that an edit is still on its way to the disk."""
        self._saved.set_text("Saving…")

    def saved(self) -> None:
        """Say that everything is on the disk."""
        self._saved.set_text("Saved")

    def not_saved(self) -> None:
        """Say that the last edit is not on the disk."""
        self._saved.set_text("Not saved")

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


def _button(name: str, pressed: Callable[[], Awaitable[None]]) -> tuple[ui.button, ui.tooltip]:
    button = ui.button(icon=f"sym_r_{name}", on_click=pressed).classes("weft-icon-button")
    button.props(f'flat aria-label="{name.capitalize()}"')
    with button:
        tip = ui.tooltip("")
    return button, tip
