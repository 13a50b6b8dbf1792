"""A run as lists show it: its status as icon and word, and how long it took."""

from __future__ import annotations

from dataclasses import dataclass

from nicegui import ui

from app.runs.live import RESTS
from app.runs.reading.picture import Picture
from app.store.flows import LastRun
from app.store.runs import RunCard
from app.ui.words import duration, icon_of, status_words

GOING = ("running", "waiting", "queued")
REHEARSAL = "rehearsal"
"""What is said to have started a run in which nothing was written, sent or bought."""

TONES = {
    "waiting": "asked",
    "paused": "asked",
    "resting": "waiting",
    "queued": "waiting",
    "rehearsed": "accent",
    "interrupted": "stopped",
}
"""Statuses that wear the colour of another."""


@dataclass(frozen=True)
class Seen:
    """As much of a run as one line shows."""

    id: str
    status: str
    message: str
    began: float
    ended: float | None
    rehearsal: bool = False

    @property
    def stands(self) -> str:
        """Its status; or that it was a rehearsal, or only rests until a time and wants nothing of anybody."""
        if self.rehearsal and self.status == "done":
            return "rehearsed"
        return "resting" if self.status == "waiting" and self.message.startswith(RESTS) else self.status

    @property
    def going(self) -> bool:
        """True while it runs or waits for an answer."""
        return self.status in GOING

    def took(self, now: float) -> str:
        """How long it took, or has taken so far; nothing where nobody knows."""
        if self.ended is not None:
            return duration(max(0.0, self.ended - self.began))
        return duration(max(0.0, now - self.began)) if self.going else ""


def seen(run: LastRun | RunCard) -> Seen:
    """A run as one line shows it."""
    return Seen(run.id, run.status, run.message, run.created_at, run.ended_at, run.trigger == REHEARSAL)


def status_of(picture: Picture, going: bool) -> str:
    """How a run stands that is watched; `going` is True for one that goes on now or waits for its turn."""
    if not going or picture.status == "queued":
        return picture.status
    return "waiting" if picture.questions else "running"


def standing(status: str, picture: Picture) -> str:
    """A run's status, or that it only rests until a time and wants nothing of anybody."""
    return "resting" if status in GOING and picture.rests and not picture.questions and not picture.busy else status


def tone(status: str) -> str:
    """The class that gives a status its colour."""
    return f"is-{TONES.get(status, status)}"


class Chip(ui.element):
    """A status as icon and word."""

    def __init__(self) -> None:
        super().__init__("span")
        self._tone = ""
        self.classes("weft-status")
        with self:
            self._icon = ui.icon("sym_r_circle")
            self._word = ui.label("")

    def show(self, status: str) -> None:
        self.classes(remove=self._tone, add=tone(status))
        self._tone = tone(status)
        self._icon.name = icon_of(status)
        self._word.set_text(status_words(status))
