"""A flow as a card: what it is, how it did last, and Run."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from nicegui import ui

from app.language import msg, spoken, tr
from app.store.flows import FlowCard
from app.studio import Studio
from app.ui.again import TITLE, about_again
from app.ui.dialogs import ask_text, asks, confirm, does, said
from app.ui.home.last import LastLine
from app.ui.home.menu import Menu, entry
from app.ui.home.start import start_run
from app.ui.seen import Seen, seen
from flows.model import Flow

REVIEW = msg("Needs your review")
NOT_RUN = msg("Not run yet")
NO_WORDS = msg("No description yet.")


@dataclass(frozen=True)
class Heard:
    """Whom a card tells that there is a new flow, or that its own is to go."""

    added: Callable[[Flow], Awaitable[None]]
    delete: Callable[[str, str], Awaitable[None]]


class Card:
    """One flow. `show_run` keeps its last line up to date, `tick` its times."""

    def __init__(self, studio: Studio, flow: FlowCard, heard: Heard) -> None:
        self.id = flow.id
        self.name = flow.name
        self.run: Seen | None = None
        self._studio = studio
        self._heard = heard
        self._arrived = flow.origin == "arrived"
        self._asks = False
        self._again: ui.item | None = None
        self.element = ui.element("article").classes("weft-card weft-card-link weft-flow-card")
        with self.element:
            with ui.element("div").classes("weft-card-head"):
                self._title = ui.link(flow.name, f"/flow/{flow.id}").classes("weft-card-title weft-cover weft-grow")
                self._more = Menu(self._entries)
            self._text = ui.label(flow.description or tr(NO_WORDS)).classes("weft-card-text")
            self._message = ui.label("").classes("weft-flow-message")
            with ui.element("div").classes("weft-card-foot"):
                self._last = LastLine()
                self._run = asks(ui.button(tr("Run"), icon="sym_r_play_arrow"), self._start)
                self._run.classes("weft-button weft-flow-button weft-flow-run")
                self._stop = does(ui.button(tr("Stop"), icon="sym_r_stop"), self._end)
                self._stop.classes("weft-button weft-danger weft-flow-button")
        self.show(flow)

    def show(self, flow: FlowCard) -> None:
        """Show the flow as it is now."""
        self.name = flow.name
        self._title.set_text(flow.name)
        self._title.props["title"] = flow.name
        self._text.set_text(flow.description or tr(NO_WORDS))
        self._text.props["title"] = flow.description
        self.element.props["aria-label"] = flow.name
        self._more.props["aria-label"] = tr("More for {name}", name=flow.name)
        self._name_run()
        self._stop.props["aria-label"] = tr("Stop {name}", name=flow.name)
        self.show_run(seen(flow.last_run) if flow.last_run is not None else self.run)

    def show_run(self, run: Seen | None) -> None:
        """Show the last run as it is now; an older one than is shown changes nothing."""
        if run is not None and self.run is not None and not _is_news(run, self.run):
            return
        self.run = run
        going = run is not None and run.going
        if run is not None:
            self._last.show(run)
        message = "" if run is None or going else spoken(run.message)
        self._message.set_text(message)
        self._message.props["title"] = message
        # In place of the description: a card that grew would move all below it.
        self._message.set_visibility(bool(message))
        self._text.set_visibility(not message)
        failed = run is not None and run.status == "failed"
        self._message.classes(add="is-failed" if failed else "", remove="" if failed else "is-failed")
        self._run.set_visibility(not going)
        self._stop.set_visibility(going)
        if self._again is not None:
            self._again.set_visibility(going)

    def tick(self) -> None:
        """Show times as they are now."""
        self._last.tick()

    async def look_for_review(self) -> None:
        """Say whether the flow has to be reviewed before it runs."""
        if self._arrived:
            needed = await self._studio.shelf.to_review(self.id) is not None
            self._asks = needed
            self._last.say(tr(REVIEW if needed else NOT_RUN), asked=needed)
            self._run.set_text(tr("Review") if needed else tr("Run"))
            self._run.icon = "sym_r_shield_question" if needed else "sym_r_play_arrow"
            self._run.classes(add="is-asked" if needed else "", remove="" if needed else "is-asked")
            self._name_run()

    def _name_run(self) -> None:
        name = tr("Review {name}", name=self.name) if self._asks else tr("Run {name}", name=self.name)
        self._run.props["aria-label"] = name

    async def _start(self) -> None:
        run_id = await start_run(self._studio, self.id)
        await self.look_for_review()
        if run_id is not None:
            record = await self._studio.runs.stored.get(run_id)
            if record.status == "skipped":
                ui.notify(spoken(record.message))
            self.show_run(seen(record))

    async def _start_again(self) -> None:
        """Start another run while one goes on, and say what becomes of it: the card shows one of them only."""
        with said():
            flow = (await self._studio.shelf.open(self.id)).flow
            about = about_again(self._studio, flow)
            if await confirm(f"{tr(TITLE)}?", about, tr(TITLE)):
                await self._start()

    async def _end(self) -> None:
        if self.run is not None:
            await self._studio.runs.stop(self.run.id)

    def _entries(self) -> None:
        self._again = entry(tr(TITLE), "play_arrow", self._start_again)
        self._again.set_visibility(self.run is not None and self.run.going)
        entry(tr("Open"), "open_in_new", lambda: ui.navigate.to(f"/flow/{self.id}"))
        entry(tr("Rename"), "edit", self._rename)
        entry(tr("Duplicate"), "content_copy", self._duplicate)
        entry(tr("Export as a file"), "download", self._export)
        entry(tr("All its runs"), "history", lambda: ui.navigate.to(f"/runs?flow={self.id}"))
        ui.separator()
        entry(tr("Delete"), "delete", lambda: self._heard.delete(self.id, self.name))

    async def _rename(self) -> None:
        from flows.edits import Describe

        name = await ask_text(tr("Rename this flow"), tr("Name"), self.name, tr("Rename"))
        if name is not None and name != self.name:
            with said():
                await (await self._studio.shelf.open(self.id)).edit(Describe(name=name))
                (card,) = [each for each in await self._studio.shelf.cards() if each.id == self.id]
                self.show(card)

    async def _duplicate(self) -> None:
        with said():
            await self._heard.added(await self._studio.shelf.duplicate(self.id))

    async def _export(self) -> None:
        with said():
            name, text = await self._studio.shelf.give_away(self.id)
            ui.download.content(text, name, "application/yaml")


def _is_news(run: Seen, shown: Seen) -> bool:
    """True where a run is shown in place of another: the newer one, unless it was left out beside one that goes on."""
    if run.id != shown.id and shown.going != run.going:
        return run.going or (run.status != "skipped" and run.began >= shown.began)
    return run.began >= shown.began
