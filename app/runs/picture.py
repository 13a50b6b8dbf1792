"""What a run looks like: its journal, folded into one light a step. Live view, history and the terminal read it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from pydantic import JsonValue as Json

from app.engine.events import (
    Answered,
    Asked,
    Ended,
    Event,
    Failed,
    Finished,
    Progressed,
    Resumed,
    Retried,
    Skipped,
    Started,
    Streamed,
)
from app.engine.past import plain

TAIL = 600
"""Characters of streamed text that a step shows; the whole is in its output."""


@dataclass(frozen=True)
class Open:
    """A question that waits for an answer."""

    step: str
    key: str
    title: str
    text: str
    choices: tuple[str, ...]


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


@dataclass
class Picture:
    """The lights of a run after the events it has taken."""

    status: str = "running"
    message: str = ""
    result: Json = None
    lights: dict[str, Light] = field(default_factory=dict)
    questions: dict[tuple[str, str], Open] = field(default_factory=dict)
    _running: dict[str, set[str]] = field(default_factory=dict)
    _skipped: set[str] = field(default_factory=set)

    @property
    def busy(self) -> bool:
        """False when nothing goes on before a question is answered."""
        open_steps = {step for running in self._running.values() for step in running}
        asking = {step for step, _ in self.questions}
        return any(not any(f"{each}/".startswith(f"{step}/") for each in asking) for step in open_steps)

    def take_all(self, events: Iterable[Event]) -> set[str]:
        """Take events in order; gives the flow paths of the steps whose light changed."""
        return {path for event in events if (path := self.take(event)) is not None}

    def take(self, event: Event) -> str | None:
        """Take one event; gives the flow path of the step whose light changed, or None."""
        if not event.step:
            self._take_whole(event)
            return None
        path = plain(event.step)
        light = self._changed(event, path)
        if light is None:
            return None
        self.lights[path] = light
        return path

    def end_open_steps(self, status: str) -> set[str]:
        """Show steps that never reached an end as `stopped` or `interrupted`."""
        open_paths = {path for path, running in self._running.items() if running}
        for path in open_paths:
            self.lights[path] = replace(self.lights[path], status=status)
        self._running.clear()
        return open_paths

    def _take_whole(self, event: Event) -> None:
        match event:
            case Resumed():
                self.status, self.message = "running", ""
                self._running.clear()
                self.questions.clear()
                self.lights = {path: light for path, light in self.lights.items() if light.status == "done"}
            case Ended(status=status, message=message, result=result):
                self.status, self.message, self.result = status, message, result
                self.questions.clear()
            case _:
                pass

    def _changed(self, event: Event, path: str) -> Light | None:
        old = self.lights.get(path) or Light("waiting")
        running = self._running.setdefault(path, set())
        match event:
            case Started(at=at, step=step):
                running.add(step)
                return replace(old, status="running", started=at, text="", message="", hint="", reason="", latest=step)
            case Finished(step=step, ms=ms):
                running.discard(step)
                return self._ended(old, path, ms=ms, latest=step, rounds=old.rounds + ("/" in path), reason="")
            case Failed(step=step, message=message, hint=hint, ms=ms):
                running.discard(step)
                failed = old.failed_rounds + 1 if "/" in path else 0
                rounds = old.rounds + ("/" in path)
                light = replace(old, message=message, hint=hint, ms=ms, rounds=rounds, failed_rounds=failed)
                return replace(light, status="running" if running else "failed", latest=step)
            case Skipped(step=step, reason=reason):
                if "/" in path and old.status in ("done", "failed", "running"):
                    return None
                return replace(old, status="skipped", reason=reason, latest=step)
            case Streamed(step=step, text=text):
                return replace(old, text=(old.text + text)[-TAIL:], latest=step)
            case Progressed(done=done, total=total, text=text):
                return replace(old, done=done, total=total, text=text or old.text)
            case Retried(message=message, wait=wait):
                return replace(old, text=f"{message} Trying again in {wait:g} s.")
            case Asked(step=step, key=key, title=title, text=text, choices=choices):
                self.questions[step, key] = Open(step, key, title, text, choices)
                return replace(old, status="asked", message=title, latest=step)
            case Answered(step=step, key=key):
                self.questions.pop((step, key), None)
                return replace(old, status="running", message="")
            case _:
                return None

    def _ended(self, old: Light, path: str, *, ms: float, latest: str, rounds: int, reason: str) -> Light:
        status = "running" if self._running[path] else "failed" if old.failed_rounds else "done"
        light = replace(old, status=status, ms=ms, latest=latest, rounds=rounds, reason=reason)
        return light if old.failed_rounds else replace(light, message="", hint="")
