"""What the home page hears from the whole window: its keys, and files that are dropped or pasted anywhere on it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from nicegui import ui


class Doorway(ui.element, component="doorway.js"):
    """Hands dropped and pasted files to an uploader; N is `new`, Ctrl+Z is `undo`, / goes to the search field."""

    def __init__(
        self,
        uploader: ui.upload,
        search: ui.input,
        *,
        new: Callable[[], Awaitable[None]],
        undo: Callable[[], Awaitable[None]],
    ) -> None:
        super().__init__()
        self.props["uploader"] = uploader.id
        self.props["search"] = f"input#{search.html_id}"
        self.on("new", new, args=[])
        self.on("undo", undo, args=[])
        with self:
            ui.icon("sym_r_file_open")
            ui.label("Drop flow files here")
