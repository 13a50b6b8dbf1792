"""Other windows on the same flow: a number for each in the top bar, their selection and pointer on the canvas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nicegui import context, ui

from app.desk.open_flow import Edited
from app.language import spoken, tr, trn
from app.ui.canvas import Canvas, OtherShape, Pointer

if TYPE_CHECKING:
    from app.ui.editor.editor import Editor
    from app.ui.editor.top_bar import TopBar

COLOURS = ("violet", "green", "amber", "pink", "cyan", "blue")
FEW = 5
"""Windows that have a chip of their own."""


class Company:
    """What one window shows of the others, and what it lets them know of itself."""

    def __init__(self, editor: Editor, canvas: Canvas, bar: TopBar) -> None:
        self._editor = editor
        self._canvas = canvas
        self._box = bar.company
        self._presence = editor.opened.presence
        self._numbers: tuple[int, ...] = ()
        self._shown: list[OtherShape] = []
        self._client = context.client
        canvas.when_pointed(self._pointed)
        self._client.on_connect(self._came)
        self._client.on_disconnect(self._left)
        self._client.on_delete(lambda: self._presence.go(editor.window))

    def selected(self, paths: Sequence[str]) -> None:
        """These steps are selected here."""
        self._presence.select(self._editor.window, paths)

    def heard(self, edited: Edited) -> None:
        """Say what happened to the flow that nobody in this window did and that might surprise whoever looks at it."""
        if edited.by == self._editor.window or self._box.is_deleted:
            return
        done = spoken(edited.done, edit=True)
        said = {
            "undo": tr("Undone in another window: {edit}", edit=done),
            "redo": tr("Done again in another window: {edit}", edit=done),
            "elsewhere": tr("This flow was saved from a terminal or another start of Weft. You see it as it is now."),
            "edit": "",
        }[edited.how]
        if said and self._client.has_socket_connection and edited.before is not edited.after:
            with self._box:
                ui.notify(said)

    def _came(self) -> None:
        self._presence.come(self._editor.window, self._changed)
        self._presence.select(self._editor.window, self._editor.selected)
        self._changed()

    def _left(self) -> None:
        if not self._client.has_socket_connection:
            self._presence.go(self._editor.window)

    def _pointed(self, pointer: Pointer) -> None:
        at = pointer["at"]
        self._presence.point(self._editor.window, None if at is None else (float(at[0]), float(at[1])))

    def _changed(self) -> None:
        if self._box.is_deleted:
            return
        others = self._presence.others(self._editor.window)
        shown: list[OtherShape] = [
            {
                "number": each.number,
                "color": COLOURS[each.number % len(COLOURS)],
                "selected": list(each.selected),
                "pointer": each.pointer,
            }
            for each in others
        ]
        if shown != self._shown:
            self._shown = shown
            self._canvas.others(shown)
        numbers = tuple(each.number for each in others)
        if numbers != self._numbers:
            self._numbers = numbers
            self._draw()

    def _draw(self) -> None:
        own = self._presence.number(self._editor.window)
        self._box.clear()
        with self._box:
            for number in self._numbers[:FEW]:
                chip = ui.label(str(number)).classes("weft-other-window")
                chip.props(f'role=img aria-label="{tr("Window {number}", number=number)}"')
                chip.style(f"--other: var(--weft-{COLOURS[number % len(COLOURS)]})")
                both = tr("Window {number} shows this flow too. This one is window {own}.", number=number, own=own)
                chip.tooltip(both)
            if (left := len(self._numbers) - FEW) > 0:
                more = trn("{n} more window shows this flow.", "{n} more windows show this flow.", left)
                ui.label(f"+{left}").classes("weft-muted weft-small").tooltip(more)
