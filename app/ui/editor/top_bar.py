"""The bar above the canvas: the flow's name, undo and redo, and Run."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from nicegui import ui

from flows.edits import Describe

if TYPE_CHECKING:
    from app.ui.editor.editor import Editor

KEYS = (
    ("Ctrl+Enter", "Run the flow"),
    ("Ctrl+Shift+Enter", "Rehearse the flow: nothing is written, sent or bought"),
    ("R", "Run the selected step alone"),
    ("T", "Run to the selected step"),
    ("Shift+R", "Run from the selected step"),
    ("S", "Run what is out of date"),
    ("P", "Pin what the step gave, or unpin it"),
    ("E", "Write the step's data by hand"),
    ("F9", "Set a breakpoint, or take it away"),
    ("G", "Debug: stop at the breakpoints"),
    ("Shift+G", "Debug: stop before every write"),
    ("F8", "Debugger: continue"),
    ("F10", "Debugger: to the next step"),
    ("N, Tab or /", "Add a step"),
    ("W", "Draw a wire from the step"),
    ("Ctrl+Z", "Undo"),
    ("Ctrl+Shift+Z or Ctrl+Y", "Redo"),
    ("Ctrl+S", "Keep this version, under a name"),
    ("H", "History: the versions, and what has changed"),
    ("Delete", "Delete what is selected"),
    ("Ctrl+Backspace", "Take the step out and wire its neighbours to each other"),
    ("Ctrl+C, Ctrl+X, Ctrl+V", "Copy, cut, paste steps"),
    ("Ctrl+D", "Duplicate"),
    ("D", "Switch a step off or on"),
    ("Enter", "Open the step's settings"),
    ("F2", "Name the step"),
    ("Esc", "Back to the canvas; there: select nothing"),
    ("Arrow keys", "Go from step to step"),
    ("[ and ], or , and .", "Look at the round before or after, in a loop"),
    ("Ctrl+arrow keys", "Move the step"),
    ("Ctrl+A", "Select all"),
    ("Shift+click, Shift+drag", "Select one more, or all in a box"),
    ("Alt+Shift+T", "Tidy what is selected, or the whole flow"),
    ("Alt+A, Alt+H, Alt+D", "Align left, centre, right"),
    ("Alt+W, Alt+V, Alt+S", "Align top, middle, bottom"),
    ("Alt+Shift+H, Alt+Shift+V", "Distribute horizontally, vertically"),
    ("Alt while dragging", "Move without snapping"),
    ("1, 2, 0, +, -", "Show all, what is selected, 100 %, nearer, further"),
    ("?", "Show these keys"),
)


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
                ui.button(icon="sym_r_history", on_click=self.history).classes("weft-icon-button").props(
                    'flat aria-label="History"'
                ).tooltip("History: versions and what has changed (H)")
                ui.button(icon="sym_r_keyboard", on_click=self.keys).classes("weft-icon-button").props(
                    'flat aria-label="Keys"'
                ).tooltip("Keys (?)")
                ui.button(icon="sym_r_download", on_click=self._export).classes("weft-icon-button").props(
                    'flat aria-label="Export as a file"'
                ).tooltip("Export as a file")
                self.run_buttons = ui.element("div").classes("weft-row")

    def refresh(self) -> None:
        """Show the flow's name and what Undo and Redo would do."""
        opened = self._editor.opened
        if self._name.value != opened.flow.name:
            self._name.value = opened.flow.name
        self._undo.set_enabled(bool(opened.undoes))
        self._redo.set_enabled(bool(opened.redoes))
        elsewhere = " in another window" if opened.undone_by not in ("", self._editor.window) else ""
        undoes = f"Undo{elsewhere}: {opened.undoes} (Ctrl+Z)"
        self._undo_tip.set_text(undoes if opened.undoes else "Nothing to undo")
        self._redo_tip.set_text(f"Redo: {opened.redoes} (Ctrl+Y)" if opened.redoes else "Nothing to redo")

    def saves(self) -> None:
        """Say that an edit is still on its way to the disk."""
        self._saved.set_text("Saving…")

    def saved(self) -> None:
        """Say that everything is on the disk."""
        self._saved.set_text("Saved")

    def not_saved(self) -> None:
        """Say that the last edit is not on the disk."""
        self._saved.set_text("Not saved")

    def keys(self) -> None:
        """List the keys."""
        with ui.dialog(value=True) as dialog, ui.card().classes("weft-dialog"):
            ui.label("Keys").classes("weft-dialog-title")
            with ui.element("div").classes("weft-list weft-keys").props("tabindex=0"):
                for keys, what in KEYS:
                    with ui.element("div").classes("weft-list-item"):
                        ui.label(what).classes("weft-grow")
                        ui.label(keys).classes("weft-kbd")
            with ui.element("div").classes("weft-dialog-actions"):
                ui.button("Close", on_click=dialog.close).classes("weft-button")
        dialog.on("hide", dialog.delete)

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

    async def _export(self) -> None:
        name, text = await self._editor.studio.shelf.give_away(self._editor.opened.flow.id)
        ui.download.content(text, name, "application/yaml")


def _button(name: str, pressed: Callable[[], Awaitable[None]]) -> tuple[ui.button, ui.tooltip]:
    button = ui.button(icon=f"sym_r_{name}", on_click=pressed).classes("weft-icon-button")
    button.props(f'flat aria-label="{name.capitalize()}"')
    with button:
        tip = ui.tooltip("")
    return button, tip
