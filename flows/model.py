"""The flow document: frozen values that say what a flow is, never how it runs."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic import JsonValue as Json

FORMAT: Literal[1] = 1
"""The newest flow format this version reads and the one it writes."""

ID = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
"""What a step id looks like: a name that an expression can use as it stands."""

Id = Annotated[str, Field(pattern=rf"^{ID.pattern}$")]
Port = Annotated[str, Field(pattern=rf"^({ID.pattern})?$")]
Finite = Annotated[float, Field(allow_inf_nan=False)]
Place = tuple[Finite, Finite] | tuple[Finite, Finite, Finite, Finite]


class Frozen(BaseModel):
    """A value: never changed, only replaced; unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Wire(Frozen):
    """From an output port of one step to an input port of another; empty ports mean order only."""

    source: Id
    source_port: Port = ""
    target: Id
    target_port: Port = ""

    def __str__(self) -> str:
        def end(step: str, port: str) -> str:
            return f"{step}.{port}" if port else step

        return f"{end(self.source, self.source_port)} -> {end(self.target, self.target_port)}"

    @classmethod
    def parse(cls, text: str) -> Wire:
        """The wire that `a.port -> b.port` describes. ValueError with a sentence where it is not one."""
        ends = [end.strip() for end in text.split("->")]
        if len(ends) != 2 or not all(re.fullmatch(rf"{ID.pattern}(\.{ID.pattern})?", end) for end in ends):
            raise ValueError(f"`{text[:80]}` is not a wire. Write `step.port -> step.port`, or `step -> step`.")
        (source, _, source_port), (target, _, target_port) = (end.partition(".") for end in ends)
        return cls(source=source, source_port=source_port, target=target, target_port=target_port)


Trouble = Literal["unreachable", "busy", "timeout", "other"]
"""What sort of failure it was: nothing answered, the other side asked to wait, it took too long, or anything else."""


class Retry(Frozen):
    """How often a failed step is tried again, after which failures, and how long to wait before each try."""

    times: int = Field(0, ge=0, le=20, description="How many more times a failed step is tried.")
    wait: float = Field(1.0, ge=0, le=3600, description="Seconds before the first new try.")
    backoff: float = Field(2.0, ge=1, le=10, description="Each wait is this many times the one before.")
    only: tuple[Trouble, ...] = Field((), description="Failures after which it is tried again; none named means all.")


class Comment(Frozen):
    """What somebody has said about a step."""

    text: str = Field(min_length=1, max_length=10_000)
    who: str = Field(max_length=100)
    at: str = Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", description="When, in UTC.")
    resolved: bool = False


OnError = Literal["stop", "continue", "port"]


class Step(Frozen):
    """A node placed in a flow, with its settings."""

    kind: str = Field(max_length=200)
    version: int = Field(1, ge=1)
    title: str = Field("", max_length=200)
    settings: Mapping[str, Json] = Field(default_factory=dict)
    on_error: OnError = "stop"
    instead: Mapping[str, Json] | None = Field(None, description="What a step that may fail gives when it has failed.")
    retry: Retry = Retry()
    timeout: float | None = Field(None, gt=0, le=86_400, description="Seconds after which the step is stopped.")
    disabled: bool = False
    pinned: Mapping[str, Json] | None = None
    note: str = ""
    comments: Mapping[Id, Comment] = Field(default_factory=dict, description="By id, in the order they were made.")
    body: Body | None = None


class Body(Frozen):
    """Steps and wires that run together; `result` is the expression a round gives back."""

    steps: Mapping[Id, Step] = Field(default_factory=dict)
    wires: tuple[Wire, ...] = ()
    result: str = ""


class Input(Frozen):
    """A value that a flow asks for before it runs."""

    type: Literal["text", "long_text", "number", "boolean", "date", "choice", "file", "data"] = "text"
    label: str = Field("", max_length=200)
    help: str = ""
    default: Json = None
    choices: tuple[str, ...] = ()
    required: bool = True


class Limits(Frozen):
    """What one run of a flow may use before it asks, what all its runs of a day may, and how many go on at once."""

    seconds: float | None = Field(None, gt=0, le=2_592_000, description="Time at work; waiting for a person is free.")
    steps: int | None = Field(None, ge=1, le=100_000_000, description="Steps that are started, rounds counted.")
    tokens: int | None = Field(None, ge=1, description="Tokens in and out.")
    money: float | None = Field(None, gt=0, allow_inf_nan=False, description="US dollars.")
    tokens_a_day: int | None = Field(None, ge=1, description="Tokens of all runs of this flow since midnight.")
    money_a_day: float | None = Field(None, gt=0, allow_inf_nan=False, description="US dollars since midnight.")
    at_once: int = Field(5, ge=1, le=50, description="Runs of this flow that go on at the same time.")
    when_full: Literal["queue", "skip"] = Field("queue", description="Whether a run too many waits or is left out.")


Colour = Literal["amber", "blue", "green", "pink", "violet", "cyan", "slate"]
"""The colours that a note or a frame can have, by the names of the theme."""


class Note(Frozen):
    """A sheet of Markdown on the canvas; no run knows of it."""

    text: str = Field("", max_length=20_000)
    color: Colour = "amber"
    at: tuple[Finite, Finite, Finite, Finite] = Field(description="x, y, width and height on the canvas.")


class Frame(Frozen):
    """Steps of one body under a name, drawn with a line around them; no run knows of it."""

    title: str = Field("", max_length=200)
    color: Colour = "blue"
    steps: tuple[str, ...] = Field((), description="The paths of its steps.")
    collapsed: bool = False


def _is_empty(value: object) -> bool:
    return not value


class Flow(Body):
    """A whole flow document."""

    format: Literal[1] = FORMAT
    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
    name: str = Field(min_length=1, max_length=200)
    description: str = Field("", max_length=10_000)
    inputs: Mapping[Id, Input] = Field(default_factory=dict)
    limits: Limits = Limits()
    on_failure: str = Field("", pattern=r"^[A-Za-z0-9_-]{0,64}$", description="The id of the flow to run on failure.")
    resumes_itself: bool = Field(False, description="Goes on by itself after a crash when nothing is in doubt.")
    layout: Mapping[str, Place] = Field(default_factory=dict, description="Step path → x, y and, for containers, w, h.")
    # Left out where there are none, so that documents from before there were any stay as they are.
    notes: Mapping[Id, Note] = Field(default_factory=dict, exclude_if=_is_empty)
    frames: Mapping[Id, Frame] = Field(default_factory=dict, exclude_if=_is_empty)
    extra: Mapping[str, Json] = Field(default_factory=dict, description="Top-level fields of a file we do not know.")


Step.model_rebuild()


def walk(body: Body, parent: str = "") -> Iterator[tuple[str, Step]]:
    """Every step with its path, containers before what is in them: `each`, then `each/line`."""
    for name, step in body.steps.items():
        path = f"{parent}{name}"
        yield path, step
        if step.body is not None:
            yield from walk(step.body, f"{path}/")


def body_at(flow: Body, path: str) -> Body:
    """The body that holds the step at this path: the flow itself for `open`, the container's body for `each/line`."""
    body = flow
    for name in path.split("/")[:-1]:
        inner = body.steps[name].body
        if inner is None:
            raise KeyError(path)
        body = inner
    return body


def step_at(flow: Body, path: str) -> Step:
    """The step at this path. KeyError where there is none."""
    return body_at(flow, path).steps[path.rsplit("/", 1)[-1]]


def content_hash(flow: Flow) -> str:
    """A fingerprint of all that a flow does: its layout, name, description, notes, frames and comments do not count."""
    # Without what is as it always is: a field that a later version adds changes no fingerprint.
    looks = {"layout", "name", "description", "notes", "frames", "extra"}
    content = _uncommented(flow.model_dump(mode="json", exclude=looks, exclude_defaults=True))
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _uncommented(body: dict[str, Any]) -> dict[str, Any]:
    for step in body.get("steps", {}).values():
        step.pop("comments", None)
        if step.get("body"):
            _uncommented(step["body"])
    return body
