"""Notes and frames: what stands on the canvas beside the steps, and what edits do to it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TypeVar

from flows.edits import AddFrame, AddNote, ChangeFrame, ChangeNote, Join
from flows.model import Flow, Frame, Note, walk
from flows.refusing import EditRefused

S = TypeVar("S", Note, Frame)


def framed(flow: Flow) -> dict[str, tuple[str, ...]]:
    """The steps in each frame, as they are drawn: those that are there, in the body of the first, each in one frame."""
    if not flow.frames:
        return {}
    free = {path for path, _ in walk(flow)}
    found: dict[str, tuple[str, ...]] = {}
    for id, frame in flow.frames.items():
        there = [path for path in frame.steps if path in free]
        steps = tuple(dict.fromkeys(path for path in there if _parent(path) == _parent(there[0])))
        if steps:
            found[id] = steps
            free.difference_update(steps)
    return found


def frame_of(flow: Flow, path: str) -> str:
    """The id of the frame that a step is in; empty for none."""
    return next((id for id, steps in framed(flow).items() if path in steps), "")


def fresh_shape(taken: Iterable[str], wish: str) -> str:
    """An id for a note or a frame: `note`, then `note_2`."""
    known, number, name = set(taken), 1, wish
    while name in known:
        number += 1
        name = f"{wish}_{number}"
    return name


def add_note(flow: Flow, edit: AddNote) -> Flow:
    """The flow with one more note."""
    if edit.id in flow.notes:
        raise EditRefused(f"There already is a note `{edit.id}` in this flow.")
    return flow.model_copy(update={"notes": {**flow.notes, edit.id: edit.note}})


def change_note(flow: Flow, edit: ChangeNote) -> Flow:
    """The flow with a note changed."""
    if edit.id not in flow.notes:
        raise EditRefused("This note is not in the flow any more; it may have been removed in another window.")
    changed = _changed(flow.notes[edit.id], {"text": edit.text, "color": edit.color, "at": edit.at})
    return flow.model_copy(update={"notes": {**flow.notes, edit.id: changed}})


def add_frame(flow: Flow, edit: AddFrame) -> Flow:
    """The flow with a frame around some of its steps."""
    if edit.id in flow.frames:
        raise EditRefused(f"There already is a frame `{edit.id}` in this flow.")
    _check(flow, edit.frame.steps)
    others = without(flow.frames, edit.frame.steps)
    return flow.model_copy(update={"frames": {**others, edit.id: edit.frame}})


def change_frame(flow: Flow, edit: ChangeFrame) -> Flow:
    """The flow with a frame changed."""
    if edit.id not in flow.frames:
        raise EditRefused("This frame is not in the flow any more; it may have been removed in another window.")
    changes = {"title": edit.title, "color": edit.color, "collapsed": edit.collapsed}
    changed = _changed(flow.frames[edit.id], changes)
    return flow.model_copy(update={"frames": {**flow.frames, edit.id: changed}})


def join(flow: Flow, edit: Join) -> Flow:
    """The flow with steps in another frame, or in none."""
    if edit.frame and edit.frame not in flow.frames:
        raise EditRefused("This frame is not in the flow any more; it may have been removed in another window.")
    held = flow.frames[edit.frame].steps if edit.frame else ()
    new = tuple(path for path in dict.fromkeys(edit.steps) if path not in held)
    if edit.frame:
        _check(flow, (*framed(flow).get(edit.frame, ()), *new))
    frames = without(flow.frames, new)
    if edit.frame:
        frames[edit.frame] = flow.frames[edit.frame].model_copy(update={"steps": (*held, *new)})
        frames = {id: frames[id] for id in flow.frames if id in frames}
    return flow.model_copy(update={"frames": frames})


def without(frames: Mapping[str, Frame], steps: Collection[str]) -> dict[str, Frame]:
    """The frames without some of their steps; one that had no others is gone."""
    found: dict[str, Frame] = {}
    for id, frame in frames.items():
        left = tuple(path for path in frame.steps if path not in steps)
        if left:
            found[id] = frame if left == frame.steps else frame.model_copy(update={"steps": left})
    return found


def kept_frames(frames: Mapping[str, Frame], left: Collection[str], gone: Collection[str]) -> dict[str, Frame]:
    """The frames after steps were removed, of which these are left."""
    lost = {path for frame in frames.values() for path in frame.steps if path not in left}
    return {id: frame for id, frame in without(frames, lost).items() if id not in gone}


def _check(flow: Flow, steps: Collection[str]) -> None:
    known = {path for path, _ in walk(flow)}
    if not steps:
        raise EditRefused("A frame needs a step in it.")
    if any(path not in known for path in steps):
        raise EditRefused("One of these steps is not in the flow any more; it may have been removed in another window.")
    if len({_parent(path) for path in steps}) > 1:
        raise EditRefused("A frame holds steps that lie in the same container, or in none.")


def _changed(shape: S, fields: Mapping[str, object]) -> S:
    return shape.model_copy(update={name: value for name, value in fields.items() if value is not None})


def _parent(path: str) -> str:
    return path.rpartition("/")[0]
