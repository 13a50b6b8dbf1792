"""After two crashes within a minute: what may have caused them, and a way to let everything begin again."""

from __future__ import annotations

from nicegui import ui

from app.language import spoken, tr
from app.runs.suspects import Suspect, suspects
from app.studio import Studio
from app.ui.dialogs import does
from app.ui.words import quoted


class Safe:
    """A notice that is there only when this start has begun nothing by itself."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self.element = ui.element("section").classes("weft-notice is-failed").props(f'aria-label="{tr("Safe start")}"')
        self.element.set_visibility(False)

    async def refresh(self) -> None:
        """Say what is known, or nothing."""
        starts = self._studio.starts
        if starts is None or not starts.safe:
            self.element.set_visibility(False)
            return
        found = await suspects(self._studio.runs, starts.boots)
        self.element.clear()
        with self.element:
            self._draw(starts.culprit, found)
        self.element.set_visibility(True)

    def _draw(self, culprit: str, found: list[Suspect]) -> None:
        ui.icon("sym_r_health_and_safety")
        with ui.element("div").classes("weft-stack weft-grow"):
            what = tr("Weft crashed twice within a minute, so this time nothing was started by itself.")
            ui.label(what).classes("weft-strong")
            if culprit:
                ui.label(tr("The last time it was {culprit}.", culprit=spoken(culprit)))
            if any((self._studio.folder / "nodes").glob("*.py")):
                ui.label(tr("Your own nodes are left out until you start Weft again."))
            for suspect in found:
                at = tr("at {steps}", steps=", ".join(map(quoted, suspect.steps))) if suspect.steps else ""
                with ui.element("div").classes("weft-row"):
                    ui.label(tr("Running when it crashed:")).classes("weft-muted")
                    ui.link(suspect.flow_name, f"/run/{suspect.run_id}").classes("weft-link weft-truncate")
                    ui.label(at).classes("weft-muted weft-grow weft-truncate")
            if not culprit and not found:
                ui.label(tr("Nothing was running when it crashed.")).classes("weft-muted")
            with ui.element("div").classes("weft-row"):
                wake = ui.button(tr("Start what waits"), icon="sym_r_play_arrow").classes("weft-button").props("dense")
                does(wake, self._wake)

    async def _wake(self) -> None:
        if self._studio.starts is not None:
            self._studio.starts.crashed = []
        await self._studio.runs.recover()
        await self.refresh()
        ui.notify(tr("What waited goes on."))
