"""Quick add: type what a step should do, choose it, and it stands where the pointer was."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from nicegui import ui

from app.language import tr
from app.ui.canvas import colour_of
from app.ui.editor.palette import best_first, headings
from app.ui.editor.places import Where
from nodes.catalog import Catalog
from nodes.node import Spec

AddAt = Callable[[str, Where], Awaitable[None]]
About = Callable[[str, Callable[[], object]], None]
"""Shows the help for a kind of step, and calls back once its example was inserted."""


class QuickAdd:
    """A searchable list of steps in the middle of the window."""

    def __init__(self, catalog: Catalog, *, add: AddAt, about: About) -> None:
        self._all = self._specs = [spec for _, specs in headings(catalog) for spec in specs]
        self._add = add
        self._about = about
        self._where = Where((0.0, 0.0))
        self._marked = 0
        self._found: list[Spec] = []
        with ui.dialog() as self._dialog, ui.card().classes("weft-dialog weft-quick-add"):
            self._dialog.props(f'aria-label="{tr("Add a step")}"')
            self._field = ui.input(placeholder=tr("What should the step do?"), on_change=self._look)
            self._field.classes("weft-search").props(f'dense borderless autofocus aria-label="{tr("Search steps")}"')
            self._field.on("keydown.enter", self._choose)
            self._field.on("keydown.f1.prevent", self._help)
            self._field.on("keydown.down.prevent", lambda: self._mark(1))
            self._field.on("keydown.up.prevent", lambda: self._mark(-1))
            self._list = ui.element("div").classes("weft-list")
            self._list.props(f'role="listbox" aria-label="{tr("Steps that fit")}"')
            self._field.props(f"role=combobox aria-expanded=true aria-controls={self._list.html_id}")

    def open(self, where: Where, fits: Callable[[Spec], bool]) -> None:
        """Ask for a step to place here, among those that fit."""
        self._where = where
        self._specs = [spec for spec in self._all if fits(spec)]
        self._field.value = ""
        self._look()
        self._dialog.open()

    def _look(self) -> None:
        self._found = best_first(self._specs, self._field.value or "")
        self._marked = 0
        self._draw()

    def _mark(self, by: int) -> None:
        if self._found:
            self._marked = (self._marked + by) % len(self._found)
            self._draw()

    def _draw(self) -> None:
        self._list.clear()
        with self._list:
            if not self._found:
                none = tr("No step is called that. Try another word.") if self._specs else tr("No step takes that.")
                ui.label(none).classes("weft-muted weft-small")
            for number, spec in enumerate(self._found):
                marked = " is-current" if number == self._marked else ""
                row = ui.element("div").classes(f"weft-list-item is-link{marked}")
                row.props(f'role="option" aria-selected={"true" if marked else "false"}').on(
                    "click", lambda spec=spec: self._take(spec)
                )
                if marked:
                    self._field.props["aria-activedescendant"] = row.html_id
                with row:
                    tile = ui.element("span").classes("weft-tile weft-tile-small")
                    with tile.style(f"--tile: var(--weft-{colour_of(spec.kind)})"):
                        ui.icon(f"sym_r_{spec.icon}")
                    ui.label(tr(spec.title)).classes("weft-strong")
                    ui.label(tr(spec.summary)).classes("weft-muted weft-small weft-truncate weft-grow")
                    # For the mouse only: an option holds nothing that has the keyboard, which has F1.
                    # A title and no tooltip: that one would look for a row which the next letter has taken away.
                    sign = ui.icon("sym_r_help").classes("weft-option-help").props("aria-hidden=true")
                    sign.props(f'title="{tr("Help, and an example to insert (F1)")}"')
                    sign.on("click.stop", partial(self._about, spec.kind, self._dialog.close))

    def _help(self) -> None:
        if self._found:
            self._about(self._found[self._marked].kind, self._dialog.close)

    async def _choose(self) -> None:
        if self._found:
            await self._take(self._found[self._marked])

    async def _take(self, spec: Spec) -> None:
        self._dialog.close()
        await self._add(spec.kind, self._where)
