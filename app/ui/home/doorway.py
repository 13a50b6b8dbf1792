"""Files that are dropped or pasted anywhere on the page of all flows."""

from __future__ import annotations

from nicegui import ui

from app.language import tr


class Doorway(ui.element, component="doorway.js"):
    """Hands dropped and pasted files to an uploader."""

    def __init__(self, uploader: ui.upload) -> None:
        super().__init__()
        self.props["uploader"] = uploader.id
        with self:
            ui.icon("sym_r_file_open")
            ui.label(tr("Drop flow files here"))
