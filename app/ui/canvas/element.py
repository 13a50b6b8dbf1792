"""The canvas on a page: Python owns the flow, the browser the gesture in progress."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import orjson
from nicegui import __version__, ui
from nicegui.awaitable_response import AwaitableResponse
from nicegui.dependencies import esm_modules

from app.ui.canvas.shapes import (
    Arrangement,
    Chosen,
    Command,
    FlowShape,
    Gesture,
    LightShape,
    Opened,
    PatchShape,
    Selection,
    StripShape,
    Viewport,
)

BUNDLE = Path(__file__).parents[3] / "assets" / "canvas" / "dist"

Answer = Awaitable[None] | None


class Canvas(ui.element, component="weft_canvas.js", esm={"weft-canvas": str(BUNDLE)}):
    """Draws a flow and reports what the person does with it.

    Call `load` once for each flow that is shown, then `patch` and `lights` with what has changed.
    """

    def __init__(
        self,
        *,
        on_gesture: Callable[[Gesture], Answer] | None = None,
        on_select: Callable[[Selection], Answer] | None = None,
        on_open: Callable[[Opened], Answer] | None = None,
        on_command: Callable[[Command], Answer] | None = None,
        on_viewport: Callable[[Viewport], Answer] | None = None,
    ) -> None:
        super().__init__()
        ui.add_head_html(f'<link rel="modulepreload" href="{_bundle_address()}">')
        self._hear("gesture", on_gesture)
        self._hear("select", on_select)
        self._hear("open", on_open)
        self._hear("command", on_command)
        self._hear("viewport", on_viewport)

    def _hear(self, event: str, handler: Callable[[Any], Answer] | None) -> None:
        if handler is not None:
            self.on(event, lambda arguments: handler(arguments.args))

    def load(self, flow: FlowShape) -> None:
        """Show this flow in place of what was shown."""
        # As text: the browser parses JSON much faster than the same thing as a program.
        self.run_method("load", orjson.dumps(flow, option=orjson.OPT_NON_STR_KEYS).decode())

    def patch(self, changes: PatchShape) -> None:
        """Change only what these changes name."""
        self.run_method("patch", changes)

    def lights(self, changes: Mapping[str, LightShape | None], *, clear: bool = False) -> None:
        """Merge how steps stand in the run; `clear` forgets everything said before."""
        self.run_method("lights", dict(changes), clear)

    def strips(self, changes: Mapping[str, StripShape | None], *, clear: bool = False) -> None:
        """Merge how the rounds of containers stand; None takes a strip away, `clear` all that were said before."""
        self.run_method("strips", dict(changes), clear)

    def when_chosen(self, chosen: Callable[[Chosen], Answer]) -> None:
        """Hear which round is chosen on a strip."""
        self._hear("round", chosen)

    def when_retried(self, retry: Callable[[Opened], Answer]) -> None:
        """Hear of which container the failed rounds are to be retried."""
        self._hear("retry", retry)

    def select(self, paths: Sequence[str]) -> None:
        """Select these steps and nothing else; no select event comes back."""
        self.run_method("select", list(paths))

    def fit(self) -> None:
        """Show the whole flow."""
        self.run_method("fit")

    def focus(self, path: str) -> None:
        """Bring a step to the middle; the zoom stays."""
        self.run_method("focus", path)

    def reveal(self, path: str) -> None:
        """Bring a step into sight, if it is not; the zoom stays."""
        self.run_method("reveal", path)

    def zoom_in(self) -> None:
        """Go nearer."""
        self.run_method("zoom_in")

    def zoom_out(self) -> None:
        """Go further away."""
        self.run_method("zoom_out")

    def zoom_100(self) -> None:
        """Show steps in their own size."""
        self.run_method("zoom_100")

    def zoom_selection(self) -> None:
        """Show what is selected."""
        self.run_method("zoom_selection")

    def arrange(self, how: Arrangement) -> None:
        """Put what is selected in order; `tidy` with nothing selected is for the whole flow. A gesture comes back."""
        self.run_method("arrange", how)

    def center(self) -> AwaitableResponse:
        """Await it for the place of the flow in the middle of the canvas, as [x, y]."""
        return self.run_method("center")

    def take_keys(self) -> None:
        """Give the canvas the keyboard."""
        self.run_method("take_keys")


@cache
def _bundle_address() -> str:
    """Where the browser finds the drawing code: it is fetched while the page is built, not once it is there."""
    key = next(key for key, module in esm_modules.items() if module.path == BUNDLE)
    return f"/_nicegui/{__version__}/esm/{key}/index.js"
