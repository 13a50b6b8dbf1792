"""Every change a flow can go through, as values: the canvas, the inspector and any other editor speak these."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter
from pydantic import JsonValue as Json

from flows.model import (
    Colour,
    Comment,
    Finite,
    Flow,
    Frame,
    Frozen,
    Id,
    Input,
    Limits,
    Note,
    OnError,
    Place,
    Retry,
    Step,
    Wire,
)


class Add(Frozen):
    """Place a step, inside the container at `parent` or in the flow itself."""

    do: Literal["add"] = "add"
    id: Id
    step: Step
    at: Place
    parent: str = ""
    layout: Mapping[str, Place] = Field(default_factory=dict, description="Places of steps inside it, by inner path.")


class Remove(Frozen):
    """Take things away; wires that touched a removed step go with it, and a frame whose last step is removed."""

    do: Literal["remove"] = "remove"
    steps: tuple[str, ...] = ()
    wires: tuple[tuple[str, Wire], ...] = Field((), description="Each with the path of the container it is in, or ''.")
    notes: tuple[Id, ...] = ()
    frames: tuple[Id, ...] = Field((), description="Only the frames: their steps stay.")


class Set(Frozen):
    """Give settings of a step new values; a value left out of `settings` stays."""

    do: Literal["set"] = "set"
    path: str
    settings: Mapping[str, Json]
    unset: tuple[str, ...] = ()


class Configure(Frozen):
    """Change what every step has: its title, note, and what happens when it fails."""

    do: Literal["configure"] = "configure"
    path: str
    title: str | None = Field(None, max_length=200)
    note: str | None = None
    on_error: OnError | None = None
    instead: Mapping[str, Json] | None = Field(None, description="An empty one takes it away.")
    retry: Retry | None = None
    timeout: float | None = Field(None, ge=0, le=86_400, description="Seconds; 0 takes the limit away.")
    disabled: bool | None = None
    result: str | None = Field(None, description="For a container: what each round gives back.")


class Pin(Frozen):
    """Keep an output for a step, so that it is not run; None lets it run again."""

    do: Literal["pin"] = "pin"
    path: str
    outputs: Mapping[str, Json] | None


class Rename(Frozen):
    """Give a step another id; every reference to it follows."""

    do: Literal["rename"] = "rename"
    path: str
    id: Id


class Move(Frozen):
    """Put steps somewhere else on the canvas."""

    do: Literal["move"] = "move"
    to: Mapping[str, Place]


class Connect(Frozen):
    """Draw a wire, inside the container at `parent` or in the flow itself."""

    do: Literal["connect"] = "connect"
    wire: Wire
    parent: str = ""
    many: bool = Field(False, description="The port takes several wires, so those that are there stay.")


class AddNote(Frozen):
    """Put a note on the canvas."""

    do: Literal["add_note"] = "add_note"
    id: Id
    note: Note


class ChangeNote(Frozen):
    """Write another text on a note, give it another colour, or put it elsewhere in another size."""

    do: Literal["change_note"] = "change_note"
    id: Id
    text: str | None = Field(None, max_length=20_000)
    color: Colour | None = None
    at: tuple[Finite, Finite, Finite, Finite] | None = None


class AddFrame(Frozen):
    """Draw a frame around steps of one body; they leave the frames that they were in."""

    do: Literal["add_frame"] = "add_frame"
    id: Id
    frame: Frame


class ChangeFrame(Frozen):
    """Give a frame another title or colour, make one box of it, or show its steps again."""

    do: Literal["change_frame"] = "change_frame"
    id: Id
    title: str | None = Field(None, max_length=200)
    color: Colour | None = None
    collapsed: bool | None = None


class Join(Frozen):
    """Put steps into a frame, or take them out of theirs."""

    do: Literal["join"] = "join"
    steps: tuple[str, ...]
    frame: str = Field("", description="Its id; empty for none.")


class Paste(Frozen):
    """Put a piece of a flow into a container or the flow itself: steps with their wires, frames and notes."""

    do: Literal["paste"] = "paste"
    steps: Mapping[Id, Step] = Field(default_factory=dict)
    wires: tuple[Wire, ...] = ()
    layout: Mapping[str, Place] = Field(default_factory=dict, description="Places by path in the piece.")
    notes: Mapping[Id, Note] = Field(default_factory=dict)
    frames: Mapping[Id, Frame] = Field(default_factory=dict, description="Their steps by path in the piece.")
    parent: str = ""


class AddComment(Frozen):
    """Say something about a step."""

    do: Literal["add_comment"] = "add_comment"
    path: str
    id: Id
    comment: Comment


class ResolveComment(Frozen):
    """Mark what somebody said as dealt with, or no longer."""

    do: Literal["resolve_comment"] = "resolve_comment"
    path: str
    id: Id
    resolved: bool = True


class RemoveComment(Frozen):
    """Take back what was said about a step."""

    do: Literal["remove_comment"] = "remove_comment"
    path: str
    id: Id


class Describe(Frozen):
    """Change what belongs to the flow itself: its name, inputs, result, limits, and what follows a failure."""

    do: Literal["describe"] = "describe"
    name: str | None = Field(None, min_length=1, max_length=200)
    description: str | None = Field(None, max_length=10_000)
    inputs: Mapping[Id, Input] | None = None
    result: str | None = None
    limits: Limits | None = None
    on_failure: str | None = None
    resumes_itself: bool | None = None


class Replace(Frozen):
    """Put another version of the whole flow in place of this one; only the flow's id stays."""

    do: Literal["replace"] = "replace"
    flow: Flow


class Many(Frozen):
    """Several edits that are one for the person: all of them, or none."""

    do: Literal["many"] = "many"
    edits: tuple[Edit, ...]
    title: str = ""


Edit = Annotated[
    Add
    | Remove
    | Set
    | Configure
    | Pin
    | Rename
    | Move
    | Connect
    | AddNote
    | ChangeNote
    | AddFrame
    | ChangeFrame
    | Join
    | Paste
    | AddComment
    | ResolveComment
    | RemoveComment
    | Describe
    | Replace
    | Many,
    Field(discriminator="do"),
]
Many.model_rebuild()
EDIT: TypeAdapter[Edit] = TypeAdapter(Edit)
