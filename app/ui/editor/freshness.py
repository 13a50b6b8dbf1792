"""Which steps would give something else now than in the run that is shown: marked a moment after each edit."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from nicegui import background_tasks

from app.store.refusal import Refusal
from app.store.trouble import StoreTrouble

if TYPE_CHECKING:
    from app.ui.editor.editor import Editor

PAUSE = 0.4
"""Seconds without an edit before steps are compared."""

log = logging.getLogger(__name__)


class Freshness:
    """Looks beside the loop, and never twice at the same time."""

    def __init__(self, editor: Editor) -> None:
        self._editor = editor
        self._timer: asyncio.TimerHandle | None = None
        self._looking = self._again = False

    def soon(self) -> None:
        """Look once nobody has edited for a moment."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(PAUSE, self._begin)

    def forget(self) -> None:
        """Nothing is out of date: no ended run is shown."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._editor.marks.show(self._editor.opened.flow, stale=())

    def _begin(self) -> None:
        self._timer = None
        self._again = True
        if not self._looking:
            self._looking = True
            background_tasks.create(self._look(), name="editor: which steps are out of date")

    async def _look(self) -> None:
        editor = self._editor
        try:
            while self._again:
                self._again = False
                flow, run_id = editor.opened.flow, editor.stage.run_id
                if not run_id or not editor.running.can_go_on:
                    stale: frozenset[str] = frozenset()
                else:
                    stale = await editor.studio.continuing.stale_steps(flow, run_id)
                if editor.stage.canvas.is_deleted:
                    return
                if flow is editor.opened.flow and run_id == editor.stage.run_id:
                    editor.marks.show(flow, stale=stale)
        except (Refusal, StoreTrouble) as trouble:
            log.warning("run %s: %s", editor.stage.run_id, trouble)
        finally:
            self._looking = False
