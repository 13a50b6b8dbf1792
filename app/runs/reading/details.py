"""Everything the journal knows of one step."""

from __future__ import annotations

from dataclasses import dataclass, field

from pydantic import JsonValue as Json

from app.engine.events import (
    Answered,
    Asked,
    Event,
    Failed,
    Finished,
    Logged,
    Pictured,
    Rehearsed,
    Retried,
    Skipped,
    Spent,
    Started,
    Stopped,
    Streamed,
    Touched,
)
from app.runs.reading.picture import resting


@dataclass(frozen=True)
class Line:
    """One line of a step's log."""

    at: float
    text: str
    level: str = "info"


@dataclass
class Details:
    """Everything the journal knows of one step of one round."""

    step: str
    status: str = "waiting"
    started: float = 0
    ms: float = 0
    given: dict[str, Json] = field(default_factory=dict)
    outputs: dict[str, Json] | None = None
    message: str = ""
    hint: str = ""
    page: Pictured | None = None
    reason: str = ""
    text: str = ""
    log: list[Line] = field(default_factory=list)
    touched: list[str] = field(default_factory=list)
    spent: list[Spent] = field(default_factory=list)
    would: list[Rehearsed] = field(default_factory=list)
    """What it would have done, in a rehearsal."""
    reused: str = ""
    """The run in which it really ran."""
    by_hand: bool = False

    def take(self, told: Event) -> None:
        """Take one event of this step."""
        match told:
            case Started(at=at, given=given):
                self.status, self.started, self.message, self.hint, self.text = "running", at, "", "", ""
                self.given, self.page, self.would = dict(given or {}), None, []
            case Finished(outputs=outputs, ms=ms, note=note, reused=reused, by_hand=by_hand):
                self.status = "rehearsed" if self.would else "done"
                self.outputs, self.ms, self.reason = dict(outputs or {}), ms, note
                self.reused, self.by_hand = reused, by_hand
                self.message = self.hint = ""
            case Failed(message=message, hint=hint, ms=ms):
                self.status, self.message, self.hint, self.ms = "failed", message, hint, ms
            case Pictured():
                self.page = told
            case Skipped(reason=reason):
                self.status, self.reason, self.message, self.hint = "skipped", reason, "", ""
            case Stopped():
                self.status, self.message, self.hint = "stopped", "", ""
            case Asked(sort="rest"):
                self.status, self.reason = "waiting", resting(told)
            case Asked(title=title, text=text, sort=sort):
                self.status, self.message, self.hint = "paused" if sort == "break" else "asked", title, text
            case Answered(choice=choice):
                self.status, self.message, self.hint, self.reason = "running", "", "", ""
                if choice:
                    self.log.append(Line(told.at, f"You chose: {choice}"))
            case Logged(at=at, text=text, level=level):
                self.log.append(Line(at, text, level))
            case Retried(at=at, message=message, wait=wait):
                self.log.append(Line(at, f"{message} Trying again in {wait:g} s.", "warning"))
            case Streamed(text=text):
                self.text += text
            case Touched(what=what, name=name):
                self.touched.append(f"{what}: {name}")
            case Rehearsed():
                self.would.append(told)
            case Spent():
                self.spent.append(told)
            case _:
                pass
