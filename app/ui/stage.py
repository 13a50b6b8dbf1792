"""A flow on the canvas, with the lights of a run on it: the editor and the run page both stand on this."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, cast

from app.runs.picture import Light, Picture
from app.runs.reader import RunReader
from app.runs.watch import Watch
from app.studio import Studio
from app.ui.canvas import Canvas, FlowShape, LightShape, PatchShape, Status
from app.ui.editor.drawing import Drawn, accepts, catalogue, patch, steps_of, wires_of, words
from flows.model import Flow
from flows.problems import Problem

STATUSES = {"interrupted": "stopped"}
"""Statuses the canvas draws as another."""


class Stage:
    """One canvas. `show` a flow once, `redraw` it after edits, `follow` a run."""

    def __init__(self, studio: Studio, canvas: Canvas) -> None:
        self.canvas = canvas
        self.watch: Watch | None = None
        self.run_id = ""
        self.reader = RunReader(studio.database, studio.artifacts, studio.runs.stored)
        self._studio = studio
        self._steps: dict[str, Drawn] = {}
        self._wires: dict[str, Drawn] = {}

    def show(self, flow: Flow, problems: Iterable[Problem], *, editing: bool) -> None:
        """Draw a flow in place of what was there."""
        self._steps = steps_of(flow, self._studio.catalog, problems)
        self._wires = wires_of(flow, self._studio.catalog)
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
            self.canvas.lights(_lights(self.watch.picture, self.watch.picture.lights), clear=True)

    def redraw(self, flow: Flow, problems: Iterable[Problem]) -> None:
        """Draw what has changed in the flow."""
        steps = steps_of(flow, self._studio.catalog, problems)
        wires = wires_of(flow, self._studio.catalog)
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

        def heard(paths: set[str]) -> None:
            if watch is self.watch and not self.canvas.is_deleted:
                self.canvas.lights(_lights(watch.picture, paths))
                changed(paths)

        watch = await self._studio.runs.watch(run_id, heard)
        self.watch = watch
        self.canvas.lights(_lights(watch.picture, watch.picture.lights), clear=True)
        return watch

    def leave(self) -> None:
        """Follow no run any more."""
        if self.watch is not None:
            self.watch.close()
            self.watch = None
            self.run_id = ""
            self.reader.follow("")
            self.canvas.lights({}, clear=True)


def _lights(picture: Picture, paths: Iterable[str]) -> dict[str, LightShape | None]:
    return {path: _light(path, light, picture) for path in paths if (light := picture.lights.get(path)) is not None}


def _said_inside(path: str, picture: Picture) -> bool:
    """True where a step inside this container shows the failure already."""
    return any(inner.startswith(f"{path}/") and light.status == "failed" for inner, light in picture.lights.items())


def _light(path: str, light: Light, picture: Picture) -> LightShape:
    shape: LightShape = {
        "status": cast(Status, STATUSES.get(light.status, light.status)),
        "started": light.started * 1000,
        "text": light.text,
        "message": light.message,
        "hint": light.hint,
        "reason": light.reason,
    }
    if light.status == "failed" and _said_inside(path, picture):
        del shape["message"], shape["hint"]
    if light.status in ("done", "failed"):
        shape["ms"] = light.ms
    if light.rounds > 1:
        shape["items"] = light.rounds
    if light.total:
        shape["rounds"] = {"done": int(light.done), "total": int(light.total), "failed": 0}
    return shape
