"""What the person typed and the disk did not take: said until it is saved, and kept meanwhile."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from nicegui import ui

from app.desk.open_flow import field_of
from app.language import spoken, tr
from app.store.trouble import StoreTrouble
from app.ui.dialogs import does
from flows.edits import Configure, Describe, Edit, Rename, Set

TEXTS = (Set, Configure, Describe, Rename)
"""Edits whose words stand in a field; what was done on the canvas is seen to be undone, and is done again there."""


class Unsaved:
    """A notice over the canvas, with a button that tries again."""

    def __init__(self, edit: Callable[[Edit | None], Awaitable[bool]]) -> None:
        self._edit = edit
        self._kept: list[Edit] = []
        with ui.element("div").classes("weft-unsaved weft-notice is-failed").props("role=alert") as self._notice:
            ui.icon("sym_r_cloud_off")
            with ui.element("div").classes("weft-stack weft-tight weft-grow"):
                ui.label(tr("Your last change is not saved.")).classes("weft-strong")
                self._why = ui.label("")
            does(ui.button(tr("Try again")), self._try_again).classes("weft-button")
        self._notice.set_visibility(False)

    def show(self, edit: Edit, trouble: StoreTrouble) -> None:
        """Say why an edit is not saved, and keep it if it would be lost."""
        self._forget(edit)
        if isinstance(edit, TEXTS):
            self._kept.append(edit)
        self._why.set_text(spoken(f"{trouble.message} {trouble.hint}"))
        self._notice.set_visibility(True)

    def done(self, edit: Edit) -> None:
        """This edit is on the disk."""
        self._forget(edit)
        self._notice.set_visibility(bool(self._kept))

    def _forget(self, edit: Edit) -> None:
        """Drop what this edit says anew."""
        field = field_of(edit)
        self._kept = [kept for kept in self._kept if kept != edit and (field is None or field_of(kept) != field)]

    async def _try_again(self) -> None:
        if not self._kept:
            self._notice.set_visibility(False)
        for edit in tuple(self._kept):
            if not await self._edit(edit):
                return
