"""What an earlier start of Weft left unfinished: how to go on with it, or let it be; and what went on by itself."""

from __future__ import annotations

from nicegui import ui

from app.language import spoken, tr, trn
from app.runs.live import CLOSED
from app.store.runs import RunCard
from app.studio import Studio
from app.ui.dialogs import does
from app.ui.home.start import resume_run
from app.ui.words import ago

SHOWN = 4
MOST = 200


class Interrupted:
    """A notice that is there only while there is something to say."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._runs: list[RunCard] = []
        self._went_on: list[RunCard] = []
        self.element = (
            ui.element("section").classes("weft-notice is-asked").props(f'aria-label="{tr("Interrupted runs")}"')
        )
        self.element.set_visibility(False)

    def names(self, run_id: str) -> bool:
        """True where the notice speaks of this run."""
        return any(run.id == run_id for run in self._runs)

    async def refresh(self) -> None:
        """Look which runs are interrupted, and which went on by themselves."""
        self._runs = await self._studio.runs.stored.newest(status="interrupted", limit=MOST)
        self._went_on = self._studio.runs.went_on
        self.element.set_visibility(bool(self._runs or self._went_on))
        self.element.clear()
        with self.element:
            if self._runs or self._went_on:
                ui.icon("sym_r_power_off")
                with ui.element("div").classes("weft-stack weft-grow"):
                    self._draw()

    def _draw(self) -> None:
        count = len(self._runs)
        if count:
            with ui.element("div").classes("weft-row"):
                what = trn(
                    "{n} run was interrupted when Weft was closed. What had finished is kept.",
                    "{n} runs were interrupted when Weft was closed. What had finished is kept.",
                    count,
                )
                ui.label(what).classes("weft-strong weft-grow")
                if count > 1:
                    every = does(ui.button(tr("Discard all")), lambda: self._discard(self._runs))
                    every.classes("weft-quiet").props("flat dense")
            for run in self._runs[:SHOWN]:
                self._line(run)
            if count > SHOWN:
                ui.link(tr("See all {count}", count=count), "/runs?status=interrupted").classes("weft-link")
        for run in self._went_on[:SHOWN]:
            with ui.element("div").classes("weft-row"):
                ui.label(tr("Interrupted, and went on by itself:")).classes("weft-muted")
                ui.link(run.flow_name, f"/run/{run.id}").classes("weft-link weft-grow weft-truncate")
        if self._went_on:
            seen = does(ui.button(tr("Seen")), self._see).classes("weft-quiet").props("flat dense")
            seen.props["aria-label"] = tr("I have seen what went on by itself")

    def _line(self, run: RunCard) -> None:
        with ui.element("div").classes("weft-row"):
            ui.link(run.flow_name, f"/run/{run.id}").classes("weft-link weft-truncate")
            message = spoken(run.message)
            why = f" · {message}" if run.message not in ("", CLOSED) else ""
            began = ui.label(f"{tr('started {ago}', ago=ago(run.created_at))}{why}")
            began.classes("weft-muted weft-small weft-grow weft-truncate").props["title"] = message
            go_on = ui.button(tr("Resume"), icon="sym_r_resume").classes("weft-button").props("dense")
            go_on.props["aria-label"] = tr("Resume {name}", name=run.flow_name)
            go_on.tooltip(tr("Go on after the last finished step. A step that may have happened is asked about first."))
            does(go_on, lambda: self._go_on(run))
            step = ui.button(tr("From a step…"), on_click=lambda: ui.navigate.to(f"/run/{run.id}"))
            step.classes("weft-quiet").props("flat dense").tooltip(tr("Choose the step on the page of the run"))
            step.props["aria-label"] = tr("Resume {name} from a step", name=run.flow_name)
            leave = does(ui.button(tr("Discard")), lambda: self._discard([run]))
            leave.classes("weft-quiet").props("flat dense")
            leave.props["aria-label"] = tr("Discard {name}", name=run.flow_name)
            leave.tooltip(tr("Let it be. It stays among the runs as stopped."))

    async def _go_on(self, run: RunCard) -> None:
        if await resume_run(self._studio, run.id):
            ui.notify(tr("“{name}” goes on after its last finished step.", name=run.flow_name))
            await self.refresh()

    async def _discard(self, runs: list[RunCard]) -> None:
        for run in list(runs):
            await self._studio.runs.discard(run.id)
        await self.refresh()

    async def _see(self) -> None:
        self._studio.runs.went_on = []
        await self.refresh()
