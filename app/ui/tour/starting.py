"""Where the tour stands, kept over restarts; and how it begins."""

from __future__ import annotations

from nicegui import ui

from app.language import tr
from app.studio import Studio
from app.ui.dialogs import does

TOUR = "tour"
"""The setting: none before an answer to the offer, the flow and the card while it goes on, or that it is over."""
OVER = {"over": True}


async def begin_tour(studio: Studio) -> None:
    """Begin it on a new flow, and go there."""
    flow = await studio.shelf.new(tr("My first flow"))
    await studio.settings.put(TOUR, {"flow": flow.id, "card": 0})
    ui.navigate.to(f"/flow/{flow.id}")


async def end_tour(studio: Studio) -> None:
    """Never offer it again, and show none."""
    await studio.settings.put(TOUR, OVER)


async def card_of(studio: Studio, flow_id: str) -> int | None:
    """The card that the tour has come to on this flow; None where it is not taken on it."""
    kept = await studio.settings.get(TOUR)
    if isinstance(kept, dict) and kept.get("flow") == flow_id and isinstance(kept.get("card"), int):
        return int(kept["card"])
    return None


class TourOffer:
    """A notice on the page of all flows, until the tour was begun or declined."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self.element = (
            ui.element("section").classes("weft-notice weft-tour-offer").props(f'aria-label="{tr("The tour")}"')
        )
        self.element.set_visibility(False)
        with self.element:
            ui.icon("sym_r_explore")
            with ui.element("div").classes("weft-stack weft-tight weft-grow"):
                ui.label(tr("New here? Build and run your first flow.")).classes("weft-strong")
                ui.label(tr("Six small steps with the practice shop, about two minutes. It needs no key."))
            take = ui.button(tr("Take the tour")).classes("weft-button weft-primary")
            does(take, self._take)
            does(ui.button(tr("Not now")).classes("weft-button"), self._decline)

    async def refresh(self) -> None:
        """Be there if nobody has answered yet."""
        self.element.set_visibility(await self._studio.settings.get(TOUR) is None)

    async def _take(self) -> None:
        await begin_tour(self._studio)

    async def _decline(self) -> None:
        await end_tour(self._studio)
        self.element.set_visibility(False)
        ui.notify(tr("The tour is among the commands, whenever you want it."))
