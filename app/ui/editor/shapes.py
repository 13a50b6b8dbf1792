"""Notes and frames as the canvas draws them, and what its gestures do to them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.language import msg
from app.ui.editor.drawing import Drawn
from flows.edits import AddFrame, AddNote, ChangeFrame, ChangeNote, Edit, Join, Many, Remove
from flows.model import Flow, Frame, Note, Wire
from flows.pieces import outermost
from flows.shapes import framed, fresh_shape

NOTE_SIZE = (240.0, 136.0)
_WITH_STEPS = msg("delete the frame “{title}” with its {count} steps")


def notes_drawn(flow: Flow) -> dict[str, Drawn]:
    """Every note by its id."""
    return {
        id: {"id": id, "text": note.text, "color": note.color, **dict(zip("xywh", note.at, strict=True))}
        for id, note in flow.notes.items()
    }


def frames_drawn(flow: Flow) -> dict[str, Drawn]:
    """Every frame that has steps, by its id."""
    return {
        id: {
            "id": id,
            "title": flow.frames[id].title,
            "color": flow.frames[id].color,
            "collapsed": flow.frames[id].collapsed,
            "steps": list(steps),
        }
        for id, steps in framed(flow).items()
    }


def new_note(flow: Flow, at: Sequence[float]) -> AddNote:
    """The edit that puts an empty note here."""
    note = Note(at=(round(at[0]), round(at[1]), *NOTE_SIZE))
    return AddNote(id=fresh_shape(flow.notes, "note"), note=note)


def grouped(flow: Flow, steps: Sequence[str]) -> AddFrame:
    """The edit that draws a frame around these steps. ValueError where it cannot be drawn."""
    paths = outermost(flow, steps)
    if not paths:
        raise ValueError(msg("Choose the steps first that the frame is to hold."))
    number = len(flow.frames) + 1
    title = next(title for n in range(number, number + number + 1) if (title := f"Frame {n}") not in _titles(flow))
    return AddFrame(id=fresh_shape(flow.frames, "frame"), frame=Frame(title=title, steps=paths))


def shape_edit(gesture: dict[str, Any], flow: Flow) -> Edit | None:
    """The edit that a gesture on a note or a frame means; None for other gestures."""
    match gesture["do"]:
        case "add_note":
            return new_note(flow, gesture["at"])
        case "note":
            at = gesture.get("at")
            place = None if at is None else (float(at[0]), float(at[1]), float(at[2]), float(at[3]))
            return ChangeNote(id=gesture["id"], text=gesture.get("text"), color=gesture.get("color"), at=place)
        case "frame":
            fields = {name: gesture.get(name) for name in ("title", "color", "collapsed")}
            return ChangeFrame(id=gesture["id"], **fields)
        case "join":
            return Join(steps=tuple(gesture["steps"]), frame=gesture.get("frame") or "")
        case _:
            return None


def removed(flow: Flow, steps: Sequence[str], wires: Sequence[tuple[str, Wire]], gesture: dict[str, Any]) -> Edit:
    """The edit that deletes what is chosen; of a collapsed frame its steps too, of an open one only the frame."""
    frames = [id for id in gesture.get("frames", ()) if id in flow.frames]
    inside = framed(flow)
    held = {path for id in frames if flow.frames[id].collapsed for path in inside.get(id, ())}
    gone = Remove(
        steps=tuple(dict.fromkeys((*steps, *held))),
        wires=tuple(wires),
        notes=tuple(gesture.get("notes", ())),
        frames=tuple(frames),
    )
    if held and not steps and len(frames) == 1:
        title = flow.frames[frames[0]].title
        return Many(edits=(gone,), title=_WITH_STEPS.format(title=title, count=len(held)))
    return gone


def kept_inside(flow: Flow, old: str, new: str) -> tuple[AddFrame, ...]:
    """The edits that draw the frames in a container again, after it was taken away and put elsewhere."""
    return tuple(
        AddFrame(
            id=id, frame=flow.frames[id].model_copy(update={"steps": tuple(new + path[len(old) :] for path in held)})
        )
        for id, held in framed(flow).items()
        if held[0].startswith(f"{old}/")
    )


def _titles(flow: Flow) -> set[str]:
    return {frame.title for frame in flow.frames.values()}
