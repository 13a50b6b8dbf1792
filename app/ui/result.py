"""What the journal knows of a step: how it ended, what it was given, what it gave, its log and its pictures."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import orjson
from nicegui import ui
from pydantic import JsonValue as Json

from app.engine.events import Event
from app.runs.reading import Details, details_of, events_of
from app.studio import Studio
from app.ui.words import duration, icon_of, size, status_words

LONGEST = 20_000
"""Characters of a value that are shown; the rest can be copied."""


class Result:
    """The result of one step in the run that is shown, for the round that is chosen."""

    def __init__(self, studio: Studio, path: str) -> None:
        self._studio = studio
        self._path = path
        self._run_id = ""
        self._rounds: list[str] = []
        self._chosen: str | None = None
        self._busy = self._again = False
        self._root = ui.element("div").classes("weft-stack")

    def refresh(self, run_id: str) -> None:
        """Read the journal of this run again and show what it says now."""
        if run_id != self._run_id:
            self._chosen = None
        self._run_id = run_id
        if self._busy:
            self._again = True
            return
        self._busy = True
        with self._root:
            ui.timer(0, self._load, once=True)

    async def _load(self) -> None:
        try:
            self._again = False
            events: list[Event] = []
            if self._run_id:
                events, _ = await events_of(self._studio.database, self._studio.artifacts, self._run_id)
            self._rounds = _rounds(events, self._path)
            step = self._chosen if self._chosen in self._rounds else (self._rounds[-1] if self._rounds else self._path)
            details = details_of(step, events)
            self._root.clear()
            with self._root:
                self._draw(details)
        finally:
            self._busy = False
        if self._again:
            self.refresh(self._run_id)

    def _draw(self, details: Details) -> None:
        if not self._run_id:
            ui.label("Nothing yet. Run the flow to see what this step is given and gives.").classes("weft-muted")
            return
        if len(self._rounds) > 1:
            self._round_chooser(details.step)
        with ui.element("div").classes("weft-row"):
            with ui.element("span").classes(f"weft-status is-{details.status}"):
                ui.icon(icon_of(details.status))
                ui.label("Not run yet" if details.status == "waiting" else status_words(details.status))
            if details.status in ("done", "failed"):
                ui.label(duration(details.ms / 1000)).classes("weft-muted weft-small weft-numbers")
        if details.reason:
            ui.label(details.reason).classes("weft-muted")
        if details.message:
            with ui.element("div").classes("weft-notice is-failed weft-stack weft-tight"):
                ui.label(details.message).classes("weft-strong")
                if details.hint:
                    ui.label(details.hint)
                if "Keys page" in details.hint:
                    ui.link("Open the Keys page", "/keys").classes("weft-link")
        for name, value in (details.outputs or {}).items():
            show_value(f"Gave: {name.replace('_', ' ')}", value)
        if details.status == "running" and details.text:
            show_value("So far", details.text)
        if details.given:
            with ui.expansion("Was given").classes("weft-expansion").props("dense"):
                for name, value in details.given.items():
                    show_value(name.replace("_", " ").capitalize(), value)
        if details.log:
            log = ui.expansion(f"Log ({len(details.log)})", value=True).classes("weft-expansion").props("dense")
            with log, ui.element("div").classes("weft-log"):
                for line in details.log[-500:]:
                    with ui.element("div").classes("weft-log-line" + (" is-failed" if line.level == "error" else "")):
                        ui.label(f"{datetime.fromtimestamp(line.at):%H:%M:%S}").classes("weft-log-time")
                        ui.label(line.text)
        if details.touched:
            with ui.expansion("Reached").classes("weft-expansion").props("dense"):
                for touched in dict.fromkeys(details.touched):
                    ui.label(touched).classes("weft-small weft-mono")
        for spent in details.spent:
            tokens = f"{spent.tokens_in or '?'} tokens in, {spent.tokens_out or '?'} out"
            ui.label(f"{spent.what}: {tokens}").classes("weft-muted weft-small")

    def _round_chooser(self, step: str) -> None:
        place = self._rounds.index(step)

        def go(to: int) -> None:
            self._chosen = self._rounds[max(0, min(to, len(self._rounds) - 1))]
            self.refresh(self._run_id)

        with ui.element("div").classes("weft-row"):
            before = ui.button(icon="sym_r_chevron_left", on_click=lambda: go(place - 1)).classes("weft-icon-button")
            before.props('flat dense aria-label="The round before"').set_enabled(place > 0)
            ui.label(f"Round {place + 1} of {len(self._rounds)}").classes("weft-numbers")
            after = ui.button(icon="sym_r_chevron_right", on_click=lambda: go(place + 1)).classes("weft-icon-button")
            after.props('flat dense aria-label="The round after"').set_enabled(place < len(self._rounds) - 1)


def _rounds(events: list[Event], path: str) -> list[str]:
    """The full paths this step has had in the run, by round."""
    from app.engine.past import plain

    found = dict.fromkeys(event.step for event in events if event.step and plain(event.step) == path)
    return sorted(found, key=lambda step: [int(part) if part.isdecimal() else -1 for part in step.split("/")[1::2]])


def show_value(label: str, value: Json) -> None:
    """A value under its label: a picture, a table or text, with a button that copies it."""
    with ui.element("div").classes("weft-field"):
        with ui.element("div").classes("weft-row"):
            ui.label(label).classes("weft-label weft-grow")
            copy = ui.button(icon="sym_r_content_copy", on_click=lambda: _copy(value)).classes("weft-icon-button")
            copy.props('flat dense aria-label="Copy"').tooltip("Copy")
        match value:
            case {"sha256": str(sha), "name": str(name), "size": int(count), "media_type": str(media)}:
                _file(sha, name, count, media)
            case [dict(), *_]:
                _table([row for row in value if isinstance(row, dict)])
            case _:
                ui.label(_shown(value)).classes("weft-value weft-code")


def _file(sha: str, name: str, count: int, media: str) -> None:
    address = f"/kept/{sha}/{name}"
    if media in ("image/png", "image/jpeg"):
        with ui.element("a").props(f'href="{address}" target="_blank" rel="noopener"'):
            ui.element("img").classes("weft-thumb").props(f'src="{address}" alt="{name}" loading="lazy"')
    ui.link(f"{name} ({size(count)})", address).classes("weft-link weft-small")


def _table(rows: list[dict[str, Any]]) -> None:
    columns = list(dict.fromkeys(key for row in rows[:100] for key in row))[:12]
    with ui.element("div").classes("weft-table-box"), ui.element("table").classes("weft-table weft-small"):
        with ui.element("thead"), ui.element("tr"):
            for column in columns:
                with ui.element("th"):
                    ui.label(str(column))
        with ui.element("tbody"):
            for row in rows[:50]:
                with ui.element("tr"):
                    for column in columns:
                        with ui.element("td"):
                            ui.label(_shown(row.get(column))[:200])
    if len(rows) > 50:
        ui.label(f"And {len(rows) - 50} more rows.").classes("weft-muted weft-small")


def _shown(value: Json) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = value if isinstance(value, str) else orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(text):,} characters)"


def _copy(value: Json) -> None:
    ui.clipboard.write(value if isinstance(value, str) else orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())
    ui.notify("Copied.")
