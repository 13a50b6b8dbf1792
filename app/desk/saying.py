"""Edits in words, for Undo and for the list of what was done."""

from __future__ import annotations

from typing import assert_never

from flows.edits import Add, Configure, Connect, Describe, Edit, Many, Move, Pin, Remove, Rename, Replace, Set
from flows.model import Flow, Wire, step_at
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
            if len(steps) == 1:
                return f"delete {name(steps[0])}"
            if steps:
                return f"delete {len(steps)} steps"
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


def _configured(edit: Configure, name: str) -> str:
    fields = edit.model_fields_set
    if edit.disabled is not None:
        return f"switch {name} {'off' if edit.disabled else 'on'}"
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
