"""The example flow of each kind of step, and the edit that puts one into another flow."""

from __future__ import annotations

from functools import cache

from app.desk.shelf import EXAMPLES
from flows.edits import Describe, Edit, Many
from flows.model import Flow
from flows.naming import HoldsExpressions, everywhere
from flows.pieces import pasted, placed
from flows.text import read_flow

BELOW = 96.0
"""Room between what is on the canvas and an example that is put under it."""
STEP = 136.0
"""How high a step is at the most that says no size."""


def example_of(kind: str) -> Flow | None:
    """The example flow that is named after a kind of step; None for a kind that does not come with Weft."""
    return example(kind.partition(".")[2].replace("_", "-"))


@cache
def example(name: str) -> Flow | None:
    """The example flow with this file name, without its ending."""
    path = EXAMPLES / f"{name}.flow.yaml"
    return read_flow(path.read_bytes(), path.name).flow if path.is_file() else None


def put_in(piece: Flow, flow: Flow, title: str, holds: HoldsExpressions = everywhere) -> tuple[Many, tuple[str, ...]]:
    """One edit that puts a flow's steps under all that is there, with the inputs they ask for; and the steps' names.

    An empty flow gets its result as well. An input that the flow already has stays as it is.
    """
    paste = pasted(piece, flow, _free(flow), holds=holds)
    inputs = {**piece.inputs, **flow.inputs}
    empty = not flow.steps and not flow.result
    edits: tuple[Edit, ...] = (paste,)
    if inputs != flow.inputs or empty:
        result = piece.result if empty else None
        edits = (paste, Describe(inputs=inputs if inputs != flow.inputs else None, result=result))
    return Many(edits=edits, title=title), tuple(paste.steps)


def _free(flow: Flow) -> tuple[float, float]:
    places = [place for path, place in placed(flow).items() if "/" not in path]
    places += [note.at for note in flow.notes.values()]
    if not places:
        return (0.0, 0.0)
    bottom = max(place[1] + (place[3] if len(place) == 4 else STEP) for place in places)
    return (min(place[0] for place in places), bottom + BELOW)
