"""Menus with the ways to run a flow. An entry that cannot be chosen now says why not."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from nicegui import ui

from app.language import tr
from app.ui.commands.here import keymap
from app.ui.editor.ways import Way
from app.ui.menu_keys import walked_by_keys

Begin = Callable[[Way], Awaitable[None]]
WhyNot = Callable[[Way], str]


class RunMenu(ui.button):
    """The small button beside Run; what it opens is drawn anew each time, for what is selected then."""

    def __init__(self, label: str, ways: Callable[[], Sequence[Way]], begin: Begin, why_not: WhyNot) -> None:
        super().__init__(icon="sym_r_arrow_drop_down")
        self._ways, self._begin, self._why_not = ways, begin, why_not
        self.props(f'aria-label="{label}" aria-haspopup=menu')
        with self:
            place = 'no-parent-event auto-close anchor="bottom right" self="top right" :offset="[0, 4]"'
            self._menu = walked_by_keys(ui.element("q-menu").props(place).classes("weft-run-menu"))
        self.on("click", self._open, args=[])

    def _open(self) -> None:
        self._menu.clear()
        with self._menu:
            for way in self._ways():
                self._entry(way)
        self._menu.run_method("show")

    def _entry(self, way: Way) -> None:
        why_not = self._why_not(way)
        with ui.item(on_click=partial(self._begin, way)).props("role=menuitem") as entry:
            ui.icon(f"sym_r_{way.icon}")
            with ui.element("div").classes("weft-stack weft-none weft-grow"):
                ui.label(tr(way.title))
                ui.label(why_not or tr(way.about)).classes("weft-small weft-faint")
            ui.label(keymap().first(way.command)).classes("weft-kbd")
        entry.classes("weft-menu-item weft-run-entry")
        if why_not:
            entry.classes("is-off").props("aria-disabled=true")
