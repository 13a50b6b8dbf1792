"""One value of a run on the screen: a picture, a table, or text, a page at a time."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson
from nicegui import ui
from pydantic import JsonValue as Json

from app.ui.shown import start_of, table_of
from app.ui.words import size

PAGE = 4_000
"""Characters that are shown at first, and more at a time."""

ROWS, COLUMNS = 50, 12
CELL = 200
CLIPBOARD = 1_000_000
"""Characters that are copied; more is handed over as a file."""


def show_value(label: str, value: Json) -> None:
    """A labelled value with a button to copy it."""
    with ui.element("div").classes("weft-field"):
        with ui.element("div").classes("weft-row"):
            ui.label(label).classes("weft-label weft-grow")
            copy = ui.button(icon="sym_r_content_copy", on_click=lambda: _copy(label, value))
            copy.classes("weft-icon-button").props(f'flat dense aria-label="Copy {label}"').tooltip("Copy")
        match value:
            case {"sha256": str(sha), "name": str(name), "size": int(count), "media_type": str(media)}:
                _file(sha, name, count, media)
            case [dict(), *_]:
                _Table([row for row in value if isinstance(row, dict)])
            case None:
                ui.label("nothing").classes("weft-value weft-muted")
            case bool():
                ui.label("yes" if value else "no").classes("weft-value")
            case _:
                _Text(value)


def _file(sha: str, name: str, count: int, media: str) -> None:
    address = f"/kept/{sha}/{name}"
    if media in ("image/png", "image/jpeg"):
        with ui.element("a").props(f'href="{address}" target="_blank" rel="noopener"'):
            ui.element("img").classes("weft-thumb").props(f'src="{address}" alt="{name}" loading="lazy"')
    ui.link(f"{name} ({size(count)})", address).classes("weft-link weft-small")


class _Text:
    """The beginning of a value as text, and more of it on demand."""

    def __init__(self, value: Json) -> None:
        self._value = value
        self._most = 0
        self._label = ui.label("").classes("weft-value weft-code")
        self._more = ui.button("Show more", on_click=self._show_more).classes("weft-button weft-quiet")
        self._show_more()

    def _show_more(self) -> None:
        self._most = self._most * 4 or PAGE
        text, whole = start_of(self._value, self._most, indent=2)
        self._label.set_text(text if whole else f"{text}…")
        self._more.set_visibility(not whole)


class _Table:
    """The first rows of a list of records, and more of them on demand."""

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        self._rows = rows
        self._shown = 0
        with ui.element("div").classes("weft-table-box"):
            # One element for all cells: hundreds of them would hold up the window.
            self._table = ui.html(tag="table", sanitize=False).classes("weft-table weft-small")
        self._more = ui.button("", on_click=self._show_more).classes("weft-button weft-quiet")
        self._show_more()

    def _show_more(self) -> None:
        until = self._shown + ROWS
        self._table.set_content(table_of(self._rows[:until], COLUMNS, CELL))
        self._shown = until
        left = len(self._rows) - until
        self._more.set_visibility(left > 0)
        self._more.set_text(f"Show more ({left:,} rows left)")


async def _copy(label: str, value: Json) -> None:
    text = value if isinstance(value, str) else await asyncio.to_thread(_whole, value)
    if len(text) <= CLIPBOARD:
        ui.clipboard.write(text)
        ui.notify("Copied.")
    else:
        ui.download.content(text, f"{label}.txt" if isinstance(value, str) else f"{label}.json")
        ui.notify("This is too much for the clipboard, so it is downloaded as a file.")


def _whole(value: Json) -> str:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
