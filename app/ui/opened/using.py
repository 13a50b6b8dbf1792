"""“Use in a setting …”: a searchable list of the settings that may refer to a value, and the edit that writes it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from nicegui import ui

from app.language import msg, tr, trn
from app.ui.dialogs import said
from app.ui.opened.targets import Target, targets

if TYPE_CHECKING:
    from app.ui.editor.editor import Editor

MOST = 40
"""Settings that are listed; who has more types a part of a name."""

NONE = msg("No step comes after this one yet. Wire one to it, then use this in its settings.")


def use_in_setting(editor: Editor, expression: str, at: str) -> None:
    """Ask for the setting that is to read this, as it is called at the step `at`, and write it there."""
    root = re.sub(r"^\{\{\s*|\W.*$", "", expression)
    found = targets(editor.opened.flow, editor.studio.catalog, root, at)
    if not found:
        ui.notify(tr(NONE))
        return
    _Choice(editor, expression, found)


class _Choice:
    def __init__(self, editor: Editor, expression: str, found: Sequence[Target]) -> None:
        self._editor, self._expression, self._all = editor, expression, found
        self._found = list(found)
        self._marked = 0
        with ui.dialog() as self._dialog, ui.card().classes("weft-dialog weft-quick-add"):
            self._dialog.props(f'aria-label="{tr("Use in which setting?")}"')
            self._dialog.on("hide", self._dialog.delete)
            ui.label(tr("Use in which setting?")).classes("weft-dialog-title")
            ui.label(expression).classes("weft-mono weft-small weft-muted weft-anywhere")
            self._field = ui.input(placeholder=tr("Step or setting"), on_change=self._look)
            self._field.classes("weft-search").props(f'dense outlined autofocus aria-label="{tr("Search settings")}"')
            self._field.on("keydown.enter", self._take)
            self._field.on("keydown.down.prevent", lambda: self._mark(1))
            self._field.on("keydown.up.prevent", lambda: self._mark(-1))
            self._list = ui.element("div").classes("weft-list").props(f'role="listbox" aria-label="{tr("Settings")}"')
        self._draw()
        self._dialog.open()

    def _look(self) -> None:
        words = (self._field.value or "").casefold().split()
        self._found = [each for each in self._all if all(word in _words(each) for word in words)]
        self._marked = 0
        self._draw()

    def _mark(self, by: int) -> None:
        if count := min(len(self._found), MOST):
            self._marked = (self._marked + by) % count
            self._draw()

    def _draw(self) -> None:
        self._list.clear()
        with self._list:
            if not self._found:
                ui.label(tr("No setting is called that.")).classes("weft-muted weft-small")
            for number, target in enumerate(self._found[:MOST]):
                marked = number == self._marked
                row = ui.element("div").classes("weft-list-item is-link" + (" is-current" if marked else ""))
                row.props(f'role="option" aria-selected={"true" if marked else "false"}')
                row.on("click", lambda target=target: self._write(target))
                with row:
                    ui.label(f"{target.title}: {tr(target.setting.label)}").classes("weft-strong weft-truncate")
                    ui.label(target.says).classes("weft-muted weft-small weft-truncate weft-grow weft-end")
            if len(self._found) > MOST:
                more = trn("{n} more. Type to find them.", "{n} more. Type to find them.", len(self._found) - MOST)
                ui.label(more).classes("weft-muted weft-small")

    async def _take(self) -> None:
        if self._found:
            await self._write(self._found[self._marked])

    async def _write(self, target: Target) -> None:
        self._dialog.close()
        with said():
            if await self._editor.edit(target.edit(self._expression)):
                label, title = tr(target.setting.label), target.title
                told = tr(
                    "“{setting}” of “{title}” reads {expression} now.",
                    setting=label,
                    title=title,
                    expression=self._expression,
                )
                ui.notify(told)


def _words(target: Target) -> str:
    label = target.setting.label
    return f"{target.title} {tr(label)} {label} {target.path}".casefold()
