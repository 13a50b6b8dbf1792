"""Pieces of flows that are pasted: what has to be looked at first, and what they miss where they land."""

from __future__ import annotations

from app.desk.clippings import Clippings, is_harmless
from app.desk.open_flow import OpenFlow
from app.desk.shelf import Review, Shelf
from app.engine.checks import WORLD_NAMES
from app.engine.uses import Use, uses_in
from flows.edits import Paste
from flows.model import Body, Flow, step_at, walk
from flows.text.shape import STEPS_LIMIT
from nodes.catalog import Catalog


class Pasting:
    """What a studio asks before a piece becomes part of a flow."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self.clippings: Clippings = shelf.clippings

    async def to_review(self, piece: Flow, text: str, opened: OpenFlow) -> Review | None:
        """What a person has to accept before this text is pasted; None for what was copied here, or reaches nothing.

        A flow that waits for its own review is looked at as a whole, before it runs.
        """
        if self.clippings.is_ours(text, opened.flow.id) or await self._shelf.to_review(opened.flow.id) is not None:
            return None
        touches = await self._shelf.touches(piece)
        return (
            None if is_harmless(piece, touches, self._shelf.catalog) else Review(piece, touches, touches, again=False)
        )

    async def hold(self, opened: OpenFlow) -> None:
        """From now on the flow is held to what is named in it, as every flow is that came from elsewhere."""
        if opened.origin != "arrived":
            await self._shelf.hold(opened)

    def too_much(self, piece: Flow, flow: Flow) -> str:
        """Why a piece does not fit into a flow any more, in a sentence; nothing where it does."""
        count = sum(1 for _ in walk(piece)) + sum(1 for _ in walk(flow))
        return f"The flow would have {count:,} steps; {STEPS_LIMIT:,} is the most." if count > STEPS_LIMIT else ""


def missing_words(edit: Paste, flow: Flow, catalog: Catalog) -> str:
    """What the pasted steps refer to that is not where they land, in a sentence; nothing where all is there."""
    uses = uses_in(Body(steps=edit.steps), catalog)
    names, known = set(flow.steps), set(WORLD_NAMES)
    path = ""
    for part in filter(None, edit.parent.split("/")):
        path = f"{path}/{part}" if path else part
        container = step_at(flow, path)
        node = catalog.kinds.get(container.kind)
        names |= set(container.body.steps) if container.body is not None else set()
        known |= node.spec.inside if node is not None else set()
    lost = [f"`{root}`" for root in uses if root not in names | known]
    lost += [f"the input `{part}`" for part in sorted(uses.get("inputs", NO_USE).parts) if part not in flow.inputs]
    if not lost:
        return ""
    listed = lost[0] if len(lost) == 1 else f"{', '.join(lost[:-1])} and {lost[-1]}"
    are = "is" if len(lost) == 1 else "are"
    return f"What you pasted refers to {listed}, which {are} not there. Choose other values in its settings."


NO_USE = Use(frozenset(), whole=False, optional=False)
