"""How many questions wait, as a number on every page."""

from __future__ import annotations

from nicegui import context, ui

from app.language import tr, trn
from app.studio import Studio

MOST = 99


class Badge:
    """A number that is there while something waits; `link` says it in words to who cannot see it."""

    def __init__(self, studio: Studio, link: ui.link) -> None:
        self._studio = studio
        self._link = link
        with link:
            self._count = ui.label("").classes("weft-count is-asked").props("aria-hidden=true")
        self._show()
        context.client.on_delete(studio.runs.when_inbox_changed(self._heard))

    def _heard(self) -> None:
        if not self._count.is_deleted:
            with self._link:
                self._show()

    def _show(self) -> None:
        waiting = self._studio.runs.waker.standing.pending
        self._count.set_visibility(waiting > 0)
        self._count.set_text(f"{waiting}" if waiting <= MOST else f"{MOST}+")
        waits = trn("Inbox, {n} question waits", "Inbox, {n} questions wait", waiting)
        self._link.props["aria-label"] = waits if waiting else tr("Inbox")
