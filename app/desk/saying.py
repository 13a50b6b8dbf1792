"""Edits in words, for Undo and for the list of what was done."""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

from flows.diff import Difference, flow_changes, step_changes
from flows.diff_words import Words
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
from flows.model import Flow, Step, Wire, step_at
from flows.pairing import Pairing, id_of
from flows.shape_words import first_words
from nodes.catalog import Catalog
from nodes.checks import label_of


def name_of(flow: Flow, path: str, catalog: Catalog) -> str:
    """A step as a person knows it: its title, or what its node is called."""
    try:
        step = step_at(flow, path)
    except KeyError:
        return path.rsplit("/", 1)[-1]
    node = catalog.kinds.get(step.kind)
    return step.title or (node.spec.title if node else step.kind)


def words_of(difference: Difference, catalog: Catalog) -> Words:
    """Says a difference with the names that steps and settings have in the window."""

    def title(path: str, step: Step) -> str:
        node = catalog.kinds.get(step.kind)
        return step.title or (node.spec.title if node is not None else id_of(path))

    def label(step: Step, name: str) -> str:
        node = catalog.kinds.get(step.kind)
        return label_of(node, name) if node is not None else name

    return Words(difference, title, label)


def worded(edit: Edit, before: Flow, after: Flow, catalog: Catalog) -> str:
    """A change of one value with what it was and is: `Retry 0 → 3 on “Send”`; empty where it is none."""
    match edit:
        case Configure(disabled=None, path=path) | Set(path=path):
            old, new = step_at(before, path), step_at(after, path)
            changes = tuple(step_changes(path, old, new))
            pairing = Pairing({path: old}, {path: new}, {path: path})
        case Describe(name=None, on_failure=None, inputs=None):
            pairing = Pairing({}, {}, {})
            changes = tuple(flow_changes(before, after, pairing))
        case _:
            return ""
    if len(changes) != 1:
        return ""
    if changes[0].field == ("title",) and changes[0].new:
        return f"call {name_of(before, changes[0].path, catalog)} “{changes[0].new}”"
    return words_of(Difference(changes, False, pairing), catalog).sentence(changes[0])


def said(edit: Edit, before: Flow, catalog: Catalog) -> str:
    """What an edit does, in a few words: `connect Read table → For each`."""

    def name(path: str) -> str:
        return name_of(before, path, catalog)

    def wire(parent: str, each: Wire) -> str:
        prefix = f"{parent}/" if parent else ""
        return f"{name(prefix + each.source)} → {name(prefix + each.target)}"

    match edit:
        case Add(step=step):
            node = catalog.kinds.get(step.kind)
            return f"add {step.title or (node.spec.title if node else step.kind)}"
        case Remove(steps=steps, wires=wires):
            if len(steps) == 1 and not edit.notes:
                return f"delete {name(steps[0])}"
            if steps:
                return f"delete {len(steps)} steps"
            if edit.notes or edit.frames:
                return _shapes_removed(edit, before)
            return f"disconnect {wire(*wires[0])}" if len(wires) == 1 else f"delete {len(wires)} wires"
        case Set(path=path, settings=settings, unset=unset):
            changed = [*settings, *unset]
            node = catalog.kinds.get(step_at(before, path).kind)
            what = label_of(node, changed[0]) if node and len(changed) == 1 else "settings"
            return f"change {what} of {name(path)}"
        case Configure(path=path):
            return _configured(edit, name(path))
        case Pin(path=path, outputs=outputs):
            if outputs is None:
                return f"unpin {name(path)}"
            is_pinned = step_at(before, path).pinned is not None
            return f"change the pinned data of {name(path)}" if is_pinned else f"pin {name(path)}"
        case Rename(path=path, id=id):
            return f"rename {path.rsplit('/', 1)[-1]} to {id}"
        case Move(to=to):
            return f"move {name(next(iter(to)))}" if len(to) == 1 else f"move {len(to)} steps"
        case Connect(wire=each, parent=parent):
            return f"connect {wire(parent, each)}"
        case AddNote():
            return "add a note"
        case ChangeNote(id=id, at=at):
            words = first_words(before.notes[id].text) if id in before.notes else ""
            note = f"the note “{words}”" if words else "the note"
            return f"change {note}" if at is None else f"move {note}"
        case AddFrame(frame=frame):
            return f"group {_count(frame.steps, name)}"
        case ChangeFrame():
            return _frame_changed(edit, before)
        case Join(steps=paths, frame=frame):
            title = _title(before, frame)
            return f"put {_count(paths, name)} into {title}" if frame else f"take {_count(paths, name)} out of a frame"
        case Paste(steps=steps, notes=notes):
            if len(steps) == 1:
                return f"paste {next(iter(steps.values())).title or next(iter(steps))}"
            return f"paste {len(steps)} steps" if steps else "paste a note" if len(notes) == 1 else "paste notes"
        case AddComment(path=path):
            return f"comment on {name(path)}"
        case ResolveComment(path=path, resolved=resolved):
            return f"resolve a comment on {name(path)}" if resolved else f"open a comment on {name(path)} again"
        case RemoveComment(path=path):
            return f"delete a comment on {name(path)}"
        case Describe(name=new) if new is not None:
            return f"rename the flow to {new}"
        case Describe():
            return _described(edit)
        case Replace():
            return "go back to another version"
        case Many(edits=edits, title=title):
            return title or (said(edits[0], before, catalog) if edits else "nothing")
        case _:
            assert_never(edit)


def _count(paths: tuple[str, ...], name: Callable[[str], str]) -> str:
    return name(paths[0]) if len(paths) == 1 else f"{len(paths)} steps"


def _title(before: Flow, frame: str) -> str:
    title = before.frames[frame].title if frame in before.frames else ""
    return f"the frame “{title}”" if title else "the frame"


def _shapes_removed(edit: Remove, before: Flow) -> str:
    if len(edit.notes) + len(edit.frames) > 1:
        return f"delete {len(edit.notes) + len(edit.frames)} notes and frames"
    return "delete a note" if edit.notes else f"take away {_title(before, edit.frames[0])}"


def _frame_changed(edit: ChangeFrame, before: Flow) -> str:
    title = _title(before, edit.id)
    if edit.collapsed is not None:
        return f"collapse {title}" if edit.collapsed else f"expand {title}"
    return f"call {title} “{edit.title}”" if edit.title is not None else f"change {title}"


def _configured(edit: Configure, name: str) -> str:
    fields = edit.model_fields_set
    if edit.disabled is not None:
        return f"switch {name} off" if edit.disabled else f"switch {name} on"
    if "timeout" in fields:
        return f"change the time limit of {name}"
    if fields & {"on_error", "instead", "retry"}:
        return f"change what happens when {name} fails"
    return f"change {name}"


def _described(edit: Describe) -> str:
    if edit.limits is not None:
        return "change what the flow may use"
    if edit.on_failure is not None:
        return "change what runs after a failure"
    if edit.resumes_itself is not None:
        return "change what happens after a crash"
    return "change the flow's details"
