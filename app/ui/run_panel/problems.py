"""The Problems tab: what is wrong with the flow as it is, and what failed in the run that is shown."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial

from nicegui import ui

from app.language import msg, tr, trn
from app.ui.dialogs import said

MOST = 200
"""Lines that are shown; the rest is counted."""

SIGNS = {
    "error": ("error", "weft-error", msg("Error")),
    "warning": ("warning", "weft-warn", msg("Warning")),
    "failed": ("cancel", "weft-error", msg("Failed")),
}

GoTo = Callable[[str, str], Awaitable[None] | None]


@dataclass(frozen=True)
class Wrong:
    """One line: how bad, the step by its path and as it is called, the setting, and what is wrong."""

    sort: str
    path: str
    name: str
    field: str
    text: str


class ProblemsTab:
    """Drawn anew only when what it says has changed. `go_to` takes one to a step, and a setting of it."""

    def __init__(self, go_to: GoTo, failed: GoTo) -> None:
        self._go_to, self._failed = go_to, failed
        self._shown: tuple[tuple[Wrong, ...], tuple[Wrong, ...]] | None = None
        self._box = ui.element("div").classes("weft-problems")

    def show(self, flow: Sequence[Wrong], run: Sequence[Wrong], *, editing: bool) -> None:
        """Show these problems of the flow, and these failures of the run."""
        shown = (tuple(flow), tuple(run))
        if shown == self._shown:
            return
        self._shown = shown
        self._box.clear()
        with self._box:
            if not flow and not run:
                fine = tr("Nothing is wrong with this flow.")
                well = fine if editing else tr("No step of this run failed.")
                with ui.element("div").classes("weft-row weft-muted weft-problems-none"):
                    ui.icon("sym_r_check_circle")
                    ui.label(well)
            self._list(tr("In this flow") if run else "", flow, self._go_to)
            self._list(tr("In the last run") if editing else "", run, self._failed)

    def _list(self, title: str, wrong: Sequence[Wrong], go_to: GoTo) -> None:
        if not wrong:
            return
        if title:
            ui.label(title).classes("weft-section-title")
        with ui.element("div").classes("weft-problems-list").props("role=list"):
            for place, each in enumerate(wrong[:MOST]):
                self._line(each, go_to, first=place == 0)
        if len(wrong) > MOST:
            ui.label(trn("And {n} more.", "And {n} more.", len(wrong) - MOST)).classes("weft-muted weft-small")

    def _line(self, each: Wrong, go_to: GoTo, *, first: bool) -> None:
        icon, tone, word = SIGNS[each.sort]
        with ui.element("div").props("role=listitem"):
            line = ui.element("button").classes("weft-problem").props("type=button")
            if first:
                line.props("data-first")
            if each.path:
                line.on("click", partial(self._go, go_to, each), args=[])
            with line:
                ui.icon(f"sym_r_{icon}").classes(tone).tooltip(tr(word))
                if each.name:
                    ui.label(each.name).classes("weft-problem-step weft-truncate")
                ui.label(each.text).classes("weft-grow weft-anywhere")

    async def _go(self, go_to: GoTo, each: Wrong) -> None:
        with said():
            waits = go_to(each.path, each.field)
            if waits is not None:
                await waits
