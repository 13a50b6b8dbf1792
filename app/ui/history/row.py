"""One run as a row of the table, kept up to date while it goes on."""

from __future__ import annotations

import time

from nicegui import ui

from app.language import msg, spoken, tr
from app.store.runs import RunCard
from app.ui.history.choosing import Choosing
from app.ui.inbox.plain import plain
from app.ui.seen import Chip, seen
from app.ui.words import ago, exactly

STARTED_BY = {
    "window": msg("You"),
    "terminal": msg("Terminal"),
    "cli": msg("Terminal"),
    "rehearsal": msg("You, as a rehearsal"),
    "continued": msg("You, going on"),
    "step": msg("You, one step"),
    "to a step": msg("You, up to a step"),
    "from a step": msg("You, from a step"),
    "changes": msg("You, what had changed"),
}


def started_by(trigger: str) -> str:
    """What started a run, in words."""
    return tr(STARTED_BY.get(trigger, trigger[:1].upper() + trigger[1:]))


class Row:
    """`show` the run as it is now, `tick` its times. The whole row is a link to the run."""

    def __init__(self, run: RunCard, choosing: Choosing) -> None:
        self.run = seen(run)
        self.element = ui.element("tr").classes("weft-run-row")
        with self.element:
            with ui.element("td").classes("weft-run-box"):
                choosing.box(run.id, run.flow_name)
            with ui.element("td"):
                self._chip = Chip()
            with ui.element("td").classes("weft-run-flow"):
                ui.link(run.flow_name, f"/run/{run.id}").classes("weft-cover weft-strong weft-row-link")
            with ui.element("td").classes("weft-run-when"):
                self._when = ui.label("").classes("weft-numbers").props(f'title="{exactly(run.created_at)}"')
            with ui.element("td").classes("weft-run-when"):
                self._took = ui.label("").classes("weft-numbers")
            with ui.element("td").classes("weft-run-when"):
                ui.label(started_by(run.trigger)).classes("weft-muted")
            with ui.element("td").classes("weft-run-message"):
                self._message = ui.label("").classes("weft-muted weft-truncate")
        self.show(run)

    def show(self, run: RunCard) -> None:
        """Show the run as it is now."""
        self.run = seen(run)
        self._chip.show(self.run.stands)
        message = "" if run.status == "running" else plain(spoken(run.message))
        self._message.set_text(message)
        self._message.props["title"] = message
        self.tick()

    def tick(self) -> None:
        """Show times as they are now."""
        now = time.time()
        self._when.set_text(ago(self.run.began, now))
        self._took.set_text(self.run.took(now))
