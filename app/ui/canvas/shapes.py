"""What the canvas is told and what it tells: plain JSON, described once."""

from __future__ import annotations

from typing import Any, Literal

from typing_extensions import TypedDict

Status = Literal["waiting", "running", "done", "failed", "skipped", "asked", "doubt", "stopped"]
Mode = Literal["edit", "view"]

COLOURS = {
    "browser": "blue",
    "ai": "violet",
    "web": "cyan",
    "control": "slate",
    "data": "green",
    "files": "amber",
    "code": "pink",
}
"""First part of a kind → the colour token its steps and its palette entry wear; any other part is `slate`."""


def colour_of(kind: str) -> str:
    """The name of the colour token of a kind of step: `browser.click` → `blue`."""
    return COLOURS.get(kind.partition(".")[0], "slate")


class PortShape(TypedDict, total=False):
    """A place on a step where wires begin or end; `failure` is the way taken when the step fails."""

    name: str
    label: str
    type: str
    required: bool
    many: bool
    failure: bool


class KindShape(TypedDict, total=False):
    """How every step of one kind looks. `color` is a colour token (`blue`) or a CSS colour."""

    title: str
    category: str
    color: str
    icon: str
    summary: str
    inputs: list[PortShape]
    outputs: list[PortShape]
    body: bool


class StepShape(TypedDict, total=False):
    """A step. `x` and `y` of a step in a container count from where the inside of the container begins.

    `more_outputs` are ports that this step has and others of its kind do not.
    """

    path: str
    kind: str
    title: str
    summary: str
    x: float
    y: float
    w: float | None
    h: float | None
    parent: str | None
    disabled: bool
    pinned: bool
    note: str
    problems: list[str]
    icon: str
    missing: bool
    more_outputs: list[PortShape]


class WireShape(TypedDict, total=False):
    """A wire between two steps, by their paths; an empty port is order only, `faint` is a reference in a setting."""

    id: str
    source: str
    source_port: str
    target: str
    target_port: str
    faint: bool
    broken: bool


class RoundsShape(TypedDict, total=False):
    """How far a container is."""

    done: int
    total: int | None
    failed: int


class LightShape(TypedDict, total=False):
    """How a step stands in a run: `started` in milliseconds since 1970, `taken` the outputs that had a value."""

    status: Status
    started: float
    ms: float
    text: str
    message: str
    hint: str
    reason: str
    items: int | str
    progress: float | tuple[int, int]
    rounds: RoundsShape
    taken: list[str]


class Viewport(TypedDict):
    """Where the eye is: the canvas's top left corner, in screen pixels, and the zoom."""

    x: float
    y: float
    zoom: float


class FlowShape(TypedDict, total=False):
    """Everything the canvas needs to draw a flow."""

    steps: list[StepShape]
    wires: list[WireShape]
    catalogue: dict[str, KindShape]
    accepts: dict[str, list[str]]
    words: dict[str, str]
    mode: Mode
    lights: dict[str, LightShape]
    viewport: Viewport | None


class PatchShape(TypedDict, total=False):
    """What has changed: steps are merged into what is there, None takes a step or a wire away."""

    steps: dict[str, StepShape | None]
    wires: dict[str, WireShape | None]
    catalogue: dict[str, KindShape]
    mode: Mode


class Gesture(TypedDict):
    """A finished gesture, as edits in the order they are to be made."""

    edits: list[dict[str, Any]]


class Selection(TypedDict):
    """What is selected, by path and by wire."""

    steps: list[str]
    wires: list[str]


class Opened(TypedDict):
    """The step that was opened by double-click or Enter."""

    step: str


class PortEnd(TypedDict):
    """A port of a step: an output (`out`) or an input (`in`); an empty port is order only."""

    step: str
    port: str
    side: Literal["in", "out"]


Command = TypedDict(
    "Command",
    {"name": str, "at": list[int], "parent": str | None, "x": float, "y": float, "text": str, "from": PortEnd},
    total=False,
)
"""A key that Python answers. `search` and `paste` say where: `at` in the flow, `x` and `y` in the window.

`from` is the port a wire was dragged from onto nothing.
"""
