"""The runs there have been, the newest first: how each ended, when, how long it took, and what started it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from urllib.parse import urlencode

from nicegui import background_tasks, context, ui

from app.language import msg, tr
from app.store.refusal import Refusal
from app.store.runs import RunCard
from app.store.trouble import StoreTrouble
from app.studio import Studio
from app.ui.dialogs import does, said
from app.ui.history.choosing import Choosing
from app.ui.history.row import Row
from app.ui.words import status_words

log = logging.getLogger(__name__)

A_PAGE = 50
SELDOM = 30
STATUSES = ("running", "waiting", "queued", "done", "failed", "stopped", "interrupted", "skipped")
COLUMNS = (msg("Status"), msg("Flow"), msg("Started"), msg("Took"), msg("By"), msg("Message"))


async def history_page(studio: Studio, *, flow: str, status: str) -> None:
    """Show the runs of this flow with this status; an empty text is any."""
    history = History(studio, flow, status if status in STATUSES else "")
    await history.build()
    await history.fill()
    history.follow_the_clock()


class History:
    """One window on the runs."""

    def __init__(self, studio: Studio, flow: str, status: str) -> None:
        self._studio = studio
        self._flow = flow
        self._status = status
        self._rows: dict[str, Row] = {}
        self._last: RunCard | None = None
        self._filling = asyncio.Lock()
        self._seconds = 0

    async def build(self) -> None:
        """Make the elements; `fill` fills them."""
        with ui.element("div").classes("weft-page"):
            with ui.element("header").classes("weft-page-head"):
                ui.label(tr("Runs")).classes("weft-title weft-grow").props("role=heading aria-level=1")
                self._choosing = Choosing(self._studio)
                statuses = {"": tr("Every status"), **{status: status_words(status) for status in STATUSES}}
                self._status_field = ui.select(statuses, value=self._status, on_change=self._chosen)
                self._status_field.classes("weft-filter").props(f'dense outlined aria-label="{tr("Status")}"')
                self._flow_field = ui.select(await self._flows(), value=self._flow, on_change=self._chosen)
                self._flow_field.classes("weft-filter weft-filter-wide")
                self._flow_field.props(f'dense outlined aria-label="{tr("Flow")}"')
            with ui.element("div").classes("weft-run-table") as self._box, ui.element("table").classes("weft-table"):
                with ui.element("thead"), ui.element("tr"):
                    with ui.element("th").classes("weft-run-box"):
                        self._choosing.every()
                    for column in COLUMNS:
                        with ui.element("th").props("scope=col"):
                            ui.label(tr(column))
                self._body = ui.element("tbody")
            self._none = ui.element("div").classes("weft-empty")
            self._more = does(ui.button(tr("Show older")), self._older).classes("weft-button weft-more")
        context.client.on_delete(self._studio.runs.when_changed(self._heard))
        context.client.on_delete(self._studio.keeping.when_removed(self._removed))

    async def fill(self) -> None:
        """Show the newest runs."""
        async with self._filling:
            self._body.clear()
            self._rows.clear()
            self._choosing.forget()
            self._last = None
            await self._add()
            empty = not self._rows
            self._box.set_visibility(not empty)
            self._none.set_visibility(empty)
            self._none.clear()
            if empty:
                with self._none:
                    self._draw_none()

    async def _add(self) -> None:
        found = await self._studio.runs.stored.newest(
            flow_id=self._flow or None, status=self._status or None, limit=A_PAGE + 1, before=self._last
        )
        shown = found[:A_PAGE]
        with self._body:
            self._rows |= {run.id: Row(run, self._choosing) for run in shown if run.id not in self._rows}
        self._last = shown[-1] if shown else self._last
        self._more.set_visibility(len(found) > len(shown))

    async def _older(self) -> None:
        async with self._filling:
            await self._add()

    async def _flows(self) -> dict[str, str]:
        """The flows to choose from: those on the shelf, and the one that is asked for even if it is gone."""
        names = {card.id: card.name for card in await self._studio.shelf.cards()}
        if self._flow and self._flow not in names:
            runs = await self._studio.runs.stored.newest(flow_id=self._flow, limit=1)
            names[self._flow] = tr("{name} (deleted)", name=runs[0].flow_name) if runs else tr("A deleted flow")
        return {"": tr("Every flow"), **dict(sorted(names.items(), key=lambda each: each[1].casefold()))}

    async def _chosen(self) -> None:
        self._flow, self._status = self._flow_field.value or "", self._status_field.value or ""
        wanted = {name: value for name, value in (("flow", self._flow), ("status", self._status)) if value}
        ui.navigate.history.replace(f"/runs?{urlencode(wanted)}" if wanted else "/runs")
        with said():
            await self.fill()

    def _draw_none(self) -> None:
        ui.icon("sym_r_history").classes("weft-empty-icon")
        if self._flow or self._status:
            ui.label(tr("No run is like that")).classes("weft-empty-title")
            ui.label(tr("Look at every run, or choose another status or flow.")).classes("weft-empty-text")
            with ui.element("div").classes("weft-empty-actions"):
                ui.button(tr("Show every run"), on_click=self._show_all).classes("weft-button")
        else:
            ui.label(tr("Nothing has run yet")).classes("weft-empty-title")
            about = tr("Press Run on a flow. Every run is found here, with all that its steps gave.")
            ui.label(about).classes("weft-empty-text")
            with ui.element("div").classes("weft-empty-actions"):
                to_flows = ui.button(tr("To your flows"), on_click=lambda: ui.navigate.to("/"))
                to_flows.classes("weft-button weft-primary")

    def _show_all(self) -> None:
        self._flow_field.value = ""
        self._status_field.value = ""

    def follow_the_clock(self) -> None:
        """Keep times up to date. Last of all: with its first timer a page is sent as it is."""
        ui.timer(1, self._tick)

    def _tick(self) -> None:
        self._seconds += 1
        for row in self._rows.values():
            if self._seconds % SELDOM == 0 or row.run.going:
                row.tick()

    def _heard(self, run_id: str) -> None:
        background_tasks.create(self._run_changed(run_id), name="history: a run changed")

    async def _run_changed(self, run_id: str) -> None:
        try:
            run = await self._studio.runs.stored.get(run_id)
        except (Refusal, StoreTrouble) as trouble:
            log.warning("run %s: %s", run_id, trouble)
            return
        async with self._filling:
            if self._body.is_deleted:
                return
            if run_id in self._rows:
                # It stays where it is even if it is no longer of the status that was asked for.
                with self._body.client:
                    self._rows[run_id].show(run)
            elif self._flow in ("", run.flow_id) and self._status in ("", run.status) and self._is_newest(run):
                with self._body:
                    row = Row(run, self._choosing)
                row.element.move(self._body, 0)
                self._rows = {run_id: row, **self._rows}
                self._box.set_visibility(True)
                self._none.set_visibility(False)

    def _removed(self, run_ids: Sequence[str]) -> None:
        gone = [run_id for run_id in run_ids if run_id in self._rows]
        if self._body.is_deleted or not gone:
            return
        for run_id in gone:
            self._rows.pop(run_id).element.delete()
        self._choosing.forget(gone)
        if not self._rows:
            with self._body:
                ui.timer(0, self.fill, once=True)

    def _is_newest(self, run: RunCard) -> bool:
        """True where it belongs on top: an older one is found where it belongs when the list is asked for anew."""
        return all(row.run.began <= run.created_at for row in self._rows.values())
