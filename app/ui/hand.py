"""How a person's hand moves the canvas: what scrolling does, chosen on the canvas and kept."""

from __future__ import annotations

from typing import cast

from nicegui import background_tasks

from app.store.settings import Settings
from app.store.trouble import StoreTrouble
from app.ui.canvas import Canvas, HandShape
from app.ui.commands.here import here
from app.ui.dialogs import said

WHEEL = "canvas.wheel"
WAYS = ("auto", "zooms", "pans")


class Hand:
    """Tells one canvas what was chosen, and keeps what is chosen there."""

    def __init__(self, settings: Settings, canvas: Canvas) -> None:
        self._settings = settings
        self._canvas = canvas
        canvas.when_handled(self._keep)
        background_tasks.create(self._tell(), name="canvas: what scrolling does")
        if (window := here()) is not None:
            window.puts[WHEEL] = self._put

    async def _put(self, wheel: str) -> None:
        hand = cast(HandShape, {"wheel": wheel})
        self._canvas.hand(hand)
        await self._keep(hand)

    async def _tell(self) -> None:
        try:
            wheel = await self._settings.get(WHEEL, "auto")
        except StoreTrouble:
            return  # It scrolls as it does without a choice; that the disk is in trouble is said elsewhere.
        if wheel != "auto" and wheel in WAYS and not self._canvas.is_deleted:
            self._canvas.hand(cast(HandShape, {"wheel": wheel}))

    async def _keep(self, hand: HandShape) -> None:
        if hand["wheel"] in WAYS:
            with self._canvas.client, said():
                await self._settings.put(WHEEL, hand["wheel"])
