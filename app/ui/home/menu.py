"""A button with a menu behind it."""

from __future__ import annotations

from collections.abc import Callable

from nicegui import ui

from app.ui.menu_keys import walked_by_keys


class Menu(ui.button):
    """The entries are made when they are first asked for: a page with many cards has many menus."""

    def __init__(self, entries: Callable[[], None]) -> None:
        super().__init__(icon="sym_r_more_vert")
        self._entries = entries
        self._made = False
        self.classes("weft-icon-button weft-over").props("flat dense aria-haspopup=menu")
        self.on("click", self._open_first, args=[])

    def _open_first(self) -> None:
        """From the second time on, the browser alone opens and closes it."""
        if self._made:
            return
        self._made = True
        with self, ui.element("q-menu").props('auto-close anchor="bottom right" self="top right"') as menu:
            self._entries()
        walked_by_keys(menu)
        menu.run_method("show")


def entry(text: str, icon: str, chosen: Callable[[], object]) -> ui.item:
    """One line of a menu."""
    with ui.item(on_click=chosen).classes("weft-menu-item").props("role=menuitem") as made:
        ui.icon(f"sym_r_{icon}")
        ui.label(text)
    return made
