"""What the journal knows of a step: how it ended, what it was given, what it gave, its log and its pictures."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial

from nicegui import ui
from pydantic import JsonValue as Json

from app.engine.events import Pictured, Rehearsed
from app.language import spoken, tr
from app.language.speaking import grouped
from app.runs.reading.details import Details
from app.ui.called import heading
from app.ui.data.view import DataView, Use
from app.ui.round_bar import RoundBar
from app.ui.stage import Stage
from app.ui.value import show_value
from app.ui.words import duration, icon_of, status_words

BETWEEN = 0.25
"""Seconds between two looks into the journal of a run that goes on."""

LINES = 500
"""Lines of a log that are shown, the last ones."""


class Result:
    """The result of one step in the run that is followed, for the round that is chosen.

    With `use`, a part of what it gave can be put into a setting.
    """

    def __init__(self, stage: Stage, path: str, *, use: Use | None = None) -> None:
        self._stage = stage
        self._use = use
        self._views: dict[str, str] = {}
        """How each output was shown last, where somebody chose."""
        self._reader = stage.reader
        self._path = path
        self._drawn: tuple[object, ...] = ()
        self._text: ui.label | None = None
        self._busy = self._again = False
        self._bar = RoundBar(stage, path)
        self._root = ui.element("div").classes("weft-stack")

    def refresh(self) -> None:
        """Show what the journal says now."""
        if self._busy:
            self._again = True
        else:
            self._busy = True
            self._soon(0)

    def _soon(self, wait: float) -> None:
        with self._root:
            ui.timer(wait, self._look, once=True)

    async def _look(self) -> None:
        self._again = False
        try:
            run_id = self._reader.run_id
            step = self._reader.full(self._path)
            details = await self._reader.details(step)
            if details.status == "waiting":
                details = replace(details, reason=details.reason or self._stage.waits_for(self._path))
            if run_id == self._reader.run_id and not self._root.is_deleted:
                self._bar.show(step)
                self._show(run_id, details)
        finally:
            self._busy = False
        if self._again and not self._root.is_deleted:
            self._busy = True
            self._soon(BETWEEN)

    def _show(self, run_id: str, details: Details) -> None:
        drawn = _as_drawn(run_id, details)
        if drawn != self._drawn:
            self._drawn = drawn
            self._root.clear()
            self._text = None
            with self._root:
                self._draw(run_id, details)
        if self._text is not None:
            self._text.set_text(details.text)

    def _draw(self, run_id: str, details: Details) -> None:
        if not run_id:
            ui.label(tr("Nothing yet. Run the flow to see what this step is given and gives.")).classes("weft-muted")
            return
        self._draw_ending(details)
        self._draw_outputs(details)
        self._draw_rest(details)

    def _draw_ending(self, details: Details) -> None:
        """How it ended, and what is to be said of that."""
        with ui.element("div").classes("weft-row"):
            with ui.element("span").classes(f"weft-status is-{details.status}"):
                ui.icon(icon_of(details.status))
                ui.label(tr("Not run yet") if details.status == "waiting" else status_words(details.status))
            if details.status in ("done", "failed"):
                ui.label(duration(details.ms / 1000)).classes("weft-muted weft-small weft-numbers")
        if details.reason:
            ui.label(spoken(details.reason)).classes("weft-muted")
        if details.reused:
            ui.link(tr("Taken over from an earlier run"), f"/run/{details.reused}").classes("weft-link")
        elif details.by_hand:
            ui.label(tr("Given by hand")).classes("weft-muted")
        if details.message:
            _message(details)
        for would in details.would:
            _would(would)
        if details.page is not None:
            _page(details.page)

    def _draw_outputs(self, details: Details) -> None:
        """What it gave."""
        for name, value in (details.outputs or {}).items():
            self._draw_output(tr("Gave: {name}", name=_of_output(name)), name, value)

    def _draw_output(self, label: str, name: str, value: Json, *, large: bool = False) -> DataView:
        root = f"{self._path.rpartition('/')[2]}.{name}"
        viewed = partial(self._views.__setitem__, name)
        view = self._views.get(name, "")
        return DataView(label, value, root=root, use=self._use, large=large, view=view, viewed=viewed)

    def _draw_rest(self, details: Details) -> None:
        """What it said and was given meanwhile, folded where it is long."""
        if details.status == "running" and details.text:
            with ui.element("div").classes("weft-field"):
                ui.label(tr("So far")).classes("weft-label")
                self._text = ui.label("").classes("weft-value weft-code")
        if details.given:
            with _more(tr("Was given")):
                for name, value in details.given.items():
                    show_value(heading(name), value)
        if details.log:
            with _more(tr("Log ({count})", count=len(details.log)), opened=True):
                _log(details)
        if details.touched:
            with _more(tr("Reached")):
                for touched in dict.fromkeys(details.touched):
                    ui.label(touched).classes("weft-small weft-mono")
        for spent in details.spent:
            into, out = _count(spent.tokens_in), _count(spent.tokens_out)
            said = tr("{what}: {into} tokens in, {out} out", what=spent.what, into=into, out=out)
            ui.label(said).classes("weft-muted weft-small")


def _of_output(name: str) -> str:
    """An output by its name: `value`, in German `Wert`."""
    words = name.replace("_", " ")
    said = heading(name)
    return words if said == words.capitalize() else said


def _as_drawn(run_id: str, details: Details) -> tuple[object, ...]:
    """All of it that is drawn anew when it changes; text that streams in is not."""
    return (
        run_id,
        details.step,
        details.status,
        details.started,
        details.reason,
        details.message,
        details.hint,
        details.page,
        bool(details.text),
        len(details.log),
        len(details.touched),
        len(details.spent),
        len(details.would),
        details.reused,
        details.by_hand,
    )


def _message(details: Details) -> None:
    tone = "asked" if details.status in ("asked", "paused") else "failed"
    with ui.element("div").classes(f"weft-notice is-{tone} weft-stack weft-tight"):
        ui.label(spoken(details.message)).classes("weft-strong")
        if details.hint:
            ui.label(spoken(details.hint))
        if "Keys page" in details.hint:
            ui.link(tr("Open the Keys page"), "/keys").classes("weft-link")


def _would(would: Rehearsed) -> None:
    """What a rehearsed step would have done."""
    with ui.element("div").classes("weft-notice is-asked weft-stack weft-tight"):
        ui.label(spoken(would.what)).classes("weft-strong weft-anywhere")
        if would.given:
            with _more(tr("With exactly this")):
                for name, value in would.given.items():
                    show_value(heading(name), value)


def _page(seen: Pictured) -> None:
    """The page on which a browser step failed, as it looked then."""
    address = f"/kept/{seen.sha256}/{seen.name}"
    with ui.element("div").classes("weft-field"):
        ui.label(tr("The page when it failed")).classes("weft-label")
        with ui.element("a").props(f'href="{address}" target="_blank" rel="noopener"'):
            ui.element("img").classes("weft-thumb").props(f'src="{address}" alt="{tr("The page when it failed")}"')
        if seen.title:
            ui.label(seen.title).classes("weft-small weft-anywhere")
        ui.label(seen.url).classes("weft-small weft-mono weft-anywhere")


def _log(details: Details) -> None:
    with ui.element("div").classes("weft-log"):
        for line in details.log[-LINES:]:
            with ui.element("div").classes("weft-log-line" + (" is-failed" if line.level == "error" else "")):
                ui.label(f"{datetime.fromtimestamp(line.at):%H:%M:%S}").classes("weft-log-time")
                ui.label(spoken(line.text))


def _more(title: str, *, opened: bool = False) -> ui.expansion:
    return ui.expansion(title, value=opened).classes("weft-expansion").props("dense")


def _count(tokens: int | None) -> str:
    return "?" if tokens is None else grouped(tokens)
