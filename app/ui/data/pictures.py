"""Kept files on the screen: pictures as thumbnails that open, everything else by its name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nicegui import ui
from pydantic import JsonValue as Json

from app.language import tr
from app.language.speaking import grouped
from app.ui.data.kinds import address, is_picture
from app.ui.words import size

MOST = 24
"""Pictures that are shown at first, and more at a time."""


def show_pictures(values: Sequence[Json]) -> None:
    """Thumbnails of all pictures in a list, some at a time."""
    _Pictures([value for value in values if isinstance(value, dict) and is_picture(value)])


def show_file(file: Mapping[str, Any]) -> None:
    """A link that downloads it."""
    ui.link(f"{file['name']} ({size(file['size'])})", address(file)).classes("weft-link weft-small")


class _Pictures:
    def __init__(self, files: Sequence[Mapping[str, Any]]) -> None:
        self._files = files
        self._shown = 0
        self._box = ui.element("div").classes("weft-pictures" + (" is-one" if len(files) == 1 else ""))
        self._more = ui.button("", on_click=self._show_more).classes("weft-button weft-quiet")
        self._show_more()

    def _show_more(self) -> None:
        until = self._shown + MOST
        with self._box:
            for file in self._files[self._shown : until]:
                _picture(file)
        self._shown = until
        left = len(self._files) - until
        self._more.set_visibility(left > 0)
        self._more.set_text(tr("Show more ({count} left)", count=grouped(left)))


def _picture(file: Mapping[str, Any]) -> None:
    where = address(file)
    with ui.element("figure").classes("weft-picture"):
        with ui.element("a") as opens:
            opens.props["href"], opens.props["target"], opens.props["rel"] = where, "_blank", "noopener"
            picture = ui.element("img").classes("weft-thumb")
            picture.props["src"], picture.props["alt"] = where, str(file["name"])
            picture.props["loading"] = "lazy"
        ui.link(f"{file['name']} ({size(file['size'])})", where, new_tab=True).classes("weft-link weft-small")
