"""The bar under the canvas that says how the last run stands, and the buttons that start, stop and go on with it."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from nicegui import ui

from app.engine.debug import BREAK
from app.language import msg, spoken, tr
from app.runs.options import is_rehearsal
from app.runs.reading.picture import Picture
from app.store.runs import Run
from app.ui.commands.here import key_tip, with_key
from app.ui.dialogs import asks, does
from app.ui.editor.run_menu import RunMenu
from app.ui.editor.ways import RUN, WAYS, Way
from app.ui.seen import GOING, Chip, standing
from app.ui.words import ago, duration

Work = Callable[[], Awaitable[None]]

SAME = msg("Go on after the last finished step")
TICK = 0.4
"""Seconds between two looks at the clock."""

CHANGED = msg("The flow has changed since: go on with it as it is now. What is done and unchanged is taken over.")


class RunBar:
    """`show` a run as it stands, `tick` its time. Hidden while there is none."""

    def __init__(self, *, to_failure: Work, report: Work, hide: Callable[[], None]) -> None:
        with ui.element("div").classes("weft-run-bar").props('role="status" aria-live="polite"') as self.element:
            self._chip = Chip()
            self._rehearsal = ui.label(tr("Rehearsal")).classes("weft-chip is-accent")
            self._rehearsal.tooltip(tr("Nothing is written, sent or bought."))
            with ui.element("button").classes("weft-run-says weft-grow").props("type=button") as self._says:
                self._says.on("click", to_failure)
                self._message = ui.label("").classes("weft-truncate")
                self._whole_message = ui.tooltip("").props("max-width=560px")
            self._keys = ui.link(tr("Open the Keys page"), "/keys").classes("weft-link weft-small")
            self._report = does(ui.button(tr("Report")), report).classes("weft-button").props("dense")
            self._report.tooltip(tr("What would have happened"))
            self._time = ui.label("").classes("weft-muted weft-small weft-numbers")
            self._open = ui.link(tr("Details"), "/runs").classes("weft-link weft-small")
            gone = ui.button(icon="sym_r_close", on_click=hide).classes("weft-icon-button")
            gone.props(f'flat aria-label="{tr("Hide the last run")}"').tooltip(tr("Hide the last run"))
        self.element.set_visibility(False)
        self._ticked, self._going = 0.0, ""

    def show(self, run: Run, status: str, picture: Picture, hint: str) -> None:
        """Show how a run stands; `hint` is the next move after its failure."""
        going = status in GOING
        self.element.set_visibility(True)
        self._open.props(f"href=/run/{run.id}")
        stands = going and any(each.sort == BREAK for each in picture.questions.values())
        self._chip.show("paused" if stands else standing(status, picture))
        self._rehearsal.set_visibility(is_rehearsal(run))
        self._report.set_visibility(is_rehearsal(run) and not going)
        message = spoken(picture.message)
        self._message.set_text(message)
        # It keeps its place, but there is nothing to press or to read out.
        self._says.style(f"visibility: {'visible' if picture.message else 'hidden'}")
        self._whole_message.set_text(message)
        self._whole_message.set_visibility(bool(picture.message))
        self._keys.set_visibility("Keys page" in hint)
        self.tick(run, going)

    def tick(self, run: Run, going: bool) -> None:
        """Show how long it has taken by now; not too often: a browser goes over the whole page each time."""
        if going and self._going == run.id and time.monotonic() - self._ticked < TICK:
            return
        self._ticked, self._going = time.monotonic(), run.id if going else ""
        began, ended = run.created_at, run.ended_at
        took = duration(max(0.0, time.time() - began if going or ended is None else ended - began))
        self._time.set_text(took if going else f"{took} · {ago(began)}")

    def hide(self) -> None:
        """Show nothing."""
        self.element.set_visibility(False)


class RunButtons:
    """Run with its menu, Stop, and Continue; made where they are to stand."""

    def __init__(
        self,
        *,
        run: Callable[[Way], Awaitable[None]],
        why_not: Callable[[Way], str],
        again: Callable[[], Sequence[Way]],
        stop: Work,
        resume: Work,
    ) -> None:
        self._continue = asks(ui.button(tr("Continue"), icon="sym_r_resume"), resume).classes("weft-button")
        with self._continue:
            self._tip = ui.tooltip("")
        with ui.element("div").classes("weft-split") as self._stop:
            does(ui.button(tr("Stop"), icon="sym_r_stop"), stop).classes("weft-button weft-danger")
            RunMenu(tr("While it runs"), again, run, why_not).classes("weft-button weft-danger")
        key_tip(self._stop, tr("Stop the run"), "stop")
        # A plain click, not `does`: the key and the button share one guard, in the editor.
        with ui.element("div").classes("weft-split") as self._run:
            begin = ui.button(tr("Run"), icon="sym_r_play_arrow", on_click=partial(run, RUN))
            begin.classes("weft-button weft-run")
            key_tip(begin, tr("Run the flow"), RUN.command)
            RunMenu(tr("Other ways to run"), lambda: WAYS, run, why_not).classes("weft-button weft-run")

    def show(self, *, going: bool, resumable: bool, changed: bool) -> None:
        """Show the buttons that can be used now; `changed` where the flow is no longer the one that ran."""
        self._run.set_visibility(not going)
        self._stop.set_visibility(going)
        self._continue.set_visibility(resumable)
        if resumable:
            self._continue.set_text(tr("Continue with the changes") if changed else tr("Continue"))
            self._tip.set_text(with_key(tr(CHANGED if changed else SAME), "resume"))
