"""What was copied here, so that a text which comes back is known, and one from elsewhere is looked at first."""

from __future__ import annotations

import hashlib
from collections import OrderedDict

from flows.model import Flow, walk
from nodes.catalog import Catalog
from nodes.values import Effect, Touches

MOST = 500
"""Texts that are remembered until the next start."""


class Clippings:
    """The texts that this studio has put on a clipboard, and of which flow each is a piece."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, set[str]] = OrderedDict()

    def copied(self, text: str, flow_id: str, origin: str) -> None:
        """Remember a text. A piece of a flow that came from elsewhere is at home in that flow only."""
        homes = self._known.setdefault(_digest(text), set())
        homes.add(flow_id if origin == "arrived" else "")
        self._known.move_to_end(_digest(text))
        while len(self._known) > MOST:
            self._known.popitem(last=False)

    def is_ours(self, text: str, flow_id: str) -> bool:
        """True where a text was copied here, from a flow that may do what this one may."""
        return bool(self._known.get(_digest(text), set()) & {"", flow_id})


def is_harmless(piece: Flow, touches: Touches, catalog: Catalog) -> bool:
    """True where no step of a piece can reach anything, whatever data it gets."""
    kinds = [catalog.kinds.get(step.kind) for _, step in walk(piece)]
    reach = any(
        kind is None or kind.spec.effect is not Effect.NONE or kind.calls(step.settings)
        for kind, (_, step) in zip(kinds, walk(piece), strict=True)
    )
    return not touches and not reach


def _digest(text: str) -> str:
    return hashlib.sha256(text.replace("\r\n", "\n").strip().encode("utf-8", "replace")).hexdigest()
