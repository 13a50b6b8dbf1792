"""What an earlier start of Weft left unfinished, with a way to go on or to let it be."""

from __future__ import annotations

from nicegui import ui

from app.store.runs import RunCard
from app.studio import Studio
from app.ui.dialogs import does, said
from app.ui.home.start import resume_run
from app.ui.words import ago

DISMISSED = "interrupted_dismissed"
SHOWN = 4
MOST = 200


class Interrupted:
    """A notice that is there only while there is something to say."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._runs: list[RunCard] = []
        self.element = ui.element("section").classes("weft-notice is-asked").props('aria-label="Interrupted runs"')
        self.element.set_visibility(False)

    def names(self, run_id: str) -> bool:
        """True where the notice speaks of this run."""
        return any(run.id == run_id for run in self._runs)

    async def refresh(self) -> None:
        """Look which runs are interrupted and not dismissed."""
        interrupted = await self._studio.runs.stored.newest(status="interrupted", limit=MOST)
        dismissed = set(await self._studio.settings.get(DISMISSED, []))
        self._runs = [run for run in interrupted if run.id not in dismissed]
        self.element.set_visibility(bool(self._runs))
        self.element.clear()
        if self._runs:
            with self.element:
                self._draw()

    def _draw(self) -> None:
        count = len(self._runs)
        ui.icon("sym_r_power_off")
        with ui.element("div").classes("weft-stack weft-grow"):
            with ui.element("div").classes("weft-row"):
                runs = "1 run was interrupted" if count == 1 else f"{count} runs were interrupted"
                ui.label(f"{runs} when Weft was closed. What had finished is kept.").classes("weft-strong weft-grow")
                if count > 1:
                    every = ui.button("Dismiss all", on_click=lambda: self._dismiss(self._runs))
                    every.classes("weft-quiet").props("flat dense")
            for run in self._runs[:SHOWN]:
                self._line(run)
            if count > SHOWN:
                ui.link(f"See all {count}", "/runs?status=interrupted").classes("weft-link")

    def _line(self, run: RunCard) -> None:
        with ui.element("div").classes("weft-row"):
            ui.link(run.flow_name, f"/run/{run.id}").classes("weft-link weft-truncate")
            ui.label(f"started {ago(run.created_at)}").classes("weft-muted weft-small weft-grow weft-truncate")
            go_on = ui.button("Continue", icon="sym_r_resume").classes("weft-button").props("dense")
            go_on.props["aria-label"] = f"Continue {run.flow_name}"
            does(go_on, lambda: self._go_on(run))
            leave = ui.button("Dismiss", on_click=lambda: self._dismiss([run])).classes("weft-quiet")
            leave.props("flat dense")
            leave.props["aria-label"] = f"Dismiss {run.flow_name}"

    async def _go_on(self, run: RunCard) -> None:
        if await resume_run(self._studio, run.id):
            ui.notify(f"“{run.flow_name}” goes on after its last finished step.")
            await self.refresh()

    async def _dismiss(self, runs: list[RunCard]) -> None:
        with said():
            before = await self._studio.settings.get(DISMISSED, [])
            # The newest ones: one that has ended since is asked for no more.
            kept = [*before, *(run.id for run in runs)][-MOST:]
            await self._studio.settings.put(DISMISSED, kept)
            await self.refresh()
