"""How far the draft is from the published version, said beside the flow's name."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from nicegui import background_tasks, context, ui

from app.desk.history import History
from app.language import tr
from app.store.refusal import Refusal
from app.store.trouble import StoreTrouble
from app.ui.versions.listing import key_of
from app.ui.versions.publishing import since_published

if TYPE_CHECKING:
    from app.ui.editor.editor import Editor

SOON = 0.5
"""Seconds without an edit before it is counted anew."""


class Since:
    """`soon` looks anew after an edit. Nothing is shown where no version is published."""

    def __init__(self, editor: Editor) -> None:
        self._editor = editor
        self._history = History(editor.studio.database, editor.studio.catalog)
        self._timer: asyncio.TimerHandle | None = None
        with editor.bar.since:
            self._link = ui.link("", "").classes("weft-link weft-small weft-since")
            self._link.tooltip(tr("See what has changed since the published version"))
        self._link.set_visibility(False)
        context.client.on_delete(self._stop)

    def soon(self) -> None:
        """Count anew, once nothing has been edited for a moment."""
        self._stop()
        self._timer = asyncio.get_running_loop().call_later(SOON, self._begin)

    async def look(self) -> None:
        """Count now."""
        try:
            flow = self._editor.opened.flow
            changes, key = await self._history.since_published(flow), ""
            with self._link:
                text = since_published(changes)
            if text:
                entries = await self._history.entries(flow.id)
                key = next((key_of(entry) for entry in entries if entry.published), "")
        except (Refusal, StoreTrouble):
            text, key = "", ""  # The History page says what is wrong.
        if not self._link.is_deleted:
            self._link.props["href"] = f"/flow/{self._editor.opened.flow.id}/versions?before={key}&after=now"
            self._link.set_text(text)
            self._link.set_visibility(bool(text))

    def _begin(self) -> None:
        background_tasks.create(self.look(), name="editor: since the published version")

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
