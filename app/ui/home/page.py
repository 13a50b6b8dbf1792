"""The home page: every flow as a card, found as you type, run with one click."""

from __future__ import annotations

import asyncio
import logging

from nicegui import background_tasks, context, ui

from app.language import tr
from app.store.flows import FlowCard
from app.store.refusal import Refusal
from app.store.trouble import StoreTrouble
from app.studio import Studio
from app.ui.commands.here import Offer, key_tip, keymap, offer
from app.ui.dialogs import said, undo_toast
from app.ui.home.arriving import Arrivals
from app.ui.home.card import Card, Heard
from app.ui.home.doorway import Doorway
from app.ui.home.interrupted import Interrupted
from app.ui.home.safe import Safe
from app.ui.seen import seen
from app.ui.tour.starting import TourOffer
from flows.model import Flow

log = logging.getLogger(__name__)

AT_ONCE = 48
"""Cards that are made before the person asks for more: each is some twenty elements."""

SELDOM = 30
"""Seconds between two looks at times such as `5 min ago`."""


async def home_page(studio: Studio) -> None:
    """Show the flows."""
    home = Home(studio)
    home.build()
    await home.fill()
    await home.safe.refresh()
    await home.tour.refresh()
    await home.interrupted.refresh()
    home.follow_the_clock()


class Home:
    """One window on the flows."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._cards: dict[str, Card] = {}
        self._order: list[str] = []
        self._shown = AT_ONCE
        self._deleted: dict[str, ui.notification] = {}
        self._seconds = 0
        self._making = False
        self._filling = asyncio.Lock()

    def build(self) -> None:
        """Make the elements; `fill` fills them."""
        with ui.element("div").classes("weft-page"):
            self._arrivals = Arrivals(self._studio, self._added)
            with ui.element("header").classes("weft-page-head"):
                ui.label(tr("Flows")).classes("weft-title weft-grow").props("role=heading aria-level=1")
                self._search = _search_field()
                self._search.on_value_change(self._searched)
                self._import = ui.button(tr("Import"), icon="sym_r_file_open").classes("weft-button")
                choose = tr("Choose .flow.yaml files, drop them here, or paste their text")
                key_tip(self._import, choose, "home.import")
                self._arrivals.choose(self._import)
                new = ui.button(tr("New flow"), icon="sym_r_add", on_click=self._new)
                new.classes("weft-button weft-primary")
                key_tip(new, tr("Draw a new flow"), "home.new")
            self.safe = Safe(self._studio)
            self.tour = TourOffer(self._studio)
            self.interrupted = Interrupted(self._studio)
            self._grid = ui.element("div").classes("weft-cards").props(f'aria-label="{tr("Flows")}"')
            self._none = ui.element("div").classes("weft-empty")
            self._more = ui.button(tr("Show more"), on_click=self._show_more).classes("weft-button weft-more")
            self._count = ui.label("").classes("weft-visually-hidden").props("role=status aria-live=polite")
        Doorway(self._arrivals.uploader)
        deleted = tr("Nothing was deleted in this window.")
        offer(
            {
                "home.new": self._new,
                "home.search": lambda: self._search.run_method("focus"),
                "home.import": self._arrivals.pick,
                "home.undo": Offer(self._undo, lambda: "" if self._deleted else deleted),
            }
        )
        context.client.on_delete(self._studio.runs.when_changed(self._heard))

    async def fill(self) -> None:
        """Show the flows that the search finds, the last changed first."""
        async with self._filling:
            search = (self._search.value or "").strip()
            found = await self._studio.shelf.cards(search)
            if search != (self._search.value or "").strip():
                return  # more was typed meanwhile
            shown = found[: self._shown]
            for flow in shown:
                if flow.id in self._cards:
                    self._cards[flow.id].show(flow)
            await self._make([flow for flow in shown if flow.id not in self._cards])
            self._arrange([flow.id for flow in shown])
            self._more.set_visibility(len(found) > len(shown))
            self._more.set_text(tr("Show {count} more", count=len(found) - len(shown)))
            self._count.set_text(tr("{count} flows", count=len(found)) if search else "")
            self._draw_none(search, empty=not found)

    async def _make(self, flows: list[FlowCard]) -> None:
        heard = Heard(added=self._added, delete=self._delete)
        with self._grid:
            made = [Card(self._studio, flow, heard) for flow in flows]
        self._cards |= {card.id: card for card in made}
        self._order += [card.id for card in made]
        for card in made:
            await card.look_for_review()

    def _arrange(self, wanted: list[str]) -> None:
        for id, card in self._cards.items():
            card.element.set_visibility(id in wanted)
        order = [*wanted, *(id for id in self._order if id not in wanted)]
        if order != self._order:
            for place, id in enumerate(order):
                if self._order[place] != id:
                    self._cards[id].element.move(self._grid, place)
                    self._order.remove(id)
                    self._order.insert(place, id)

    def _draw_none(self, search: str, *, empty: bool) -> None:
        self._none.set_visibility(empty)
        self._grid.set_visibility(not empty)
        self._none.clear()
        if not empty:
            return
        with self._none:
            ui.icon("sym_r_search_off" if search else "sym_r_account_tree").classes("weft-empty-icon")
            if search:
                ui.label(tr("No flow is called “{search}”", search=search)).classes("weft-empty-title")
                ui.label(tr("The search looks at names and descriptions.")).classes("weft-empty-text")
                with ui.element("div").classes("weft-empty-actions"):
                    ui.button(tr("Show all flows"), on_click=self._clear_search).classes("weft-button")
            else:
                ui.label(tr("Draw your first flow")).classes("weft-empty-title")
                about = tr(
                    "A flow is a few steps, joined by wires, that Weft carries out for you. "
                    "Begin with an empty canvas, or bring in a .flow.yaml file: drop it here, paste it, or import it."
                )
                ui.label(about).classes("weft-empty-text")
                with ui.element("div").classes("weft-empty-actions"):
                    new = ui.button(tr("New flow"), icon="sym_r_add", on_click=self._new)
                    new.classes("weft-button weft-primary")

    async def _searched(self) -> None:
        with said():
            self._shown = AT_ONCE
            await self.fill()

    def _clear_search(self) -> None:
        self._search.value = ""
        self._search.run_method("focus")

    async def _show_more(self) -> None:
        with said():
            self._shown += AT_ONCE
            await self.fill()

    async def _new(self) -> None:
        if self._making:
            return
        self._making = True
        with said():
            flow = await self._studio.shelf.new()
            ui.navigate.to(f"/flow/{flow.id}")
        self._making = False

    async def _added(self, flow: Flow) -> None:
        self._search.value = ""
        await self.fill()
        card = self._cards[flow.id].element.id
        ui.run_javascript(f"getHtmlElement({card}).scrollIntoView({{block: 'nearest'}})")

    async def _delete(self, id: str, name: str) -> None:
        with said():
            await self._studio.shelf.delete(id)
            await self.fill()
            said_so = tr("“{name}” was deleted. Its runs are kept.", name=name)
            self._deleted[id] = undo_toast(said_so, lambda: self._restore(id))

    async def _undo(self) -> None:
        if self._deleted:
            await self._restore([*self._deleted][-1])
        else:
            ui.notify(tr("There is nothing to undo."))

    async def _restore(self, id: str) -> None:
        toast = self._deleted.pop(id, None)
        if toast is None:
            return
        with said():
            if not toast.is_deleted:
                toast.dismiss()
            await self._studio.shelf.restore(id)
            await self.fill()
            ui.notify(tr("“{name}” is back.", name=self._cards[id].name))

    def follow_the_clock(self) -> None:
        """Keep times up to date. Last of all: with its first timer a page is sent as it is."""
        ui.timer(1, self._tick)

    def _tick(self) -> None:
        self._seconds += 1
        for card in self._cards.values():
            if self._seconds % SELDOM == 0 or (card.run is not None and card.run.going):
                card.tick()

    def _heard(self, run_id: str) -> None:
        background_tasks.create(self._run_changed(run_id), name="home: a run changed")

    async def _run_changed(self, run_id: str) -> None:
        try:
            run = await self._studio.runs.stored.get(run_id)
            if self._grid.is_deleted:
                return
            with self._grid.client:
                if run.flow_id in self._cards:
                    self._cards[run.flow_id].show_run(seen(run))
                if self.interrupted.names(run_id) or run.status == "interrupted":
                    await self.interrupted.refresh()
        except (Refusal, StoreTrouble) as trouble:
            log.warning("run %s: %s", run_id, trouble)


def _search_field() -> ui.input:
    field = ui.input(placeholder=tr("Search flows")).classes("weft-search weft-flow-search")
    field.props(f'dense outlined clearable debounce=120 aria-label="{tr("Search flows")}" type=search')
    with field.add_slot("prepend"):
        ui.icon("sym_r_search")
    with field.add_slot("append"):
        ui.label(keymap().first("home.search")).classes("weft-kbd").props("aria-hidden=true")
    return field
