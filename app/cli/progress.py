"""How a run goes, told on the terminal: a line when a step starts, ends, fails or is skipped."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from app.cli.terminal import Terminal, one_line
from app.desk.saying import name_of
from app.runs.reading.picture import Light, Picture
from app.ui.words import duration
from flows.model import Flow
from nodes.catalog import Catalog

SELDOM = 5.0
"""Seconds between two lines about one step, where nothing can be shown in place."""
TAIL = 60
"""Characters of streaming text that are shown."""


class Progress:
    """Reads a run's picture, and writes what is new in it. Steps inside a container are counted, not listed.

    `before` is the picture of a run that goes on: what happened in it is not told again.
    """

    def __init__(
        self,
        flow: Flow,
        catalog: Catalog,
        terminal: Terminal,
        before: Picture | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._flow = flow
        self._catalog = catalog
        self._terminal = terminal
        self._clock = clock
        past = before.lights if before is not None else {}
        # Until the run says that it goes on, a step that was cut off looks as if it ran.
        self._told = {path: _uncut(light) for path, light in past.items()}
        self._counted: dict[str, float] = {}

    def heard(self, picture: Picture) -> None:
        """Write what has happened since the last time."""
        for path, light in list(picture.lights.items()):
            if "/" in path:
                continue
            told = self._told.get(path)
            if told is None or (told.status, told.started) != (light.status, light.started):
                self._told[path] = light
                self._tell(path, light, picture)
            elif not self._terminal.moves:
                self._count(path, light)
        self.tick(picture)

    def tick(self, picture: Picture) -> None:
        """Show what goes on now, and for how long."""
        now = self._clock()
        running = [(path, light) for path, light in picture.lights.items() if light.status == "running"]
        self._terminal.show(
            [
                f"{self._terminal.mark('runs')} {self._name(path)}  {self._far(path, light, picture)}"
                f"  {duration(max(0.0, now - light.started))}"
                for path, light in running
                if "/" not in path
            ]
        )

    def _tell(self, path: str, light: Light, picture: Picture) -> None:
        say, mark, name = self._terminal.say, self._terminal.mark, self._name(path)
        match light.status:
            case "running":
                if not self._terminal.moves:
                    say(f"{mark('runs')} {name}")
            case "waiting" if any(step == path for step, _ in picture.rests):
                say(f"{mark('runs')} {name}: {light.reason}")
            case "done" | "rehearsed":
                say(f"{mark('done')} {name}  {self._took(path, light, picture)}")
            case "failed":
                say(f"{mark('failed')} {name}  {self._took(path, light, picture)}")
                for sentence in (light.message, light.hint):
                    if sentence:
                        say(f"  {one_line(sentence)}")
            case "skipped":
                say(f"{mark('skipped')} {name} was skipped: {one_line(light.reason)}")
            case _:
                pass

    def _took(self, path: str, light: Light, picture: Picture) -> str:
        inside = _inside(path, picture)
        rounds = max((each.rounds for each in inside), default=0)
        failed = sum(each.failed_rounds for each in inside)
        parts = [duration(light.ms / 1000)]
        if rounds:
            parts.append(f"{rounds} {'round' if rounds == 1 else 'rounds'}")
        if failed:
            parts.append(f"{failed} failed")
        return ", ".join(parts)

    def _far(self, path: str, light: Light, picture: Picture) -> str:
        """How far a running step is: its count, and the end of the text that comes out of it or from inside it."""
        parts = [_count(light)] if light.total or light.done else []
        at_work = next((each for each in reversed(_inside(path, picture)) if each.status == "running"), None)
        if at_work is not None:
            parts.append(self._name(f"{path}/{at_work.latest.rsplit('/', 1)[-1]}"))
        text = one_line((at_work or light).text)
        if text:
            parts.append(text if len(text) <= TAIL else f"…{text[-TAIL:]}")
        return "  ".join(parts)

    def _count(self, path: str, light: Light) -> None:
        if light.status != "running" or not light.done:
            return
        now = self._clock()
        if now - self._counted.get(path, light.started) >= SELDOM:
            self._counted[path] = now
            self._terminal.say(f"{self._terminal.mark('runs')} {self._name(path)}  {_count(light)}")

    def _name(self, path: str) -> str:
        return one_line(name_of(self._flow, path, self._catalog))


def _uncut(light: Light) -> Light:
    return replace(light, status="running") if light.status in ("stopped", "interrupted") else light


def _inside(path: str, picture: Picture) -> list[Light]:
    """The lights of the steps right inside a container."""
    prefix = f"{path}/"
    return [light for at, light in picture.lights.items() if at.startswith(prefix) and "/" not in at[len(prefix) :]]


def _count(light: Light) -> str:
    done = f"{light.done:g}" if light.total is None else f"{light.done:g} of {light.total:g}"
    return f"{done} done"
