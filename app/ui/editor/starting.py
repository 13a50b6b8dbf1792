"""How a run of the open flow begins, in each of the ways there are, and why one of them cannot be taken now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.engine.debug import Debug
from app.ui.editor.ways import DEBUG, REHEARSE, RUN, WRITES, Way
from app.ui.home.start import start_or_refuse

if TYPE_CHECKING:
    from app.ui.editor.editor import Editor

GOING = "This flow is running. Stop it first, or wait for its end."
NO_STEP = "Choose one step on the canvas first."


class Starting:
    """Begins runs for one window."""

    def __init__(self, editor: Editor) -> None:
        self._editor = editor
        self._studio = editor.studio

    def why_not(self, way: Way) -> str:
        """Why the flow cannot be run so now, in a sentence; nothing where it can."""
        if self._editor.running.going:
            return GOING
        if way.step and len(self._editor.selected) != 1:
            return NO_STEP
        return ""

    async def begin(self, way: Way) -> str | None:
        """The id of the new run; None where the person thought better of it."""
        flow_id = self._editor.opened.flow.id
        match way.name:
            case RUN.name:
                return await start_or_refuse(self._studio, flow_id)
            case REHEARSE.name:
                return await start_or_refuse(self._studio, flow_id, rehearse=True)
            case DEBUG.name | WRITES.name:
                return await start_or_refuse(self._studio, flow_id, debug=self._debug(way))
            case _:
                return None

    def _debug(self, way: Way) -> Debug:
        breakpoints = self._editor.breakpoints.in_flow(self._editor.opened.flow)
        on_writes = way.name == WRITES.name
        # Without any breakpoint it would run through: it stops before the first step then.
        return Debug(breakpoints, on_writes, stepping=not breakpoints and not on_writes)
