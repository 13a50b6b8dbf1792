"""The side panel of a run while no step is chosen: how it ended, what it gave, and what it was given."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

import orjson
from nicegui import ui

from app.language import msg, spoken, tr, trn
from app.runs.options import is_rehearsal
from app.runs.reading.picture import Light, Picture
from app.runs.reading.rehearsal import report
from app.store.journal import LARGE
from app.store.runs import Run
from app.ui.history.rehearsed import Report, run_for_real
from app.ui.history.row import started_by
from app.ui.inbox.plain import plain
from app.ui.naming import name_of
from app.ui.seen import GOING
from app.ui.value import show_value
from app.ui.words import exactly, status_words

if TYPE_CHECKING:
    from app.ui.history.run_page import RunView

FAILURES = 5
"""Failed steps that are told here; the others are red on the canvas."""

KEYS_PAGE = "Keys page"

CHANGED = msg("Changed since")

SOON = 0.3
"""Seconds after which a large result is read: the steps of the run are seen first."""


class Overview:
    """Drawn anew only when what it says has changed."""

    def __init__(self, view: RunView) -> None:
        self._view = view
        self._said: object = None
        with ui.element("div").classes("weft-panel-head"):
            ui.label(tr("This run")).classes("weft-panel-title")
        self._body = ui.element("div").classes("weft-panel-body")

    def show(self, status: str, picture: Picture, record: Run) -> None:
        """Show how the run stands."""
        failed = _where_it_failed(picture.lights)
        says = (
            status,
            picture.message,
            picture.result,
            record.result,
            [(p, x.message, x.hint) for p, x in failed.items()],
        )
        if says == self._said:
            return
        self._said = says
        self._body.clear()
        with self._body:
            if is_rehearsal(record) and status not in GOING:
                with ui.element("div").classes("weft-stack"):
                    ui.timer(0, partial(self._rehearsed, record), once=True)
            self._outcome(status, picture.message, failed)
            if picture.result is not None:
                show_value(tr("Result"), picture.result)
            elif record.result is not None:
                self._kept_result(record.result)
            elif status == "done" and not is_rehearsal(record):
                ui.label(tr("The flow gave nothing back. Choose a step to see what it gave.")).classes("weft-muted")
            for name, value in orjson.loads(record.inputs).items():
                declared = self._view.flow.inputs.get(name)
                show_value(tr("Given: {name}", name=(declared and declared.label) or name), value)
            self._facts(record)

    def _kept_result(self, written: str) -> None:
        """What the run gave, from the disk; a large one soon, when the page is there."""
        if len(written) <= LARGE:
            show_value(tr("Result"), orjson.loads(written))
            return
        with ui.element("div").classes("weft-stack"):
            reading = ui.label(tr("Reading the result …")).classes("weft-muted")

            async def read() -> None:
                result = await asyncio.to_thread(orjson.loads, written)
                if not reading.is_deleted:
                    reading.delete()
                    show_value(tr("Result"), result)

            ui.timer(SOON, read, once=True)

    async def _rehearsed(self, record: Run) -> None:
        """What would have happened, and a button that makes it so."""
        studio = self._view.studio
        effects = await report(studio.database, studio.artifacts, record.id)
        Report(studio, self._view.flow, effects, self._view.choose)
        if self._view.now is not None:
            run_for_real(self._view.run_again)

    def _outcome(self, status: str, message: str, failed: dict[str, Light]) -> None:
        if failed:
            for path, light in list(failed.items())[:FAILURES]:
                self._failure(path, light)
            if len(failed) > FAILURES:
                more = trn("And {n} more steps failed.", "And {n} more steps failed.", len(failed) - FAILURES)
                ui.label(more).classes("weft-muted")
        elif message:
            with ui.element("div").classes(f"weft-notice is-{'failed' if status == 'failed' else 'stopped'}"):
                ui.label(plain(spoken(message))).classes("weft-anywhere")
        elif status in ("running", "waiting"):
            ui.label(tr("{status}. Choose a step to see what it does.", status=status_words(status))).classes(
                "weft-muted"
            )
        if status in ("failed", "interrupted", "stopped"):
            ui.label(tr("To go on from one of its steps, choose it.")).classes("weft-muted")

    def _failure(self, path: str, light: Light) -> None:
        with ui.element("div").classes("weft-notice is-failed weft-stack weft-tight"):
            with ui.element("button").classes("weft-failure").props("type=button") as step:
                ui.icon("sym_r_error")
                ui.label(name_of(self._view.shown, path, self._view.studio.catalog))
            step.on("click", lambda: self._view.show_failure(path))
            ui.label(spoken(light.message)).classes("weft-anywhere")
            if light.hint:
                ui.label(spoken(light.hint)).classes("weft-muted weft-anywhere")
            if KEYS_PAGE in light.hint or KEYS_PAGE in light.message:
                ui.link(tr("Open the Keys page"), "/keys").classes("weft-link")

    def _facts(self, record: Run) -> None:
        with ui.element("dl").classes("weft-facts"):
            if record.parent:
                with ui.element("dt"):
                    ui.label(tr("Goes on from"))
                with ui.element("dd"):
                    ui.link(tr("An earlier run"), f"/run/{record.parent}").classes("weft-link")
            for name, text in (
                (tr("Started"), exactly(record.created_at)),
                (tr("Ended"), exactly(record.ended_at) if record.ended_at is not None else ""),
                (tr("Started by"), started_by(record.trigger)),
                (tr("Flow"), tr(self._view.version)),
                (tr("Run:").removesuffix(":"), record.id),
            ):
                if text:
                    with ui.element("dt"):
                        ui.label(name)
                    with ui.element("dd"):
                        ui.label(text)
                        if text == tr(CHANGED):
                            since = f"/flow/{record.flow_id}/versions?before=run-{record.id}"
                            ui.link(tr("See what has changed"), since).classes("weft-link")


def _where_it_failed(lights: Mapping[str, Light]) -> dict[str, Light]:
    """The steps that failed, without the containers that only failed because of a step in them."""
    failed = {path: light for path, light in lights.items() if light.status == "failed"}
    return {path: light for path, light in failed.items() if not any(inner.startswith(f"{path}/") for inner in failed)}
