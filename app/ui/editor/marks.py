"""What the canvas shows beside a step that is no part of the flow: a breakpoint, and that its result is out of date."""

from __future__ import annotations

from collections.abc import Iterable

from app.ui.canvas import Canvas, StepShape
from flows.model import Flow, walk


class Marks:
    """The marks on one canvas; only what has changed is drawn."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._drawn: dict[str, StepShape] = {}
        self.breakpoints: frozenset[str] = frozenset()
        self.stale: frozenset[str] = frozenset()

    def show(self, flow: Flow, *, breakpoints: Iterable[str] | None = None, stale: Iterable[str] | None = None) -> None:
        """Draw these marks; what is not given stays as it was."""
        self.breakpoints = self.breakpoints if breakpoints is None else frozenset(breakpoints)
        self.stale = self.stale if stale is None else frozenset(stale)
        known = {path for path, _ in walk(flow)}
        wanted = {path: self._mark(path) for path in (self.breakpoints | self.stale) & known}
        # A step that is gone took its marks along; one that came back has none yet.
        self._drawn = {path: mark for path, mark in self._drawn.items() if path in known}
        plain: dict[str, StepShape] = {path: {"breakpoint": False, "stale": False} for path in self._drawn}
        changes = {path: mark for path, mark in (plain | wanted).items() if self._drawn.get(path) != mark}
        self._drawn = wanted
        if changes:
            self._canvas.patch({"steps": {**changes}})

    def _mark(self, path: str) -> StepShape:
        return {"breakpoint": path in self.breakpoints, "stale": path in self.stale}
