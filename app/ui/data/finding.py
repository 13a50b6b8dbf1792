"""The field that searches a value: how many places there are, and the way from one to the next."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from nicegui import ui
from pydantic import JsonValue as Json

from app.language import tr
from app.language.speaking import grouped
from app.ui.data.paths import Path
from app.ui.data.searching import MOST, places
from app.ui.tips import tip

KEYS = """event => {
  if (event.key === 'Enter') { event.preventDefault(); emit(event.shiftKey ? -1 : 1); }
  if (event.key === 'Escape' && event.target.value) { event.stopPropagation(); event.preventDefault(); emit(0); }
}"""


class Finding:
    """`found(word, place)` hears what is looked for and the place that is meant now; None where there is none."""

    def __init__(self, value: Callable[[], Json], found: Callable[[str, Path | None], None]) -> None:
        self._value, self._found = value, found
        self.word = ""
        self._places: list[Path] = []
        self._number = 0
        self._turn = 0
        with ui.element("div").classes("weft-data-find").props('role="search"'):
            self._field = ui.input(placeholder=tr("Search"), on_change=self._typed)
            self._field.props(f'dense outlined clearable debounce=200 aria-label="{tr("Search this value")}"')
            self._field.classes("weft-search").on("keydown", self._key, js_handler=KEYS)
            with self._field.add_slot("prepend"):
                ui.icon("sym_r_search")
            self._said = ui.label("").classes("weft-muted weft-small weft-numbers").props('role="status"')
            self._arrows = [self._arrow("keyboard_arrow_up", tr("Previous place (Shift+Enter)"), -1)]
            self._arrows.append(self._arrow("keyboard_arrow_down", tr("Next place (Enter)"), 1))
        self._say()

    def focus(self) -> None:
        """Give the field the keyboard."""
        self._field.run_method("focus")

    def again(self) -> None:
        """Show the place that is meant once more, after what it stands in was drawn anew."""
        if self._places:
            self._found(self.word, self._places[self._number])

    def _arrow(self, icon: str, words: str, by: int) -> ui.button:
        button = ui.button(icon=f"sym_r_{icon}", on_click=lambda: self._go(by)).classes("weft-icon-button")
        button.props["aria-label"] = words.partition(" (")[0]
        return tip(button.props("flat dense"), words)

    async def _typed(self) -> None:
        self._turn += 1
        turn, word = self._turn, (self._field.value or "").strip()
        self.word = word
        value = self._value()
        found = await asyncio.to_thread(places, value, word, lambda: turn != self._turn) if word else []
        if turn != self._turn or self._field.is_deleted:
            return
        self._places, self._number = found, 0
        self._say()
        self._found(word, found[0] if found else None)

    def _key(self, event: object) -> None:
        by = int(getattr(event, "args", 0) or 0)
        if by:
            self._go(by)
        else:
            self._field.value = ""

    def _go(self, by: int) -> None:
        if self._places:
            self._number = (self._number + by) % len(self._places)
            self._say()
            self._found(self.word, self._places[self._number])

    def _say(self) -> None:
        count = len(self._places)
        more = "+" if count >= MOST else ""
        said = tr("Nothing found") if self.word else ""
        if count:
            said = tr("{number} of {count}", number=grouped(self._number + 1), count=f"{grouped(count)}{more}")
        self._said.set_text(said)
        for arrow in self._arrows:
            arrow.set_visibility(count > 1)
