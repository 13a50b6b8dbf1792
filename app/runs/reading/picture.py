"""What a run looks like: its journal, folded into one light a step. Live view, history and the terminal read it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote

from pydantic import JsonValue as Json

from app.engine.events import (
    Answered,
    Asked,
    Ended,
    Event,
    Failed,
    Finished,
    Pictured,
    Progressed,
    Rehearsed,
    Resumed,
    Retried,
    Skipped,
    Spent,
    Started,
    Stopped,
    Streamed,
)
from app.engine.past import plain
from app.runs.reading.pictures import picture_in
from app.runs.reading.rounds import Rounds

TAIL = 600
"""Characters of streamed text that a step shows; the whole is in its output."""


OPEN = ("running", "asked", "paused")
"""How a step stands that has not come to its end."""


@dataclass(frozen=True)
class Open:
    """A question that waits for an answer, or a rest that waits for its deadline."""

    step: str
    key: str
    title: str
    text: str
    choices: tuple[str, ...]
    payload: Json = None
    editable: bool = False
    deadline: float | None = None
    at_deadline: str = ""
    picture: Mapping[str, Json] | None = None
    sort: str = "question"
    asked_at: float = 0


@dataclass(frozen=True)
class Light:
    """How a step looks now. A step inside a container stands for all its rounds; `latest` is the newest one's path."""

    status: str
    started: float = 0
    ms: float = 0
    text: str = ""
    message: str = ""
    hint: str = ""
    reason: str = ""
    done: float = 0
    total: float | None = None
    rounds: int = 0
    failed_rounds: int = 0
    latest: str = ""
    would: str = ""
    """What it would have done, in a rehearsal."""
    reused: bool = False
    by_hand: bool = False
    taken: tuple[str, ...] | None = None
    """The outputs that had a value; None where nobody knows."""
    counts: tuple[tuple[str, int], ...] = ()
    """How many items there are in each output that is a list, by name."""
    picture: str = ""
    """Where the picture that it gave is found, or that of the page it failed on."""
    tokens: int = 0
    money: float = 0
    """What it has used, in all its rounds and tries."""


@dataclass
class Picture:
    """The lights of a run after the events it has taken."""

    status: str = "running"
    message: str = ""
    result: Json = None
    lights: dict[str, Light] = field(default_factory=dict)
    questions: dict[tuple[str, str], Open] = field(default_factory=dict)
    rounds: Rounds = field(default_factory=Rounds)
    rests: dict[tuple[str, str], Open] = field(default_factory=dict)
    """What waits for a time and asks nobody."""
    running: dict[str, set[str]] = field(default_factory=dict)
    """The full paths in which a step runs now, by its path in the flow."""

    @property
    def busy(self) -> bool:
        """False when nothing goes on before a question is answered."""
        open_steps = {step for running in self.running.values() for step in running}
        asking = {step for step, _ in (*self.questions, *self.rests)}
        return any(not any(f"{each}/".startswith(f"{step}/") for each in asking) for step in open_steps)

    def take_all(self, events: Iterable[Event]) -> set[str]:
        """Take events in order; gives the flow paths of the steps whose light changed."""
        changed: set[str] = set()
        for event in events:
            changed.update(self.take(event))
        return changed

    def take(self, event: Event) -> Collection[str]:
        """Take one event; gives the flow paths of the steps whose light changed."""
        self.rounds.take(event)
        match event:
            case Finished(step=step):
                self.no_longer_runs(plain(step), step)
                return self.ended_well(event)
            case Resumed():
                return self._go_on()
            case Ended(status=status, message=message, result=result):
                self.status, self.message, self.result = status, message, result
                return self.end_open_steps(status)
            case Asked(step="", key=key):
                self.questions["", key] = opened(event)  # The run itself asks, at a limit.
                return ()
            case Answered(step="", key=key):
                self.questions.pop(("", key), None)
                return ()
            case _ if not event.step:
                return ()
        path = plain(event.step)
        light = self._changed(event, path)
        if light is None:
            return ()
        self.lights[path] = light
        return (path,)

    def end_open_steps(self, status: str) -> set[str]:
        """Show steps that never reached an end as `interrupted`, if that is the status, or else as `stopped`."""
        ending = "interrupted" if status == "interrupted" else "stopped"
        self.rounds.stop()
        resting = {plain(step) for step, _ in self.rests}
        left = {path for path, light in self.lights.items() if light.status in OPEN or path in resting}
        for path in left:
            self.lights[path] = _with(self.lights[path], status=ending, message="", reason="")
        self._nothing_open()
        return left

    def _go_on(self) -> set[str]:
        """The run goes on: what was not done waits again, and in a loop the rounds that were done stay counted."""
        self.status, self.message, self.result = "running", "", None
        self.rounds.go_on()
        self._nothing_open()
        left = {path for path, light in self.lights.items() if light.status not in ("done", "rehearsed")}
        for path in left:
            old = self.lights[path]
            if done := old.rounds - old.failed_rounds:
                self.lights[path] = Light(
                    "done", ms=old.ms, rounds=done, latest=old.latest, taken=old.taken, counts=old.counts
                )
            else:
                self.lights[path] = Light("waiting")
        return left

    def _nothing_open(self) -> None:
        self.running.clear()
        self.questions.clear()
        self.rests.clear()

    def _changed(self, event: Event, path: str) -> Light | None:
        old = self.lights.get(path) or Light("waiting")
        running = self.running.setdefault(path, set())
        inside = "/" in path
        match event:
            case Started(at=at, step=step):
                running.add(step)
                light = _with(old, status="running", started=at, text="", reason="", latest=step, would="")
                return light if old.failed_rounds else _with(light, message="", hint="")
            case Failed(step=step, message=message, hint=hint, ms=ms):
                running.discard(step)
                failed = old.failed_rounds + 1 if inside else 0
                if event.went_on:
                    message = f"{message} {event.went_on}"
                light = _with(old, message=message, hint=hint, ms=ms, latest=step, failed_rounds=failed)
                return self._settled(_with(light, rounds=old.rounds + inside), path, "failed")
            case Pictured():
                return _with(old, picture=f"{event.sha256}/{quote(event.name)}") if event.sha256 else old
            case Spent(tokens_in=into, tokens_out=out, money=money):
                return _with(
                    old, tokens=old.tokens + (into or 0) + (out or 0), money=round(old.money + (money or 0), 9)
                )
            case Stopped(step=step):
                running.discard(step)
                if self.questions:
                    self.questions = {where: each for where, each in self.questions.items() if where[0] != step}
                if old.failed_rounds:
                    return self._settled(_with(old, latest=step), path, "failed")
                return self._settled(_with(old, message="", latest=step), path, "stopped")
            case Skipped(step=step, reason=reason):
                began = step in running  # As in a rehearsal, where nothing is known of what it did.
                running.discard(step)
                if inside and not began and old.status in ("done", "failed", "running", "asked"):
                    return None
                return _with(old, status="skipped", reason=reason, latest=step)
            case Streamed(step=step, text=text):
                return _with(old, text=(old.text + text)[-TAIL:], latest=step)
            case Progressed(done=done, total=total, text=text):
                return _with(old, done=done, total=total, text=text or old.text)
            case Retried(message=message):
                return _with(old, text=f"{message} {_next_try(event)}")
            case Rehearsed(step=step, what=what):
                return _with(old, would=what, latest=step)
            case Asked(step=step, key=key):
                if event.sort == "rest":
                    self.rests[step, key] = opened(event)
                    return _with(old, status="waiting", reason=resting(event), latest=step)
                self.questions[step, key] = opened(event)
                return _with(old, status=_asking(event.sort), message=event.title, latest=step)
            case Answered(step=step, key=key):
                self.questions.pop((step, key), None)
                self.rests.pop((step, key), None)
                return self._settled(_with(old, message="", reason=""), path, "running")
            case _:
                return None

    def no_longer_runs(self, path: str, step: str) -> None:
        """A step has ended, by its path in the flow and its full one."""
        if running := self.running.get(path):
            running.discard(step)

    def ended_well(self, event: Finished, times: int = 1) -> Collection[str]:
        """Take the last of several good ends of a step, one after the other, when none of them runs any more."""
        step, outputs = event.step, event.outputs
        path = plain(step)
        old = self.lights.get(path) or Light("waiting")
        failed = bool(old.failed_rounds)
        light = _with(
            old,
            ms=event.ms,
            latest=step,
            rounds=old.rounds + (times if "/" in step else 0),
            reason="",
            taken=None if outputs is None else tuple(outputs),
            counts=_counts(outputs) if outputs else (),
            picture=picture_in(outputs) if outputs else "",
            reused=bool(event.reused),
            by_hand=event.by_hand,
            message=old.message if failed else "",
            hint=old.hint if failed else "",
        )
        self.lights[path] = self._settled(light, path, "failed" if failed else "rehearsed" if old.would else "done")
        return (path,)

    def _settled(self, light: Light, path: str, status: str) -> Light:
        """The light with this status, unless another round of its step still asks or runs."""
        if self.questions:
            asks = next((each for each in self.questions.values() if plain(each.step) == path), None)
            if asks is not None:
                return _with(light, status=_asking(asks.sort), message=asks.title)
        status = "running" if self.running.get(path) else status
        return light if light.status == status else _with(light, status=status)


def _next_try(retried: Retried) -> str:
    """When a failed step is tried again, and how often still."""
    asked = ", as it was asked to" if retried.asked else ""
    if retried.wait < 60:
        when = f"Trying again in {retried.wait:.1f} s{asked}"
    else:
        at = datetime.fromtimestamp(retried.at + retried.wait)
        when = f"Trying again {f'at {at:%H:%M:%S}' if retried.wait < 43_200 else f'on {at:%d %B, %H:%M}'}{asked}"
    return f"{when}; this is the last try." if retried.left == 1 else f"{when}; {retried.left} tries are left."


def resting(asked: Asked) -> str:
    """What a step says that waits for a time: `The pause before round 3, until 08:00:05.`"""
    if asked.deadline is None or " until " in asked.title:
        return asked.title
    until = datetime.fromtimestamp(asked.deadline)
    when = f"{until:%H:%M:%S}" if asked.deadline - asked.at < 43_200 else f"{until:%d %B, %H:%M}"
    return f"{asked.title.rstrip('.')}, until {when}."


def opened(asked: Asked) -> Open:
    """A question as it stands open."""
    return Open(
        asked.step,
        asked.key,
        asked.title,
        asked.text,
        asked.choices,
        asked.payload,
        asked.editable,
        asked.deadline,
        asked.at_deadline,
        asked.picture,
        asked.sort,
        asked.at,
    )


def _with(light: Light, **changes: Any) -> Light:
    """The light with these changes. `dataclasses.replace` takes four times as long, and long journals feel it."""
    made = Light.__new__(Light)
    made.__dict__.update(light.__dict__)
    made.__dict__.update(changes)
    return made


def _counts(outputs: Mapping[str, Json]) -> tuple[tuple[str, int], ...]:
    return tuple((name, len(value)) for name, value in outputs.items() if isinstance(value, list))


def _asking(sort: str) -> str:
    """How a step stands that asks: at a break of the debugger it is paused."""
    return "paused" if sort == "break" else "asked"
