"""Pieces of flows: what is chosen as a small flow of its own, and how such a one is put into another."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import count

from flows.edits import Paste
from flows.model import Body, Flow, Note, Place, Step, step_at, walk
from flows.naming import RESERVED, HoldsExpressions, everywhere
from flows.references import followed, followed_result
from flows.shapes import framed

ASIDE = 32.0
"""How far from one that lies at the very same place a piece is put."""


def outermost(flow: Flow, steps: Collection[str], frames: Collection[str] = ()) -> tuple[str, ...]:
    """The steps that are meant, those in chosen frames too, in the flow's order; what is in a chosen one goes along."""
    inside = framed(flow)
    chosen = {*steps, *(path for id in frames for path in inside.get(id, ()))}
    return tuple(path for path, _ in walk(flow) if path in chosen and not any(up in chosen for up in _above(path)))


def piece_of(
    flow: Flow,
    steps: Collection[str],
    notes: Collection[str] = (),
    frames: Collection[str] = (),
    *,
    moves: bool = False,
) -> Flow:
    """What is chosen, as a flow of its own: steps with the wires between them, notes, and frames that are whole.

    Comments are about the first one, and go along only where it `moves`.
    """
    paths = outermost(flow, steps, frames)
    names = {path: path.rpartition("/")[2] for path in paths}
    bodies = dict.fromkeys(path.rpartition("/")[0] for path in paths)
    wires = tuple(
        wire
        for parent in bodies
        for wire in (step_at(flow, parent).body or Body() if parent else flow).wires
        if all((f"{parent}/{end}" if parent else end) in names for end in (wire.source, wire.target))
    )
    layout = {}
    for inner, place in flow.layout.items():
        if (path := next((up for up in (inner, *_above(inner)) if up in names), None)) is not None:
            layout[names[path] + inner[len(path) :]] = place
    whole = {
        id: flow.frames[id].model_copy(update={"steps": tuple(names[path] for path in held)})
        for id, held in framed(flow).items()
        if all(path in names for path in held)
    }
    steps_said = f"{len(paths)} step{'' if len(paths) == 1 else 's'}" if paths else "Notes"
    return Flow(
        id="piece",
        name=f"{steps_said} of {flow.name}"[:200],
        steps={names[path]: step if moves else _unsaid(step) for path in paths for step in [step_at(flow, path)]},
        wires=wires,
        layout=layout,
        notes={id: flow.notes[id] for id in notes if id in flow.notes},
        frames=whole,
    )


def _unsaid(step: Step) -> Step:
    """The step without its comments, and without those inside it."""
    if not any(each.comments for _, each in walk(Body(steps={"step": step}))):
        return step
    body = step.body
    if body is not None:
        body = body.model_copy(update={"steps": {name: _unsaid(each) for name, each in body.steps.items()}})
    return step.model_copy(update={"comments": {}, "body": body})


def pasted(
    piece: Flow, flow: Flow, at: tuple[float, float] | None, parent: str = "", holds: HoldsExpressions = everywhere
) -> Paste:
    """The edit that puts a piece into a flow, its upper left corner here; where it was, a little aside, without `at`.

    Ids that the flow has already become others, and what refers to them in the piece follows.
    """
    taken = {path.rsplit("/", 1)[-1] for path, _ in walk(flow)}
    own = [path.rsplit("/", 1)[-1] for path, _ in walk(piece)]
    # A fresh id is like none of the piece either, so that no renaming meets the result of another one.
    fresh = _fresh(own, taken | RESERVED)
    renamed = {old: new for old, new in fresh.items() if old != new}
    notes, frames = _fresh(piece.notes, flow.notes), _fresh(piece.frames, flow.frames)
    x, y = _shift(piece, flow, at, parent)

    def path_of(path: str) -> str:
        return "/".join(fresh.get(part, part) for part in path.split("/"))

    def moved(path: str, place: Place) -> Place:
        return place if "/" in path else (place[0] + x, place[1] + y, *place[2:])

    body = _renamed(piece, fresh, renamed, holds)
    return Paste(
        steps=body.steps,
        wires=body.wires,
        layout={path_of(path): moved(path, place) for path, place in placed(piece).items()},
        notes={notes[id]: _moved(note, x, y) for id, note in piece.notes.items()},
        frames={
            frames[id]: piece.frames[id].model_copy(update={"steps": tuple(map(path_of, held))})
            for id, held in framed(piece).items()
        },
        parent=parent,
    )


def placed(piece: Flow) -> dict[str, Place]:
    """The places of a piece; steps without one stand in a row."""
    known = {path for path, _ in walk(piece)}
    found: dict[str, Place] = {path: place for path, place in piece.layout.items() if path in known}
    right = max((place[0] + 264 for path, place in found.items() if "/" not in path), default=0.0)
    for number, name in enumerate(name for name in piece.steps if name not in found):
        found[name] = (right + 264 * number, 0.0)
    return found


def _above(path: str) -> Iterator[str]:
    while path := path.rpartition("/")[0]:
        yield path


def _fresh(names: Collection[str], taken: Collection[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    known = {*names, *taken}
    for name in names:
        new = name if name not in taken else next(each for each in _numbered(name) if each not in known)
        known.add(new)
        found[name] = new
    return found


def _numbered(name: str) -> Iterator[str]:
    stem = name.rstrip("0123456789").removesuffix("_") if "_" in name else name
    return (f"{(stem or name)[:56]}_{number}" for number in count(2))


def _renamed(body: Body, fresh: Mapping[str, str], renamed: Mapping[str, str], holds: HoldsExpressions) -> Body:
    """The body with every id made the fresh one; a wire that ends nowhere is left out."""
    wires = tuple(
        wire.model_copy(update={"source": fresh[wire.source], "target": fresh[wire.target]})
        for wire in body.wires
        if wire.source in body.steps and wire.target in body.steps
    )
    steps = {fresh[name]: _step(step, fresh, renamed, holds) for name, step in body.steps.items()}
    return Body(steps=steps, wires=wires, result=followed_result(body.result, renamed))


def _step(step: Step, fresh: Mapping[str, str], renamed: Mapping[str, str], holds: HoldsExpressions) -> Step:
    if not renamed:
        return step
    body = None if step.body is None else _renamed(step.body, fresh, renamed, holds)
    return step.model_copy(update={"settings": followed(step, renamed, holds), "body": body})


def _shift(piece: Flow, flow: Flow, at: tuple[float, float] | None, parent: str) -> tuple[float, float]:
    """By how much everything is moved, so that it does not cover what lies at the very same places."""
    corners = [place[:2] for path, place in placed(piece).items() if "/" not in path]
    corners += [note.at[:2] for note in piece.notes.values()]
    if not corners:
        return 0.0, 0.0
    left, above = min(corner[0] for corner in corners), min(corner[1] for corner in corners)
    taken = {place[:2] for path, place in flow.layout.items() if path.rpartition("/")[0] == parent}
    taken |= {note.at[:2] for note in flow.notes.values()}
    x, y = (ASIDE, ASIDE) if at is None else (at[0] - left, at[1] - above)
    while any((corner[0] + x, corner[1] + y) in taken for corner in corners):
        x, y = x + ASIDE, y + ASIDE
    return x, y


def _moved(note: Note, x: float, y: float) -> Note:
    return note.model_copy(update={"at": (note.at[0] + x, note.at[1] + y, *note.at[2:])})
