"""A flow on the canvas, with the lights of a run on it: the editor and the run page both stand on this."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, cast

from app.runs.picture import Light, Picture
from app.runs.reader import RunReader
from app.runs.watch import Watch
from app.studio import Studio
from app.ui.canvas import Canvas, FlowShape, LightShape, PatchShape, Status
from app.ui.editor.drawing import Drawn, accepts, catalogue, words
from app.ui.editor.redrawing import Drawing, patch
from flows.model import Flow
from flows.problems import Problem

STATUSES = {"interrupted": "stopped"}
"""Statuses the canvas draws as another."""

DARK: LightShape = {"started": 0, "text": "", "message": "", "hint": "", "reason": ""}
"""What need not be said of a light that is new."""


class Stage:
    """One canvas. `show` a flow once, `redraw` it after edits, `follow` a run."""

    def __init__(self, studio: Studio, canvas: Canvas) -> None:
        self.canvas = canvas
        self.watch: Watch | None = None
        self.run_id = ""
        self.reader = RunReader(studio.database, studio.artifacts, studio.runs.stored)
        self._studio = studio
        self._drawing = Drawing(studio.catalog)
        self._steps: dict[str, Drawn] = {}
        self._wires: dict[str, Drawn] = {}
        self._lights: dict[str, LightShape] = {}

    def show(self, flow: Flow, problems: Iterable[Problem], *, editing: bool) -> None:
        """Draw a flow in place of what was there."""
        self._steps = self._drawing.steps(flow, problems)
        self._wires = self._drawing.wires(flow)
        shape = {
            "steps": list(self._steps.values()),
            "wires": [{"id": id, **wire} for id, wire in self._wires.items()],
            "catalogue": catalogue(self._studio.catalog),
            "accepts": accepts(),
            "words": words(),
            "mode": "edit" if editing else "view",
        }
        self.canvas.load(cast(FlowShape, shape))
        if self.watch is not None:
            self._light_up(self.watch, self.watch.picture.lights, clear=True)

    def redraw(self, flow: Flow, problems: Iterable[Problem]) -> None:
        """Draw what has changed in the flow."""
        steps = self._drawing.steps(flow, problems)
        wires = self._drawing.wires(flow)
        changes: dict[str, Any] = {
            "steps": patch(self._steps, steps),
            "wires": {id: wire and {"id": id, **wires[id]} for id, wire in patch(self._wires, wires).items()},
        }
        self._steps, self._wires = steps, wires
        if changes["steps"] or changes["wires"]:
            self.canvas.patch(cast(PatchShape, changes))

    def take_back(self) -> None:
        """Draw everything as the flow has it, after a gesture that did not become an edit."""
        wires = {id: {"id": id, **wire} for id, wire in self._wires.items()}
        self.canvas.patch(cast(PatchShape, {"steps": self._steps, "wires": wires}))

    async def follow(self, run_id: str, changed: Callable[[set[str]], None]) -> Watch:
        """Show the lights of a run from now on; `changed` hears which steps changed, after they are drawn."""
        self.leave()
        self.run_id = run_id
        self.reader.follow(run_id)

        watch: Watch | None = None

        def heard(paths: set[str]) -> None:
            # A quick run is heard of before its watch is here.
            if watch is not None and watch is self.watch and not self.canvas.is_deleted:
                self._light_up(watch, paths)
                changed(paths)

        watch = await self._studio.runs.watch(run_id, heard)
        self.watch = watch
        self._light_up(watch, watch.picture.lights, clear=True)
        return watch

    def leave(self) -> None:
        """Follow no run any more."""
        if self.watch is not None:
            self.watch.close()
            self.watch = None
            self.run_id = ""
            self.reader.follow("")
            self.canvas.lights({}, clear=True)

    def _light_up(self, watch: Watch, paths: Iterable[str], *, clear: bool = False) -> None:
        """Tell the canvas what is new of these lights; with `clear`, everything."""
        if clear:
            self._lights = {}
        lights = _lights(watch.picture, paths)
        changes = {path: news for path, light in lights.items() if (news := _news(self._lights.get(path), light))}
        self._lights |= lights
        if changes or clear:
            self.canvas.lights(changes, clear=clear)


def _lights(picture: Picture, paths: Iterable[str]) -> dict[str, LightShape]:
    around = {
        path for inner, light in picture.lights.items() if light.status == "failed" for path in _containers(inner)
    }
    return {path: _light(light, path in around) for path in paths if (light := picture.lights.get(path)) is not None}


def _containers(path: str) -> Iterator[str]:
    while path := path.rpartition("/")[0]:
        yield path


def _news(before: LightShape | None, light: LightShape) -> LightShape:
    """What the canvas does not know yet of a light."""
    known = DARK if before is None else before
    return cast(LightShape, {name: value for name, value in light.items() if known.get(name) != value})


def _light(light: Light, said_inside: bool) -> LightShape:
    """A light as the canvas draws it; what failed inside a container is said there, and not once more around it."""
    shape: LightShape = {
        "status": cast(Status, STATUSES.get(light.status, light.status)),
        "started": light.started * 1000,
        "text": light.text,
        "message": light.message,
        "hint": light.hint,
        "reason": light.reason,
    }
    if light.status == "failed" and said_inside:
        del shape["message"], shape["hint"]
    if light.status in ("done", "failed"):
        shape["ms"] = light.ms
    if light.rounds > 1:
        shape["items"] = light.rounds
    if light.total:
        shape["rounds"] = {"done": int(light.done), "total": int(light.total), "failed": 0}
    return shape
