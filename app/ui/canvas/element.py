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
    Aimed,
    Arrangement,
    Chosen,
    Command,
    FlowShape,
    Gesture,
    HandShape,
    LightShape,
    Opened,
    OtherShape,
    PatchShape,
    Pointer,
    SampleShape,
    Selection,
    StripShape,
    Viewport,
)
from app.ui.commands.here import here, keymap
from app.ui.commands.table import COMMANDS

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
        self._first: list[object] | None = []
        """What was said before the browser has heard of this canvas: it goes there with the page itself."""
        ui.add_head_html(f'<link rel="modulepreload" href="{_bundle_address()}">')
        ui.add_head_html("<script>window.weftKeys?.awaitCanvas()</script>")
        self._keymap = keymap()
        self.client.on_delete(self._keymap.when_changed(self._give_keys))
        self._hear("gesture", on_gesture)
        self._hear("select", on_select)
        self._hear("open", on_open)
        self._hear("command", on_command and answering(on_command))
        self._hear("viewport", on_viewport)

    def _hear(self, event: str, handler: Callable[[Any], Answer] | None) -> None:
        if handler is not None:
            self.on(event, lambda arguments: handler(arguments.args))

    def _say(self, name: str, *arguments: object) -> None:
        """Let the browser do something that has no answer."""
        if self._first is None:
            self.run_method(name, *arguments)
        else:
            # Written now: it is as it was said, whatever becomes of it until the page is sent.
            self._first.append(orjson.Fragment(_written([name, *arguments])))

    def _to_dict(self) -> dict[str, Any]:
        made: dict[str, Any] = super()._to_dict()
        if self._first:
            made["props"] = {**made.get("props", {}), "first": _written(self._first).decode()}
        self._first = None
        return made

    def load(self, flow: FlowShape) -> None:
        """Show this flow in place of what was shown."""
        self._give_keys()
        # As text: the browser parses JSON much faster than the same thing as a program.
        self._say("load", flow if self._first is not None else _written(flow).decode())

    def patch(self, changes: PatchShape) -> None:
        """Change only what these changes name."""
        self._say("patch", changes)

    def lights(self, changes: Mapping[str, LightShape | None], *, clear: bool = False) -> None:
        """Merge how steps stand in the run; `clear` forgets everything said before."""
        self._say("lights", dict(changes), clear)

    def strips(self, changes: Mapping[str, StripShape | None], *, clear: bool = False) -> None:
        """Merge how the rounds of containers stand; None takes a strip away, `clear` all that were said before."""
        self._say("strips", dict(changes), clear)

    def others(self, others: Sequence[OtherShape]) -> None:
        """Show what other windows have selected, and where their pointers are."""
        self._say("others", list(others))

    def took(self, ticket: str) -> None:
        """Say that a gesture has arrived: its window need not send it again."""
        self._say("took", ticket)

    def when_pointed(self, pointed: Callable[[Pointer], Answer]) -> None:
        """Hear where the pointer is, while `others` are shown."""
        self._hear("pointer", pointed)

    def when_chosen(self, chosen: Callable[[Chosen], Answer]) -> None:
        """Hear which round is chosen on a strip."""
        self._hear("round", chosen)

    def when_retried(self, retry: Callable[[Opened], Answer]) -> None:
        """Hear of which container the failed rounds are to be retried."""
        self._hear("retry", retry)

    def hand(self, hand: HandShape) -> None:
        """Scroll as a person has chosen it."""
        self._say("hand", hand)

    def when_handled(self, keep: Callable[[HandShape], Answer]) -> None:
        """Hear what a person has chosen that scrolling does."""
        self._hear("hand", keep)

    def sample(self, sample: SampleShape) -> None:
        """Show what passed along a wire, while the pointer rests on it."""
        self._say("sample", sample)

    def when_aimed(self, aimed: Callable[[Aimed], Answer]) -> None:
        """Hear on which wire the pointer rests, where something passed along it."""
        self._hear("sample", aimed)

    def select(self, paths: Sequence[str], shapes: Sequence[str] = ()) -> None:
        """Select these steps, and notes (`note:id`) and frames (`frame:id`), and nothing else; no event comes back."""
        self._say("select", list(paths), list(shapes))

    def fit(self) -> None:
        """Show the whole flow."""
        self._say("fit")

    def focus(self, path: str) -> None:
        """Bring a step to the middle; the zoom stays."""
        self._say("focus", path)

    def reveal(self, path: str) -> None:
        """Bring a step into sight, if it is not; the zoom stays."""
        self._say("reveal", path)

    def zoom_in(self) -> None:
        """Go nearer."""
        self._say("zoom_in")

    def zoom_out(self) -> None:
        """Go further away."""
        self._say("zoom_out")

    def zoom_100(self) -> None:
        """Show steps in their own size."""
        self._say("zoom_100")

    def zoom_selection(self) -> None:
        """Show what is selected."""
        self._say("zoom_selection")

    def arrange(self, how: Arrangement) -> None:
        """Put what is selected in order; `tidy` with nothing selected is for the whole flow. A gesture comes back."""
        self._say("arrange", how)

    def center(self) -> AwaitableResponse:
        """Await it for the place of the flow in the middle of the canvas, as [x, y]."""
        return self.run_method("center")

    def perform(self, id: str) -> None:
        """Do a command of the canvas, as its key would."""
        self._say("perform", id)

    def _give_keys(self) -> None:
        """Tell the canvas which keys are whose."""
        if not self.is_deleted:
            shown = {each.id: self._keymap.first(each.id) for each in COMMANDS}
            self._say("keys", self._keymap.on_canvas(), shown)

    def edit_note(self, id: str) -> None:
        """Let a note be written on, as soon as it is drawn."""
        self._say("edit_note", id)

    def name_frame(self, id: str) -> None:
        """Let a frame be given a title, as soon as it is drawn."""
        self._say("name_frame", id)

    def clip(self, text: str) -> AwaitableResponse:
        """Put a text on the clipboard of the system; awaited, whether the browser has allowed it."""
        return self.run_method("clip", text)

    def take_keys(self, path: str = "") -> None:
        """Give the canvas the keyboard, or a step on it."""
        self._say("take_keys", path)


def answering(handler: Callable[[Command], Answer]) -> Callable[[Command], Awaitable[None]]:
    """The same, and the window hears when it is done: what is typed until then is for what it opens."""

    async def answer(command: Command) -> None:
        waits = handler(command)
        if waits is not None:
            await waits
        if (window := here()) is not None:
            window.answered()

    return answer


def _written(said: object) -> bytes:
    return orjson.dumps(said, option=orjson.OPT_NON_STR_KEYS)


@cache
def _bundle_address() -> str:
    """Where the browser finds the drawing code: it is fetched while the page is built, not once it is there."""
    key = next(key for key, module in esm_modules.items() if module.path == BUNDLE)
    return f"/_nicegui/{__version__}/esm/{key}/index.js"
