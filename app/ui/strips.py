"""The iteration strips on one canvas: what they are told, and only what is new of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from app.engine.past import plain
from app.language import tr
from app.language.speaking import grouped
from app.runs.reading import rounds
from app.runs.reading.reader import RunReader
from app.runs.reading.rounds import Shape
from app.runs.reading.strip import ASKED, FAILED, RUNNING, WAITING, Strip
from app.ui.canvas import Canvas, StripShape
from app.ui.words import quoted

FEWEST = 2
"""Rounds from which on a container has a strip."""


@dataclass
class _Shown:
    loop: str
    strip: Strip
    told: dict[str, Any] = field(default_factory=dict)


class Strips:
    """A strip for each container that has rounds; of one inside another, those of the outer round that is looked at."""

    def __init__(self, canvas: Canvas, reader: RunReader) -> None:
        self._canvas = canvas
        self._reader = reader
        self._shapes: Mapping[str, Shape] = {}
        self._shown: dict[str, _Shown] = {}

    def begin(self, shapes: Mapping[str, Shape]) -> None:
        """Show the loops of another run, whose containers have these shapes."""
        self._shapes = shapes
        self.clear()

    def clear(self) -> None:
        """Show none."""
        self._shown = {}
        self._canvas.strips({}, clear=True)

    def draw(self, changed: Mapping[str, set[int] | None], name: Callable[[str], str], *, retry: bool) -> None:
        """Tell the canvas what is new; `name` is how a container is called, `retry` offers to retry what failed."""
        news: dict[str, StripShape | None] = {}
        for path, shape in self._shapes.items():
            loop_path = self.loop(path)
            loop = self._reader.picture.rounds.loops.get(loop_path)
            shown = self._shown.get(path)
            if loop is None or loop.count < FEWEST:
                if shown is not None:
                    del self._shown[path]
                    news[path] = None
                continue
            if shown is None or shown.strip.loop is not loop:
                shown = self._shown[path] = _Shown(loop_path, Strip(loop, shape))
                new = shown.strip.all()
            else:
                new = shown.strip.news(changed[loop_path]) if loop_path in changed else {}
            said = self._said(path, shown.strip, name, retry=retry)
            new |= {key: value for key, value in said.items() if key not in shown.told or shown.told[key] != value}
            shown.told = said
            if new:
                news[path] = cast(StripShape, new)
        if news:
            self._canvas.strips(news)

    def loop(self, path: str) -> str:
        """The full path of a container in the round that is looked at of the one around it."""
        around, _, name = path.rpartition("/")
        return f"{self._reader.scope(around)}/{name}" if around else name

    def strip(self, path: str) -> Strip | None:
        """The strip of a container; None where it has none."""
        shown = self._shown.get(path)
        return None if shown is None else shown.strip

    def is_open(self, path: str) -> bool:
        """True where more may come of the round of a container that is looked at."""
        shown, round = self._shown.get(path), self._reader.chosen.get(path, "")
        return shown is None or not round.isdecimal() or shown.strip.status(int(round)) in (WAITING, RUNNING, ASKED)

    def failed_rounds(self, path: str) -> int:
        """How many rounds of a container failed."""
        strip = self.strip(path)
        return 0 if strip is None else strip.of(FAILED)

    def choose_failed(self, path: str) -> None:
        """Look at a failed round of every container around a step: the first where it ended the rest, or the last."""
        parts = path.split("/")
        for depth in range(1, len(parts)):
            container = "/".join(parts[:depth])
            loop, shape = self._reader.picture.rounds.loops.get(self.loop(container)), self._shapes.get(container)
            if loop is None or shape is None or loop.count < FEWEST:
                continue
            strip = Strip(loop, shape)
            if strip.of(FAILED):
                first = loop.end == rounds.FAILED
                self._reader.choose(container, str(strip.failed_beside(*((-1, 1) if first else (strip.count, -1)))))

    def choose_failed_anywhere(self, container: str) -> None:
        """Look at the last failed round of a container, in whichever rounds around it that was."""
        loops, shape = self._reader.picture.rounds.loops, self._shapes.get(container)
        for path in reversed([path for path in loops if plain(path) == container] if shape is not None else []):
            strip = Strip(loops[path], cast(Shape, shape))
            if strip.of(FAILED):
                names = path.split("/")
                for depth in range(1, len(names), 2):
                    self._reader.choose("/".join(names[:depth:2]), names[depth])
                self._reader.choose(container, str(strip.failed_beside(strip.count, -1)))
                return

    def _said(self, path: str, strip: Strip, name: Callable[[str], str], *, retry: bool) -> dict[str, Any]:
        chosen, newest = self._reader.chosen.get(path), strip.loop.newest
        failed = strip.of(FAILED)
        around = path.rpartition("/")[0]
        return {
            "ended": strip.count - strip.of(WAITING) - strip.of(RUNNING) - strip.of(ASKED),
            "failed": failed,
            "total": strip.loop.total or None,
            "chosen": int(chosen) if chosen is not None and chosen.isdecimal() else None,
            "newest": int(newest) if newest.isdecimal() else None,
            "status": strip.word(int(chosen)) if chosen is not None and chosen.isdecimal() else "",
            "within": tr("in {rounds}", rounds=self.words(around, name)) if self._shown.get(around) else "",
            "retry": retry and failed > 0,
        }

    def words(self, container: str, name: Callable[[str], str]) -> str:
        """The round of a container that is looked at, as a person counts: `round 4 of 10 of “Orders”`."""
        strip = self.strip(container)
        round = self._reader.scope(container).rpartition("/")[2]
        if strip is None or not round.isdecimal():
            return quoted(name(container))
        return tr(
            "round {number} of {count} of “{name}”",
            number=grouped(int(round) + 1),
            count=grouped(strip.count),
            name=name(container),
        )
