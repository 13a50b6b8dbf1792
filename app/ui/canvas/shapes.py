"""What the canvas is told and what it tells: plain JSON, described once."""

from __future__ import annotations

from typing import Any, Literal, NotRequired

from typing_extensions import TypedDict

Status = Literal["waiting", "running", "done", "failed", "skipped", "asked", "doubt", "stopped", "paused", "rehearsed"]
Mode = Literal["edit", "view"]
Arrangement = Literal["tidy", "left", "centre", "right", "top", "middle", "bottom", "horizontally", "vertically"]
Became = Literal["added", "removed", "changed", "moved"]
"""What has become of a step or a wire between two versions of a flow."""

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
    """A place on a step where wires begin or end.

    Several wires may end at an input with `many`; `failure` is the way taken when the step fails.
    """

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

    `inputs` and `outputs`, where they are given, stand in for those of its kind; `more_outputs` come on top of either.
    `emphasis` says which stretches of the summary come from the step's own settings.
    A `stale` step has other inputs than in the last run; at one with a `breakpoint` the debugger stops.
    """

    path: str
    kind: str
    title: str
    summary: str
    emphasis: list[tuple[int, int]]
    x: float
    y: float
    w: float | None
    h: float | None
    parent: str | None
    disabled: bool
    pinned: bool
    note: str
    comments: int
    problems: list[str]
    icon: str
    missing: bool
    stale: bool
    breakpoint: bool
    change: Became | None
    inputs: list[PortShape]
    outputs: list[PortShape]
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
    change: Became | None


class NoteShape(TypedDict, total=False):
    """A sheet of Markdown on the canvas, in a colour token."""

    id: str
    text: str
    color: str
    x: float
    y: float
    w: float
    h: float


class FrameShape(TypedDict, total=False):
    """A named line around steps, by their paths; a `collapsed` one is drawn as one box."""

    id: str
    title: str
    color: str
    collapsed: bool
    steps: list[str]


class RoundsShape(TypedDict, total=False):
    """How far a container is."""

    done: int
    total: int | None
    failed: int


class StripShape(TypedDict, total=False):
    """The rounds of a container, a mark for every `each` of them.

    `marks` has a letter for each mark: `-` to come, `d` done, `s` skipped, `x` stopped, `r` running, `f` failed,
    `a` asked. `changes` are stretches of it that are new: where they begin, and their letters. Rounds count from 0.
    `chosen` is the round that is shown; None shows what comes newest. `within` says in words which round of the
    container around it they belong to.
    """

    count: int
    each: int
    marks: str
    changes: list[tuple[int, str]]
    ended: int
    failed: int
    total: int | None
    chosen: int | None
    newest: int | None
    status: str
    within: str
    retry: bool


class Chosen(TypedDict, total=False):
    """What was chosen on a strip: a mark, a number of rounds `by`, the next failed one (`failed`), or the newest."""

    path: str
    mark: int
    by: int
    failed: int
    newest: bool


class LightShape(TypedDict, total=False):
    """How a step stands in a run: `started` in milliseconds since 1970, `taken` the outputs that had a value, `counts`
    how many items there are in each that is a list.

    `picture` is a kept picture as `sha256/name`; `tokens` and `money` are what the step has used.
    `would` is what a rehearsed step would have done. The outputs of one that is `reused` come from another run, those
    of one that is `by_hand` from a person.
    """

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
    counts: dict[str, int]
    would: str
    reused: bool
    by_hand: bool
    picture: str
    tokens: int
    money: float


class HandShape(TypedDict, total=False):
    """What scrolling does: it `zooms`, it `pans`, or `auto`: a wheel zooms and a trackpad pans."""

    wheel: Literal["auto", "zooms", "pans"]


class Aimed(TypedDict):
    """The wire that the pointer rests on."""

    wire: str


class SampleShape(TypedDict, total=False):
    """What passed along a wire: how much in words, its first lines, how many items `more` there are, and a picture."""

    wire: str
    head: str
    lines: list[str]
    more: int
    picture: str


class Viewport(TypedDict):
    """Where the eye is: the canvas's top left corner, in screen pixels, and the zoom."""

    x: float
    y: float
    zoom: float


class FlowShape(TypedDict, total=False):
    """Everything the canvas needs to draw a flow."""

    steps: list[StepShape]
    wires: list[WireShape]
    notes: list[NoteShape]
    frames: list[FrameShape]
    catalogue: dict[str, KindShape]
    accepts: dict[str, list[str]]
    words: dict[str, str]
    mode: Mode
    lights: dict[str, LightShape]
    strips: dict[str, StripShape]
    viewport: Viewport | None


class PatchShape(TypedDict, total=False):
    """What has changed: steps are merged into what is there, None takes a step or a wire away."""

    steps: dict[str, StepShape | None]
    wires: dict[str, WireShape | None]
    notes: dict[str, NoteShape | None]
    frames: dict[str, FrameShape | None]
    catalogue: dict[str, KindShape]
    mode: Mode


class Gesture(TypedDict):
    """A finished gesture, as edits in the order they are to be made.

    It is kept in the window under its ticket until `took` says that it has arrived; after a reload it comes `again`.
    """

    edits: list[dict[str, Any]]
    ticket: NotRequired[str]
    again: NotRequired[bool]


class OtherShape(TypedDict):
    """Another window on the same flow: its number and colour, the steps it has selected, and where its pointer is."""

    number: int
    color: str
    selected: list[str]
    pointer: tuple[float, float] | None


class Pointer(TypedDict):
    """Where the pointer is on the flow, while other windows show it."""

    at: list[float] | None


class Selection(TypedDict):
    """What is selected, by path and by wire, and the ids of notes and frames."""

    steps: list[str]
    wires: list[str]
    notes: NotRequired[list[str]]
    frames: NotRequired[list[str]]


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
