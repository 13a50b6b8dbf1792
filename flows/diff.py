"""What has changed between two flows: `diff(before, after)`, as values. `flows.diff_words` says it in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import JsonValue as Json

from flows.model import Body, Flow, Frame, Frozen, Note, Step, Wire
from flows.naming import HoldsExpressions, everywhere
from flows.pairing import Pairing, id_of, pair, parent_of
from flows.references import followed, followed_result

Sort = Literal["added", "removed", "moved", "renamed", "changed", "wired", "unwired", "reordered"]

STEP_FIELDS = ("kind", "version", "title", "note", "on_error", "timeout", "disabled", "pinned", "instead")
FLOW_FIELDS = ("name", "description", "on_failure", "resumes_itself")


@dataclass(frozen=True)
class Change:
    """One thing that is different.

    `path` is the step in the later flow, of a removed one in the earlier; of a wire it is the container, and empty is
    the flow itself. `field` says what of it: `("retry", "times")`, `("settings", "url")`.
    """

    sort: Sort
    path: str = ""
    field: tuple[str, ...] = ()
    old: Json = None
    new: Json = None
    wire: Wire | None = None


@dataclass(frozen=True)
class Difference:
    """All that is different, the flow's own things first, then steps in their order, then wires."""

    changes: tuple[Change, ...]
    laid_out: bool
    """Steps are at other places of the canvas."""
    pairing: Pairing

    def __bool__(self) -> bool:
        return bool(self.changes) or self.laid_out

    @property
    def layout_only(self) -> bool:
        """Nothing is different but where steps stand."""
        return self.laid_out and not self.changes


def diff(before: Flow, after: Flow, holds: HoldsExpressions = everywhere) -> Difference:
    """What one has to do to `before` to come to `after`; ids of flows do not count. It takes linear time."""
    pairing = pair(before, after)
    changes = (
        *_of_flow(before, after, pairing),
        *_of_steps(pairing, holds),
        *_of_wires(before, after, pairing),
        *_of_notes(before.notes, after.notes),
        *_of_frames(before.frames, after.frames, pairing),
    )
    return Difference(changes, _laid_out(before, after, pairing), pairing)


def step_changes(path: str, before: Step, after: Step) -> Iterator[Change]:
    """What is different between two versions of one step, apart from what is inside it."""
    return _of_step(path, before, after, {}, everywhere)


def flow_changes(before: Flow, after: Flow, pairing: Pairing) -> Iterator[Change]:
    """What is different of the flow's own things."""
    return _of_flow(before, after, pairing)


def _of_flow(before: Flow, after: Flow, pairing: Pairing) -> Iterator[Change]:
    for name in FLOW_FIELDS:
        yield from _changed("", (name,), getattr(before, name), getattr(after, name))
    for name in dict.fromkeys((*before.inputs, *after.inputs)):
        old, new = before.inputs.get(name), after.inputs.get(name)
        if old is None:
            yield Change("added", field=("inputs", name))
        elif new is None:
            yield Change("removed", field=("inputs", name))
        else:
            yield from _fields("", ("inputs", name), old, new)
    yield from _changed("", ("result",), followed_result(before.result, pairing.renamed), after.result)
    yield from _fields("", ("limits",), before.limits, after.limits)
    yield from _keys("", "extra", before.extra, after.extra)


def _of_steps(pairing: Pairing, holds: HoldsExpressions) -> Iterator[Change]:
    earlier = {new: old for old, new in pairing.later.items()}
    for path, step in pairing.after.items():
        if path not in earlier:
            yield Change("added", path)
            continue
        old = earlier[path]
        if parent_of(path) != pairing.place_of(parent_of(old)):
            yield Change("moved", path, old=parent_of(old), new=parent_of(path))
        if id_of(path) != id_of(old):
            yield Change("renamed", path, old=id_of(old), new=id_of(path))
        was = pairing.before[old]
        if was is not step:
            yield from _of_step(path, was, step, pairing.renamed, holds)
    for path in pairing.removed:
        yield Change("removed", path)


def _of_step(
    path: str, before: Step, after: Step, renamed: Mapping[str, str], holds: HoldsExpressions
) -> Iterator[Change]:
    for name in STEP_FIELDS:
        yield from _changed(path, (name,), getattr(before, name), getattr(after, name))
    yield from _fields(path, ("retry",), before.retry, after.retry)
    if before.comments != after.comments:
        for id in dict.fromkeys((*before.comments, *after.comments)):
            was, now = before.comments.get(id), after.comments.get(id)
            yield from _changed(path, ("comments", id), _dumped(was), _dumped(now))
    if before.settings is not after.settings:
        yield from _keys(path, "settings", followed(before, renamed, holds), after.settings)
    old, new = before.body, after.body
    if old is None or new is None:
        yield from _changed(path, ("body",), old is not None, new is not None)
    else:
        yield from _changed(path, ("result",), followed_result(old.result, renamed), new.result)


def _changed(path: str, field: tuple[str, ...], old: Any, new: Any) -> Iterator[Change]:
    if not _same(old, new):
        yield Change("changed", path, field, old, new)


def _fields(path: str, field: tuple[str, ...], old: Frozen, new: Frozen) -> Iterator[Change]:
    if old is not new and old != new:
        for name in type(old).model_fields:
            yield from _changed(path, (*field, name), _plain(getattr(old, name)), _plain(getattr(new, name)))


def _keys(path: str, field: str, old: Mapping[str, Json], new: Mapping[str, Json]) -> Iterator[Change]:
    if old != new:
        for name in dict.fromkeys((*old, *new)):
            if name not in old or name not in new or not _same(old[name], new[name]):
                yield Change("changed", path, (field, name), old.get(name), new.get(name))


def _same(old: Any, new: Any) -> bool:
    return old is new or bool(old == new)


def _dumped(value: Frozen | None) -> Json:
    return None if value is None else value.model_dump(mode="json")


def _plain(value: Any) -> Json:
    return list(value) if isinstance(value, tuple) else value


def _of_wires(before: Flow, after: Flow, pairing: Pairing) -> Iterator[Change]:
    """Wires of steps that came or went with their whole container, or of steps that went, are not told apart."""
    known = set(pairing.later.values())
    bodies = {path: step.body for path, step in pairing.after.items() if step.body is not None and path in known}
    earlier = {new: old for old, new in pairing.later.items()}
    for path, body in (("", after), *bodies.items()):
        at = earlier[path] if path else ""
        held: Body | None = pairing.before[at].body if path else before
        if held is not None and held.wires is not body.wires:
            yield from _of_body(path, list(_later(held, f"{at}/" if at else "", pairing)), body.wires)


def _of_body(path: str, old: list[Wire], new: tuple[Wire, ...]) -> Iterator[Change]:
    was, now = set(old), set(new)
    yield from (Change("wired", path, wire=wire) for wire in new if wire not in was)
    yield from (Change("unwired", path, wire=wire) for wire in old if wire not in now)
    if [wire for wire in old if wire in now] != [wire for wire in new if wire in was]:
        yield Change("reordered", path)


def _later(body: Body, prefix: str, pairing: Pairing) -> Iterator[Wire]:
    """The wires of an earlier body as they are called later, without those whose steps went."""
    for wire in body.wires:
        ends = [f"{prefix}{end}" for end in (wire.source, wire.target)]
        if any(end in pairing.before and end not in pairing.later for end in ends):
            continue
        source, target = (id_of(pairing.later.get(end, end)) for end in ends)
        same = (source, target) == (wire.source, wire.target)
        yield wire if same else wire.model_copy(update={"source": source, "target": target})


def _of_notes(before: Mapping[str, Note], after: Mapping[str, Note]) -> Iterator[Change]:
    """Where a note lies counts as layout."""
    for id in dict.fromkeys((*before, *after)):
        old, new = before.get(id), after.get(id)
        if old is None or new is None:
            gone, came = (note.text if note is not None else None for note in (old, new))
            yield Change("added" if old is None else "removed", field=("notes", id), old=gone, new=came)
            continue
        for name in ("text", "color"):
            yield from _changed("", ("notes", id, name), getattr(old, name), getattr(new, name))


def _of_frames(before: Mapping[str, Frame], after: Mapping[str, Frame], pairing: Pairing) -> Iterator[Change]:
    """A step that went is told of itself, not as one that left its frame."""
    for id in dict.fromkeys((*before, *after)):
        old, new = before.get(id), after.get(id)
        if old is None or new is None:
            gone, came = (frame.title if frame is not None else None for frame in (old, new))
            yield Change("added" if old is None else "removed", field=("frames", id), old=gone, new=came)
            continue
        for name in ("title", "color", "collapsed"):
            yield from _changed("", ("frames", id, name), getattr(old, name), getattr(new, name))
        held = _followed_steps(old, pairing)
        if set(held) != set(new.steps):
            yield Change("changed", field=("frames", id, "steps"), old=[*held], new=[*new.steps])


def _followed_steps(frame: Frame, pairing: Pairing) -> list[str]:
    """The steps of a frame of the earlier flow as they are called later, without those that went."""
    return [
        pairing.later.get(path, path) for path in frame.steps if path in pairing.later or path not in pairing.before
    ]


def _laid_out(before: Flow, after: Flow, pairing: Pairing) -> bool:
    return _shapes_moved(before, after, pairing) or _steps_moved(before, after, pairing)


def _shapes_moved(before: Flow, after: Flow, pairing: Pairing) -> bool:
    """Notes lie elsewhere, or what nobody sees is different: in which order notes, frames and their steps are kept."""
    if before.notes is after.notes and before.frames is after.frames:
        return False
    notes, frames = before.notes.keys() & after.notes.keys(), before.frames.keys() & after.frames.keys()
    return any(before.notes[id].at != after.notes[id].at for id in notes) or any(
        sorted(held := _followed_steps(before.frames[id], pairing)) == sorted(after.frames[id].steps)
        and held != [*after.frames[id].steps]
        for id in frames
    )


def _steps_moved(before: Flow, after: Flow, pairing: Pairing) -> bool:
    if before.layout is after.layout:
        return False
    gone, came = set(pairing.removed), set(pairing.added)
    old = {pairing.later.get(path, path): place for path, place in before.layout.items() if path not in gone}
    return old != {path: place for path, place in after.layout.items() if path not in came}
