"""`apply(flow, edit)` gives the flow that an edit results in, and changes nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar, assert_never

from pydantic import JsonValue as Json

from flows.comments import commented
from flows.edits import (
    Add,
    AddComment,
    AddFrame,
    AddNote,
    ChangeFrame,
    ChangeNote,
    Configure,
    Connect,
    Describe,
    Edit,
    Join,
    Many,
    Move,
    Paste,
    Pin,
    Remove,
    RemoveComment,
    Rename,
    Replace,
    ResolveComment,
    Set,
)
from flows.model import Body, Flow, Frozen, Step, Wire, step_at, walk
from flows.naming import RESERVED, HoldsExpressions, everywhere, referring, rename_result
from flows.refusing import EditRefused
from flows.shapes import add_frame, add_note, change_frame, change_note, join, kept_frames

__all__ = ["EditRefused", "apply", "downstream"]

M = TypeVar("M", bound=Frozen)
B = TypeVar("B", bound=Body)


def apply(flow: Flow, edit: Edit, holds: HoldsExpressions = everywhere) -> Flow:
    """The flow after the edit; a step it does not change stays the same object. EditRefused where it does not fit."""
    match edit:
        case Add():
            return _add(flow, edit)
        case Remove():
            return _remove(flow, edit)
        case Set(path=path):
            return _step(flow, path, lambda step: _put(step, settings=_merged(step.settings, edit)))
        case Configure(path=path):
            return _step(flow, path, lambda step: _configured(step, edit))
        case Pin(path=path, outputs=outputs):
            return _step(flow, path, lambda step: _put(step, pinned=outputs))
        case Rename():
            return _rename(flow, edit, holds)
        case Move(to=to):
            known = {path for path, _ in walk(flow)}
            return _put(flow, layout={**flow.layout, **{path: at for path, at in to.items() if path in known}})
        case Connect():
            return _connect(flow, edit)
        case AddNote():
            return add_note(flow, edit)
        case ChangeNote():
            return change_note(flow, edit)
        case AddFrame():
            return add_frame(flow, edit)
        case ChangeFrame():
            return change_frame(flow, edit)
        case Join():
            return join(flow, edit)
        case Paste():
            return _paste(flow, edit)
        case AddComment(path=path) | ResolveComment(path=path) | RemoveComment(path=path):
            return _step(flow, path, lambda step: _put(step, comments=commented(step.comments, edit)))
        case Describe():
            named = {
                name: value
                for name in ("name", "description", "inputs", "result", "limits", "on_failure", "resumes_itself")
                if (value := getattr(edit, name)) is not None
            }
            return _put(flow, **named)
        case Replace(flow=other):
            return _put(other, id=flow.id)
        case Many(edits=edits):
            for each in edits:
                flow = apply(flow, each, holds)
            return flow
        case _:
            assert_never(edit)


def _put(value: M, **fields: Any) -> M:
    return value.model_copy(update=fields)


def _in_body(body: Body, parents: list[str], change: Callable[[B], B]) -> Body:
    """The body with one of its inner bodies, named by the containers on the way to it, changed."""
    if not parents:
        return change(body)  # type: ignore[arg-type]  # a flow stays a flow, a body a body
    first, *rest = parents
    container = body.steps.get(first)
    if container is None:
        raise EditRefused(f"There is no container `{first}` in this flow; it may have been removed in another window.")
    inner = _in_body(container.body or Body(), rest, change)
    return _put(body, steps={**body.steps, first: _put(container, body=inner)})


def _within(flow: Flow, parent: str, change: Callable[[B], B]) -> Flow:
    changed = _in_body(flow, parent.split("/") if parent else [], change)
    assert isinstance(changed, Flow)
    return changed


def _parent(path: str) -> str:
    return path.rpartition("/")[0]


def _step(flow: Flow, path: str, change: Callable[[Step], Step]) -> Flow:
    name = path.rsplit("/", 1)[-1]

    def changed(body: B) -> B:
        if name not in body.steps:
            raise EditRefused(f"There is no step `{path}` in this flow; it may have been removed in another window.")
        return _put(body, steps={**body.steps, name: change(body.steps[name])})

    return _within(flow, _parent(path), changed)


def _merged(settings: Mapping[str, Json], edit: Set) -> dict[str, Json]:
    return {name: value for name, value in {**settings, **edit.settings}.items() if name not in edit.unset}


def _configured(step: Step, edit: Configure) -> Step:
    names = ("title", "note", "on_error", "retry", "disabled")
    fields: dict[str, Any] = {name: value for name in names if (value := getattr(edit, name)) is not None}
    if edit.instead is not None:
        fields["instead"] = edit.instead or None
    if edit.timeout is not None:
        fields["timeout"] = edit.timeout or None
    if edit.result is not None and step.body is not None:
        fields["body"] = _put(step.body, result=edit.result)
    return _put(step, **fields)


def _check_new(flow: Flow, body: Body) -> None:
    """EditRefused where a name of these steps cannot be one of the flow."""
    there = {path.rsplit("/", 1)[-1] for path, _ in walk(flow)}
    for name in (path.rsplit("/", 1)[-1] for path, _ in walk(body)):
        if name in RESERVED:
            raise EditRefused(f"`{name}` has a meaning of its own in expressions. Choose another name.")
        if name in there:
            raise EditRefused(f"There already is a step `{name}` in this flow.")
        there.add(name)


def _paste(flow: Flow, edit: Paste) -> Flow:
    _check_new(flow, Body(steps=edit.steps))
    if taken := [*(edit.notes.keys() & flow.notes.keys()), *(edit.frames.keys() & flow.frames.keys())]:
        raise EditRefused(f"There already is a note or a frame `{taken[0]}` in this flow.")
    if any(wire.source not in edit.steps or wire.target not in edit.steps for wire in edit.wires):
        raise EditRefused("A wire of this piece ends at a step that is not in it.")

    def pasted(body: B) -> B:
        return _put(body, steps={**body.steps, **edit.steps}, wires=(*body.wires, *edit.wires))

    prefix = f"{edit.parent}/" if edit.parent else ""
    after = _within(flow, edit.parent, pasted)
    after = _put(after, layout={**flow.layout, **{prefix + path: place for path, place in edit.layout.items()}})
    if edit.notes:
        after = _put(after, notes={**flow.notes, **edit.notes})
    for id, frame in edit.frames.items():
        placed = _put(frame, steps=tuple(prefix + path for path in frame.steps))
        after = add_frame(after, AddFrame(id=id, frame=placed))
    return after


def _add(flow: Flow, edit: Add) -> Flow:
    _check_new(flow, Body(steps={edit.id: edit.step}))
    flow = _within(flow, edit.parent, lambda body: _put(body, steps={**body.steps, edit.id: edit.step}))
    path = f"{edit.parent}/{edit.id}" if edit.parent else edit.id
    inside = {f"{path}/{inner}": place for inner, place in edit.layout.items()}
    return _put(flow, layout={**flow.layout, path: edit.at, **inside})


def _remove(flow: Flow, edit: Remove) -> Flow:
    gone = set(edit.steps)
    loose = set(edit.wires)

    def kept(body: B, parent: str) -> B:
        prefix = f"{parent}/" if parent else ""
        steps = {
            name: step if step.body is None else _with_body(step, kept(step.body, prefix + name))
            for name, step in body.steps.items()
            if prefix + name not in gone
        }
        wires = tuple(
            wire
            for wire in body.wires
            if (parent, wire) not in loose and prefix + wire.source not in gone and prefix + wire.target not in gone
        )
        same = wires == body.wires and _same(steps, body.steps)
        return body if same else _put(body, steps=steps, wires=wires)

    flow = kept(flow, "")
    left = {path for path, _ in walk(flow)}
    if edit.notes:
        flow = _put(flow, notes={id: note for id, note in flow.notes.items() if id not in edit.notes})
    if flow.frames:
        flow = _put(flow, frames=kept_frames(flow.frames, left, edit.frames))
    return _put(flow, layout={path: at for path, at in flow.layout.items() if path in left})


def _with_body(step: Step, body: Body) -> Step:
    return step if body is step.body else _put(step, body=body)


def _same(steps: Mapping[str, Step], others: Mapping[str, Step]) -> bool:
    return len(steps) == len(others) and all(steps.get(name) is step for name, step in others.items())


def _rename(flow: Flow, edit: Rename, holds: HoldsExpressions) -> Flow:
    old = edit.path.rsplit("/", 1)[-1]
    if edit.id == old:
        return flow
    try:
        step_at(flow, edit.path)
    except KeyError:
        raise EditRefused(f"There is no step `{edit.path}` in this flow.") from None
    if edit.id in RESERVED:
        raise EditRefused(f"`{edit.id}` has a meaning of its own in expressions. Choose another name.")
    if edit.id in {path.rsplit("/", 1)[-1] for path, _ in walk(flow)}:
        raise EditRefused(f"There already is a step `{edit.id}` in this flow.")

    def step_of(step: Step) -> Step:
        renewed = referring(step, old, edit.id, holds)
        return renewed if renewed.body is None else _with_body(renewed, renamed(renewed.body))

    def wire_of(wire: Wire) -> Wire:
        ends = {"source": wire.source, "target": wire.target}
        changed = {end: edit.id for end, name in ends.items() if name == old}
        return _put(wire, **changed) if changed else wire

    def renamed(body: B) -> B:
        steps = {edit.id if name == old else name: step_of(step) for name, step in body.steps.items()}
        wires = tuple(map(wire_of, body.wires))
        result = rename_result(body.result, old, edit.id)
        same = wires == body.wires and result == body.result and _same(steps, body.steps)
        return body if same else _put(body, steps=steps, wires=wires, result=result)

    path = f"{_parent(edit.path)}/{edit.id}".lstrip("/")
    flow = renamed(flow)
    frames = {
        id: _put(frame, steps=tuple(_moved(at, edit.path, path) for at in frame.steps))
        for id, frame in flow.frames.items()
    }
    layout = {_moved(at, edit.path, path): place for at, place in flow.layout.items()}
    return _put(flow, layout=layout, **({"frames": frames} if frames else {}))


def _moved(path: str, old: str, new: str) -> str:
    return new + path[len(old) :] if path == old or path.startswith(f"{old}/") else path


def _connect(flow: Flow, edit: Connect) -> Flow:
    def connected(body: B) -> B:
        wire = edit.wire
        for end in (wire.source, wire.target):
            if end not in body.steps:
                raise EditRefused(f"There is no step `{end}` here to connect.")
        if wire.source == wire.target:
            raise EditRefused("A step cannot be connected to itself.")
        if wire in body.wires:
            return body
        if wire.source in downstream(body, wire.target):
            raise EditRefused(f"`{wire.source}` already waits for `{wire.target}`; this wire would close a circle.")
        takes_one = bool(wire.target_port) and not edit.many
        into = wire.target, wire.target_port
        others = (other for other in body.wires if not (takes_one and (other.target, other.target_port) == into))
        return _put(body, wires=(*others, wire))

    return _within(flow, edit.parent, connected)


def downstream(body: Body, start: str) -> set[str]:
    """Every step of the body that a wire leads to from `start`, itself included."""
    after: dict[str, list[str]] = {}
    for wire in body.wires:
        after.setdefault(wire.source, []).append(wire.target)
    found, waiting = {start}, [start]
    while waiting:
        new = [target for target in after.get(waiting.pop(), ()) if target not in found]
        found.update(new)
        waiting.extend(new)
    return found
