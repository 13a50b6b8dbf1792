"""How a run of the open flow begins, in each of the ways there are, and why one of them cannot be taken now."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from app.engine.debug import Debug
from app.language import msg, tr
from app.ui.editor.ways import AGAIN, DEBUG, REHEARSE, RUN, STALE, STEP, TO, WRITES, Way
from app.ui.home.start import accepted, inputs_again, start_or_refuse

if TYPE_CHECKING:
    from app.ui.editor.editor import Editor

GOING = msg("This flow is running. Stop it first, or wait for its end.")
FRESH = msg("Nothing is out of date: every step has run as it is now.")
NO_STEP = msg("Choose one step on the canvas first.")


class Starting:
    """Begins runs for one window."""

    def __init__(self, editor: Editor) -> None:
        self._editor = editor
        self._studio = editor.studio

    def why_not(self, way: Way) -> str:
        """Why the flow cannot be run so now, in a sentence; nothing where it can."""
        if self._editor.running.going and way.name not in (RUN.name, AGAIN.name):
            return tr(GOING)
        if way.step and len(self._editor.selected) != 1:
            return tr(NO_STEP)
        if way.name == STALE.name and self._editor.running.is_fresh:
            return tr(FRESH)
        return ""

    async def begin(self, way: Way) -> str | None:
        """The id of the new run; None where the person thought better of it."""
        flow_id = self._editor.opened.flow.id
        match way.name:
            case RUN.name | AGAIN.name:
                return await start_or_refuse(self._studio, flow_id)
            case REHEARSE.name:
                return await start_or_refuse(self._studio, flow_id, rehearse=True)
            case DEBUG.name | WRITES.name:
                return await start_or_refuse(self._studio, flow_id, debug=self._debug(way))
            case _:
                return await self._partly(way)

    async def _partly(self, way: Way) -> str | None:
        """Run a part of the flow, with what was given last."""
        flow, continuing, click = self._editor.opened.flow, self._studio.continuing, secrets.token_hex(8)
        given = await inputs_again(self._studio, flow) if await accepted(self._studio, flow.id) else None
        if given is None:
            return None
        if way.name == STALE.name:
            return await continuing.run_changed(flow, given, click_id=click)
        path, reader = self._editor.selected[0], self._editor.stage.reader
        # One step inside a loop runs in the round that is looked at.
        in_round = reader.full(path) if reader.run_id else path
        if way.name == STEP.name:
            return await continuing.run_only(flow, given, in_round, click_id=click)
        if way.name == TO.name:
            return await continuing.run_to(flow, given, path, click_id=click)
        return await continuing.run_from(flow, given, in_round if reader.chosen_scope(path) else path, click_id=click)

    def _debug(self, way: Way) -> Debug:
        breakpoints = self._editor.breakpoints.in_flow(self._editor.opened.flow)
        on_writes = way.name == WRITES.name
        # Without any breakpoint it would run through: it stops before the first step then.
        return Debug(breakpoints, on_writes, stepping=not breakpoints and not on_writes)
