"""The Timeline tab: what a window sees of a run's timeline, and what it does with it."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any

from nicegui import ui
from nicegui.events import GenericEventArguments

from app.language import msg, spoken, tr, trn
from app.language.speaking import grouped
from app.runs.reading.timeline import Row, Timeline
from app.runs.reading.tracks import Bar
from app.ui.seen import TONES
from app.ui.words import STATUS, duration

MORE = {
    "reused": (msg("Taken over from an earlier run"), "cached"),
    "by hand": (msg("Given by hand"), "edit_note"),
    "waited": (msg("Waited"), "hourglass_empty"),
    "retry": (msg("Waits before the next try"), "hourglass_empty"),
    "waiting": (msg("Not begun"), "circle"),
}
"""How a bar can stand, beside how a step can."""

ROOM = 1.06
"""How much more than the whole run is seen, so that what was last has room for its words."""

Name = Callable[[str], str]
Moment = Callable[[dict[str, Any]], Awaitable[None]]
EMPTY = msg("Nothing yet. Run the flow, and every step has a bar here that shows when it ran and how long it took.")


class TimelineTab(ui.element, component="timeline.js"):
    """`show` a timeline, `refresh` it when something has come. `name` says how the step of a row is called.

    `picked` hears of which row the step is to be seen; `moment` hears where in time the person looks.
    """

    def __init__(self, *, name: Name, picked: Callable[[str], None], moment: Moment) -> None:
        super().__init__()
        self._name = name
        self._picked = picked
        self._moment = moment
        self._timeline: Timeline | None = None
        self._asked: dict[str, Any] = {"first": 0, "count": 60, "from": 0.0, "to": None}
        self._at: tuple[float, str] | None = None
        self._going = False
        self._now = time.time
        self.on("view", self._viewed)
        self.on("turn", self._turned)
        self.on("pick", lambda event: self._picked(str(event.args["id"])))
        self.on("moment", self._scrubbed)
        with self:
            self._words = ui.label("").classes("weft-faint weft-small weft-truncate")

    def show(self, timeline: Timeline) -> None:
        """Show another run."""
        self._timeline, self._at = timeline, None
        self._asked = {**self._asked, "first": 0, "from": 0.0, "to": None}
        self.run_method("reset")

    def stands(self, at: tuple[float, str] | None) -> None:
        """The moment that is looked at, and how it is called; None is now."""
        self._at = at

    async def refresh(self, *, going: bool | None = None, answer: bool = False) -> None:
        """Draw what can be seen, as it is now."""
        self._going = self._going if going is None else going
        timeline = self._timeline
        if timeline is None:
            return
        asked, begin = self._asked, timeline.begin
        now = self._until(timeline)
        to = asked["to"]
        until = begin + (now - begin) * ROOM if to is None else begin + float(to) / 1000
        since = begin + float(asked["from"]) / 1000
        part = await timeline.part(int(asked["first"]), int(asked["count"]), since, until, now)
        if timeline is not self._timeline or self.is_deleted:
            return
        at = self._at
        self.run_method(
            "draw",
            {
                "run": timeline.run_id,
                "rows": [self._row(row, marks, now) for row, marks in part.rows],
                "first": part.first,
                "count": part.count,
                "begin": begin * 1000,
                "until": _ms(now - begin),
                "from": _ms(since - begin),
                "to": _ms(until - begin),
                "at": None if at is None else _ms(at[0] - begin),
                "says": "" if at is None else at[1],
                "events": timeline.events,
                "answer": answer,
            },
        )
        took = duration(now - begin)
        rows = trn("{n} row, {took}", "{n} rows, {took}", part.count, took=took)
        self._words.set_text(rows if part.count else "")

    def reveal(self, id: str) -> None:
        """Bring a row into sight."""
        if self._timeline is not None and (place := self._timeline.row_of(id)) >= 0:
            self.run_method("reveal", place, id)

    def _until(self, timeline: Timeline) -> float:
        return max(timeline.until, self._now()) if self._going else timeline.until

    def _row(self, row: Row, marks: str, now: float) -> dict[str, Any]:
        begin = self._timeline.begin if self._timeline is not None else 0.0
        status = row.bars[-1].status if row.kind == "step" and row.bars and row.status == "running" else row.status
        word, icon = _words(status)
        tries = sum(bar.attempt > 1 for bar in row.bars)
        notes = [trn("{n} round", "{n} rounds", row.count) if row.kind == "step" and row.count > 1 else ""]
        notes += [trn("{n} failed", "{n} failed", row.failed) if row.failed and row.kind != "round" else ""]
        notes += [trn("{n} try", "{n} tries", tries + 1) if tries else ""]
        took = duration(
            max(0.0, (now if row.end is None else row.end) - (row.bars[-1].start if row.bars else row.start))
        )
        return {
            "id": row.id,
            "kind": row.kind,
            "depth": row.depth,
            "name": self._named(row),
            "icon": icon,
            "tone": TONES.get(status, status).replace(" ", "-"),
            "word": word,
            "says": took if status in ("done", "running") else word if status == "skipped" else f"{word} · {took}",
            "note": ", ".join(filter(None, notes)),
            "opens": row.opens,
            "start": _ms(row.start - begin),
            "end": None if row.end is None else _ms(row.end - begin),
            "bars": [_bar(bar, begin) for bar in row.bars],
            "waits": [_bar(wait, begin) for wait in row.waits],
            "marks": marks,
        }

    def _named(self, row: Row) -> str:
        match row.kind:
            case "round":
                if row.name.isdecimal():
                    return tr("Round {number}", number=grouped(int(row.name) + 1))
                return tr(row.name.replace("_", " ").capitalize())
            case "group":
                first, _, last = row.name.partition("-")
                if first.isdecimal() and last.isdecimal():
                    return tr("Rounds {first} to {last}", first=grouped(int(first) + 1), last=grouped(int(last) + 1))
                return trn("{n} round", "{n} rounds", row.count)
            case _:
                return self._name(row.id)

    async def _viewed(self, event: GenericEventArguments) -> None:
        self._asked = dict(event.args)
        await self.refresh()

    async def _turned(self, event: GenericEventArguments) -> None:
        if self._timeline is not None:
            await self._timeline.turn(str(event.args["id"]), bool(event.args["open"]))
            await self.refresh()

    async def _scrubbed(self, event: GenericEventArguments) -> None:
        try:
            await self._moment(dict(event.args))
        finally:
            await self.refresh(answer=True)


def _bar(bar: Bar, begin: float) -> list[Any]:
    word, _ = _words(bar.status)
    end = None if bar.end is None else _ms(bar.end - begin)
    return [_ms(bar.start - begin), end, bar.status.replace(" ", "-"), word, bar.attempt, spoken(bar.said)[:300]]


def _words(status: str) -> tuple[str, str]:
    word, icon = MORE.get(status) or STATUS.get(status, (status.capitalize(), "circle"))
    return tr(word), icon


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 4)
