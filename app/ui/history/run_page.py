"""One run as it went: the same canvas with the same lights, from the journal, now and after a restart."""

from __future__ import annotations

import asyncio
import logging
import time

from nicegui import background_tasks, context, ui

from app.engine.debug import BREAK
from app.language import msg, spoken, tr
from app.runs import parts
from app.runs.options import is_rehearsal
from app.runs.reading.picture import Picture
from app.runs.reading.unfolded import unfolded
from app.store.refusal import FlowMissing, Refusal, RunMissing
from app.store.runs import Run
from app.store.trouble import StoreTrouble
from app.studio import Studio
from app.ui.canvas import Canvas, Opened, Selection
from app.ui.commands.here import key_tip, offer
from app.ui.dialogs import asks, does
from app.ui.editor.redrawing import Drawing
from app.ui.finding.find import Find
from app.ui.history.breaking import Breaks
from app.ui.history.choosing import remove_button
from app.ui.history.going_on import GoingOn
from app.ui.history.offers import offers
from app.ui.history.overview import CHANGED, Overview
from app.ui.history.questions import Questions
from app.ui.history.step_foot import StepFoot
from app.ui.home.start import resume_run, start_run
from app.ui.naming import name_of
from app.ui.result import Result
from app.ui.run_panel.panel import RunPanel
from app.ui.seen import GOING, Chip, standing, status_of
from app.ui.stage import Stage
from app.ui.words import ago, duration
from flows.model import Flow, content_hash, walk
from nodes.catalog import Catalog

log = logging.getLogger(__name__)

RESUMABLE = ("failed", "stopped", "interrupted")


async def run_page(studio: Studio, run_id: str) -> None:
    """Show the run with this id, or say that it is not there."""
    try:
        record = await studio.runs.stored.get(run_id)
        # Beside the loop: all the steps of a large flow are read for the first time.
        flow, shown = await asyncio.to_thread(_read, *await studio.runs.stored.version(record), studio.catalog)
    except RunMissing as missing:
        _not_there(missing)
        return
    try:
        now = (await studio.shelf.open(record.flow_id)).flow
    except FlowMissing:
        now = None
    view = RunView(studio, record, flow, shown, now)
    view.build()
    await asyncio.sleep(0)  # Other windows have their turn between the two.
    await view.show()


def _read(document: str, others: str | None, catalog: Catalog) -> tuple[Flow, Flow]:
    """The flow, and what is drawn of it: the flows that it runs are inside the steps that run them."""
    flow = Flow.model_validate_json(document)
    shown = unfolded(flow, parts.read(others))
    # All that drawing needs to know of the steps is worked out here.
    drawing = Drawing(catalog)
    drawing.steps(shown, ())
    drawing.wires(shown)
    return flow, shown


class RunView:
    """One window on one run."""

    def __init__(self, studio: Studio, record: Run, flow: Flow, shown: Flow, now: Flow | None) -> None:
        self.studio = studio
        self.record = record
        self.flow = flow
        self.shown = shown
        self._now = now
        self.can_go_on = False
        """What this run has done can be taken over: it has ended, and was no rehearsal."""
        self.can_resume = self.can_stop = False
        self._foot: StepFoot | None = None
        self._status = ""
        self.path = ""
        """The chosen step; empty where none or several are."""
        self._result: Result | None = None
        self._overview: Overview | None = None

    @property
    def now(self) -> Flow | None:
        """The flow as it is now; None where it is deleted."""
        return self._now

    @property
    def version(self) -> str:
        """How the flow of this run stands to the flow as it is now."""
        if self._now is None:
            return msg("Deleted since")
        return "" if content_hash(self._now) == content_hash(self.flow) else CHANGED

    def build(self) -> None:
        """Make the elements; `show` fills them."""
        self._bar()
        with ui.element("div").classes("weft-editor has-no-palette"):
            with ui.element("div").classes("weft-middle") as middle, ui.element("div").classes("weft-stage"):
                canvas = Canvas(on_select=self._select, on_open=self._open).classes("weft-canvas")
                self.stage = Stage(self.studio, canvas, retried=self._go_to)
                self._questions = Questions(self.studio, self.record.id)
                self._find = Find(self.studio, self.stage, lambda: self.shown, lambda hit: self.choose(hit.path))
                self.breaks = Breaks(self.studio, self.record.id, lambda: self.flow, canvas.reveal)
            with middle:
                self._below = RunPanel(
                    self.studio,
                    self.stage,
                    flow=lambda: self.shown,
                    see=self.choose,
                    go_to=lambda path, _: self.choose(path),
                    failed=lambda path, _: self.show_failure(path),
                )
            self._panel = (
                ui.element("aside").classes("weft-panel weft-panel-right").props(f'aria-label="{tr("Details")}"')
            )
        offer({**offers(self), **self._find.offers()})
        self._continue.set_visibility(False)
        self._stop.set_visibility(False)
        context.client.on_delete(self.stage.leave)

    async def show(self) -> None:
        """Draw the flow as this run used it, and its lights."""
        self.stage.show(self.shown, (), editing=False)
        await self.stage.follow(self.record.id, self._changed)
        await self._below.load()
        context.client.on_delete(self.studio.runs.when_changed(self._heard))
        # After the last wait: with its first timer a page is sent as it is.
        self._clock = ui.timer(0.5, self._tick, active=False)
        self._draw_panel()
        self._changed(set())

    def choose(self, path: str) -> None:
        """Select a step, as if it had been clicked; an empty path is none."""
        self.stage.canvas.select([path] if path else [])
        if path:
            self.stage.canvas.focus(path)
        self._turn_to(path)

    def show_failure(self, path: str) -> None:
        """Select a step that failed, in the rounds in which it did."""
        self.choose(path)
        self.stage.choose_failed_rounds(path)

    def _bar(self) -> None:
        with ui.element("header").classes("weft-topbar"):
            back = ui.button(icon="sym_r_arrow_back", on_click=lambda: ui.navigate.to("/runs"))
            back.classes("weft-icon-button").props(f'flat aria-label="{tr("To all runs")}"').tooltip(tr("To all runs"))
            ui.label(self.record.flow_name).classes("weft-topbar-title").props("role=heading aria-level=1")
            with ui.element("div").classes("weft-row").props('role="status" aria-live="polite"'):
                self._chip = Chip()
                if is_rehearsal(self.record):
                    chip = ui.label(tr("Rehearsal")).classes("weft-chip is-accent")
                    chip.tooltip(tr("Nothing was written, sent or bought."))
            self._times = ui.label("").classes("weft-faint weft-small weft-numbers weft-truncate")
            with ui.element("div").classes("weft-topbar-actions"):
                remove_button(self.studio, self.record.id)
                if self._now is not None:
                    opens = ui.button(tr("Open flow"), icon="sym_r_edit").classes("weft-quiet").props("flat")
                    opens.on_click(lambda: ui.navigate.to(f"/flow/{self.record.flow_id}"))
                    self._again = asks(ui.button(tr("Run again"), icon="sym_r_replay"), self.run_again)
                    self._again.classes("weft-button")
                    key_tip(self._again, tr("Run the flow as it is now"), "run")
                self._continue = asks(ui.button(tr("Continue"), icon="sym_r_resume"), self.resume)
                self._continue.classes("weft-button weft-run")
                key_tip(self._continue, tr("Go on after the last finished step"), "resume")
                self._stop = does(ui.button(tr("Stop"), icon="sym_r_stop"), self.end)
                self._stop.classes("weft-button weft-danger")
                key_tip(self._stop, tr("Stop the run"), "stop")

    def _changed(self, paths: set[str]) -> None:
        watch = self.stage.watch
        if watch is None:
            return
        picture = watch.picture
        self._show_status(picture)
        self._questions.show(tuple(each for each in picture.questions.values() if each.sort != BREAK))
        self.breaks.show(picture.questions.values())
        if self._overview is not None:
            self._overview.show(self._status, picture, self.record)
        if self._result is not None and (self.path in paths or not paths):
            self._result.refresh()

    def _show_status(self, picture: Picture) -> None:
        going = self.record.id in self.studio.runs.going
        self._status = status_of(picture, going)
        if going and self._status not in GOING:
            self._status = "running"
        stands = going and any(each.sort == BREAK for each in picture.questions.values())
        self._chip.show("paused" if stands else standing(self._status, picture))
        self.can_go_on = not going and self._status not in GOING and not is_rehearsal(self.record)
        if self._foot is not None:
            self._foot.show(self.can_go_on)
        # A run that a terminal left waiting is asked on here, once it is continued.
        left = self._status == "waiting" and not going and bool(self.record.boot_id)
        self.can_resume = left or (self._status in RESUMABLE and not is_rehearsal(self.record))
        self.can_stop = going or (self._status in ("waiting", "queued") and not left)
        self._continue.set_visibility(self.can_resume)
        self._stop.set_visibility(self.can_stop)
        if self._now is not None:
            self._again.set_visibility(not going)
        self._clock.active = going
        self._tick()

    def _tick(self) -> None:
        going = self._status in GOING
        ended = time.time() if going else self.record.ended_at
        took = duration(max(0.0, ended - self.record.created_at)) if ended is not None else ""
        self._times.set_text(took if going else " · ".join(filter(None, (ago(self.record.created_at), took))))

    def _select(self, selection: Selection) -> None:
        steps = selection["steps"]
        self._turn_to(steps[0] if len(steps) == 1 else "")

    def _open(self, opened: Opened) -> None:
        self._turn_to(opened["step"])

    def _turn_to(self, path: str) -> None:
        if path != self.path:
            self.path = path
            self._draw_panel()
            self._changed(set())

    def _draw_panel(self) -> None:
        self._result = self._overview = self._foot = None
        self._panel.clear()
        self._panel.props["data-step"] = self.path
        with self._panel:
            if self.path:
                self._result = self._step_panel(self.path)
            else:
                self._overview = Overview(self)

    def _step_panel(self, path: str) -> Result:
        with ui.element("div").classes("weft-panel-head"):
            ui.label(name_of(self.shown, path, self.studio.catalog)).classes("weft-panel-title weft-grow")
            close = ui.button(icon="sym_r_close", on_click=lambda: self.choose("")).classes("weft-icon-button")
            whole = tr("To the whole run")
            close.props(f'flat dense aria-label="{whole}"').tooltip(whole)
        with ui.element("div").classes("weft-panel-body"):
            result = Result(self.stage, path)
        if path in {known for known, _ in walk(self.flow)}:
            # A step of another flow is not one to go on from: that flow is edited by itself.
            self._foot = StepFoot(self, path)
            self._foot.show(self.can_go_on)
        return result

    async def resume(self) -> None:
        """Go on with this run, with the flow as it is now where that has changed."""
        if self._now is None or not self.can_go_on or self.version != CHANGED:
            await resume_run(self.studio, self.record.id)
            return
        run_id = await GoingOn(self.studio, self.record.id, self._now, self.flow).ask(tr("Continue this run?"))
        if run_id is not None:
            ui.navigate.to(f"/run/{run_id}")

    async def end(self) -> None:
        """Stop this run."""
        await self.studio.runs.stop(self.record.id)

    async def _go_to(self, run_id: str) -> None:
        ui.navigate.to(f"/run/{run_id}")

    async def run_again(self) -> None:
        """Run the flow as it is now, from its beginning."""
        run_id = await start_run(self.studio, self.record.flow_id)
        if run_id is not None:
            ui.navigate.to(f"/run/{run_id}")

    def _heard(self, run_id: str) -> None:
        if run_id == self.record.id:
            background_tasks.create(self._run_changed(), name="run page: the run changed")

    async def _run_changed(self) -> None:
        went = self._status in GOING
        try:
            self.record = await self.studio.runs.stored.get(self.record.id)
            if self.stage.canvas.is_deleted:
                return
            if not went and self.record.id in self.studio.runs.going:
                # It goes on after its end: steps that had failed are to lose their light.
                await self.stage.follow(self.record.id, self._changed)
        except (Refusal, StoreTrouble) as trouble:
            log.warning("run %s: %s", self.record.id, trouble)
            return
        with self.stage.canvas.client:
            self._changed(set())


def _not_there(missing: RunMissing) -> None:
    with ui.element("div").classes("weft-page"), ui.element("div").classes("weft-empty"):
        ui.icon("sym_r_search_off").classes("weft-empty-icon")
        ui.label(spoken(missing.message)).classes("weft-empty-title")
        ui.label(spoken(missing.hint)).classes("weft-empty-text")
        with ui.element("div").classes("weft-empty-actions"):
            ui.button(tr("To all runs"), on_click=lambda: ui.navigate.to("/runs")).classes("weft-button weft-primary")
