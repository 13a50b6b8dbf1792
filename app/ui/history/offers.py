"""What the commands of the table do on the page of a run, and why one of them cannot be done now."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from nicegui import ui

from app.engine.debug import CONTINUE, NEXT
from app.language import msg, tr
from app.ui.commands.here import Offer
from app.ui.editor.offers import missing, on_canvas, where

if TYPE_CHECKING:
    from app.ui.history.run_page import RunView

GONE = msg("The flow of this run is deleted.")


def offers(view: RunView) -> dict[str, Offer]:
    """All that this window takes."""

    def stands() -> str:
        return "" if view.breaks.stands else tr("The run does not stand still at a breakpoint.")

    def again() -> str:
        return tr(GONE) if view.now is None else tr("It is running.") if view.can_stop else ""

    return {
        **on_canvas(view.stage.canvas, lambda needs: lambda: missing(needs, 1 if view.path else 0, 0), editing=False),
        "run": where(view.run_again, again),
        "stop": where(view.end, lambda: "" if view.can_stop else tr("This run is over.")),
        "resume": where(view.resume, lambda: "" if view.can_resume else tr("This run was not cut off.")),
        "run.flow": where(
            lambda: ui.navigate.to(f"/flow/{view.record.flow_id}"), lambda: tr(GONE) if view.now is None else ""
        ),
        "debug.continue": Offer(partial(view.breaks.press, CONTINUE), stands),
        "debug.next": Offer(partial(view.breaks.press, NEXT), stands),
    }
