"""Which step of one flow is which step of another: by its path, its container, its id, and what it does."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property

from flows.expressions import is_template
from flows.model import Flow, Step, walk

_NAME = re.compile(r"[A-Za-z_]\w*")


def parent_of(path: str) -> str:
    """The path of the container a step is in; empty for the flow itself."""
    return path.rpartition("/")[0]


def id_of(path: str) -> str:
    """The last part of a path."""
    return path.rpartition("/")[2]


@dataclass(frozen=True)
class Pairing:
    """The steps of both flows by path, and which path of the earlier one is which of the later one."""

    before: Mapping[str, Step]
    after: Mapping[str, Step]
    later: Mapping[str, str]

    @cached_property
    def removed(self) -> list[str]:
        """Paths in the earlier flow of steps that the later one has not."""
        return [path for path in self.before if path not in self.later]

    @cached_property
    def added(self) -> list[str]:
        """Paths in the later flow of steps that the earlier one has not."""
        known = set(self.later.values())
        return [path for path in self.after if path not in known]

    @cached_property
    def renamed(self) -> dict[str, str]:
        """Old id → new id of every step that is called otherwise now."""
        return {id_of(old): id_of(new) for old, new in self.later.items() if id_of(old) != id_of(new)}

    def place_of(self, path: str) -> str:
        """Where a step of the earlier flow is, or would be, in the later one."""
        if path in self.later:
            return self.later[path]
        parent = parent_of(path)
        return f"{self.place_of(parent)}/{id_of(path)}" if parent else path


def pair(before: Flow, after: Flow) -> Pairing:
    """Pair the steps of two flows, each with one at most. The time it takes grows in line with their size."""
    old, new = dict(walk(before)), dict(walk(after))
    later = {path: path for path in old if path in new}
    made = Pairing(old, new, later)
    free = {path for path in new if path not in later}
    if not free or len(later) == len(old):
        return made
    unsteady = {id_of(path) for path in old} ^ {id_of(path) for path in new}
    there: dict[Hashable, list[str]] = defaultdict(list)
    for path in reversed([path for path in new if path in free]):
        for key in _keys(path, parent_of(path), new[path], after, unsteady):
            there[key].append(path)
    for path in [path for path in old if path not in later]:
        parent = parent_of(path)
        for key in _keys(path, made.place_of(parent) if parent else "", old[path], before, unsteady):
            candidates = there[key]
            while candidates and candidates[-1] not in free:
                candidates.pop()
            if candidates:
                later[path] = candidates.pop()
                free.discard(later[path])
                break
    return made


def _keys(path: str, parent: str, step: Step, flow: Flow, unsteady: set[str]) -> list[Hashable]:
    """What two steps that are the same one have in common, the surest first."""
    place = flow.layout.get(path)
    return [
        ("in the same container", parent, id_of(path), step.kind),
        ("moved", id_of(path), step.kind),
        ("renamed", parent, _content(step, unsteady)),
        *([("at the same place", parent, step.kind, place[0], place[1])] if place is not None else []),
    ]


def _content(step: Step, unsteady: set[str]) -> str:
    """What a step does, without the ids that only one of the two flows has."""
    inside = sorted("" if name in unsteady else name for name in step.body.steps) if step.body is not None else None
    about = [
        step.kind,
        step.title,
        step.on_error,
        step.timeout,
        step.disabled,
        step.note,
        _steady(step.settings, unsteady),
    ]
    return json.dumps([about, inside], sort_keys=True, default=str)


def _steady(value: object, unsteady: set[str]) -> object:
    match value:
        case str():
            if not is_template(value):
                return value
            return _NAME.sub(lambda found: "" if found[0] in unsteady else found[0], value)
        case list() | tuple():
            return [_steady(each, unsteady) for each in value]
        case Mapping():
            return {key: _steady(each, unsteady) for key, each in value.items()}
        case _:
            return value
