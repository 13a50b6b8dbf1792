"""The inbox: one list of all that runs ask, answered with the mouse or the keyboard, one or several at once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from nicegui import background_tasks, context, ui
from pydantic import JsonValue as Json

from app.language import msg, spoken, tr, trn
from app.store.inbox import Decision, Entry
from app.store.refusal import Refusal
from app.store.trouble import StoreTrouble
from app.studio import Studio
from app.ui.commands.here import keymap, offer
from app.ui.dialogs import does, said
from app.ui.inbox.card import title_of
from app.ui.inbox.context import Places
from app.ui.inbox.payload import Unfit
from app.ui.inbox.resting import Resting
from app.ui.inbox.row import QuestionCard
from app.ui.inbox.saying import decided, outcome

log = logging.getLogger(__name__)

A_PAGE = 30
SELDOM = 30
GONE_FOR = 12_000
"""Milliseconds for which it is said that a question is gone: whoever was reading it looks elsewhere."""
PLACE = msg("the Inbox")
KEYS = (
    ("inbox.next", msg("next")),
    ("inbox.choose", msg("choose")),
    ("inbox.first", msg("first answer")),
    ("inbox.second", msg("second answer")),
)


async def inbox_page(studio: Studio) -> None:
    """Show what waits for a person."""
    inbox = InboxView(studio)
    inbox.build()
    await inbox.refresh()
    inbox.begin()


class InboxView:
    """One window on the inbox. What is typed into a question stays while others come and go."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._places = Places(studio)
        self._cards: dict[int, QuestionCard] = {}
        self._current = 0
        self._shown = A_PAGE
        self._filling = asyncio.Lock()
        self._answering: set[int] = set()
        """The questions that are decided here: of the others it is said how they were decided."""

    def build(self) -> None:
        """Make the elements; `refresh` fills them."""
        with ui.element("div").classes("weft-page"):
            with ui.element("header").classes("weft-page-head"):
                ui.label(tr("Inbox")).classes("weft-title weft-grow").props("role=heading aria-level=1")
                with ui.element("div").classes("weft-row weft-small weft-muted weft-inbox-keys") as self._keys:
                    for command, does_what in KEYS:
                        ui.label(keymap().first(command)).classes("weft-kbd")
                        ui.label(tr(does_what))
            with ui.element("div").classes("weft-inbox-several").props("role=status") as self._several:
                self._count = ui.label("").classes("weft-strong")
                self._alike = ui.element("div").classes("weft-row weft-wrap")
                clear = ui.button(tr("Clear"), on_click=self._choose_none).classes("weft-quiet weft-push")
                clear.props("flat")
            self._several.set_visibility(False)
            self._list = ui.element("div").classes("weft-stack").props(f'role=feed aria-label="{tr("Questions")}"')
            self._more = does(ui.button(tr("Show older")), self._older).classes("weft-button weft-more")
            with ui.element("div").classes("weft-empty") as self._none:
                ui.icon("sym_r_inbox").classes("weft-empty-icon")
                ui.label(tr("Nothing waits for you")).classes("weft-empty-title")
                empty = tr(
                    "When a flow asks whether it may go on, reaches a limit, or needs to know what became of a step, "
                    "its question is here. Put an Approve step into a flow to be asked before something goes out."
                )
                ui.label(empty).classes("weft-empty-text")
            self._resting = Resting(self._studio)
        offer(
            {
                "inbox.first": lambda: self._press(0),
                "inbox.second": lambda: self._press(1),
                "inbox.next": lambda: self._move(1),
                "inbox.previous": lambda: self._move(-1),
            }
        )
        context.client.on_delete(self._studio.runs.when_inbox_changed(self._heard))

    def begin(self) -> None:
        """Keep times up to date. Last of all: with its first timer a page is sent as it is."""
        ui.timer(SELDOM, self._tick)
        if self._cards:
            self._focus_at(0, scroll=False)

    async def refresh(self) -> None:
        """Show what is asked now: new questions at the top, and those that were decided no more."""
        async with self._filling:
            found = await self._studio.runs.inbox.pending(limit=self._shown + 1)
            entries = {entry.id: entry for entry in found[: self._shown]}
            elsewhere = [card.entry for id, card in self._cards.items() if id not in entries.keys() | self._answering]
            for id in [id for id, card in self._cards.items() if not _is_the_same(card.entry, entries.get(id))]:
                self._cards.pop(id).element.delete()
            for place, entry in enumerate(entries.values()):
                if entry.id not in self._cards:
                    await self._draw(entry, place)
            self._cards = {id: self._cards[id] for id in entries if id in self._cards}
            self._more.set_visibility(len(found) > self._shown)
            self._none.set_visibility(not entries)
            self._keys.set_visibility(bool(entries))
            await self._resting.refresh()
        if self._current not in self._cards:
            self._current = 0
        self._chosen()
        await self._say_gone(elsewhere)

    async def _say_gone(self, entries: list[Entry]) -> None:
        """Say how questions were decided that somebody may have been reading just now."""
        now = [await self._studio.runs.inbox.get(entry.run_id, entry.step, entry.key) for entry in entries]
        gone = [entry for entry in now if entry is not None and entry.status != "pending"]
        if len(gone) == 1:
            told = tr("“{question}” {decided}", question=title_of(gone[0]), decided=decided(gone[0]))
            ui.notify(told, multi_line=True, timeout=GONE_FOR)
        elif gone:
            many = trn(
                "{n} question was decided elsewhere or is asked no more.",
                "{n} questions were decided elsewhere or are asked no more.",
                len(gone),
            )
            ui.notify(many, timeout=GONE_FOR)

    async def _draw(self, entry: Entry, place: int) -> None:
        where = await self._places.of(entry)
        with self._list:
            card = QuestionCard(
                entry, where, self._answer, chosen=self._chosen, entered=self._entered, space=self._toggle
            )
        card.element.move(self._list, place)
        self._cards[entry.id] = card

    async def _answer(self, entry: Entry, choice: str, left: Json) -> None:
        """Answer one question; its card goes once it is decided."""
        place = list(self._cards).index(entry.id) if entry.id in self._cards else 0
        with self._decided_here([entry.id]):
            decision = await self._studio.runs.answer(entry.run_id, entry.step, entry.key, choice, left, by=PLACE)
            await self.refresh()
        answered = tr("Answered with “{choice}”.", choice=spoken(choice))
        ui.notify(answered if decision.won else decided(decision.entry))
        self._focus_at(place)

    @contextmanager
    def _decided_here(self, ids: list[int]) -> Iterator[None]:
        self._answering.update(ids)
        try:
            yield
        finally:
            self._answering.difference_update(ids)

    async def _answer_several(self, choice: str) -> None:
        decisions: list[Decision] = []
        wrong = 0
        place = next((at for at, card in enumerate(self._cards.values()) if card.is_chosen), 0)
        chosen = [card for card in self._cards.values() if card.is_chosen]
        with self._decided_here([card.entry.id for card in chosen]):
            for card in chosen:
                entry, answer = card.entry, self._studio.runs.answer
                try:
                    left = card.body.left
                    decisions.append(await answer(entry.run_id, entry.step, entry.key, choice, left, by=PLACE))
                except (Unfit, Refusal):
                    wrong += 1
            await self.refresh()
        told = outcome(choice, decisions)
        if wrong:
            told += " " + trn(
                "{n} cannot be answered as it was edited.", "{n} cannot be answered as they were edited.", wrong
            )
        ui.notify(told.strip(), multi_line=True)
        self._focus_at(place)

    async def _press(self, place: int) -> None:
        """Answer what is chosen, or else the question at the keyboard, with its first or second answer."""
        chosen = [card for card in self._cards.values() if card.is_chosen]
        meant = chosen or ([self._cards[self._current]] if self._current in self._cards else [])
        with said():
            if not meant:
                ui.notify(tr("Choose a question first, with the arrow keys."))
            elif len({card.entry.choices for card in meant}) > 1:
                ui.notify(tr("These have different answers. Choose among those that are alike."))
            elif len(meant[0].entry.choices) != 2:
                ui.notify(tr("This question has more than two answers: choose one with its button."))
            elif chosen:
                await self._answer_several(meant[0].entry.choices[place])
            else:
                await meant[0].body.choose(meant[0].entry.choices[place])

    def _chosen(self) -> None:
        """Offer what can be done with all that are ticked."""
        chosen = [card for card in self._cards.values() if card.is_chosen]
        self._several.set_visibility(bool(chosen))
        self._alike.clear()
        if not chosen:
            return
        self._count.set_text(trn("{n} chosen", "{n} chosen", len(chosen)))
        with self._alike:
            if len({card.entry.choices for card in chosen}) > 1:
                ui.label(tr("These have different answers: only those that are alike can be answered together."))
                return
            for choice in chosen[0].entry.choices:
                button = ui.button(f"{spoken(choice)} {len(chosen)}").classes("weft-button")
                does(button, lambda choice=choice: self._answer_several(choice))  # type: ignore[misc]

    def _choose_none(self) -> None:
        for card in self._cards.values():
            card.untick()

    def _toggle(self) -> None:
        """Tick the question at the keyboard, also where the window is a moment behind the arrow keys."""
        if self._current in self._cards:
            self._cards[self._current].toggle()

    def _move(self, by: int) -> None:
        ids = list(self._cards)
        if ids:
            at = ids.index(self._current) + by if self._current in ids else 0
            self._focus_at(at)

    def _focus_at(self, place: int, *, scroll: bool = True) -> None:
        ids = list(self._cards)
        if ids:
            id = ids[max(0, min(place, len(ids) - 1))]
            self._cards[id].focus(scroll=scroll)
            self._entered(id)  # The window tells of it too, but not before it is there as a whole.

    def _entered(self, id: int) -> None:
        if id != self._current:
            if self._current in self._cards:
                self._cards[self._current].mark(current=False)
            self._current = id
            if id in self._cards:
                self._cards[id].mark(current=True)

    async def _older(self) -> None:
        self._shown += A_PAGE
        await self.refresh()

    def _tick(self) -> None:
        for card in self._cards.values():
            card.tick()

    def _heard(self) -> None:
        background_tasks.create(self._inbox_changed(), name="inbox: it changed")

    async def _inbox_changed(self) -> None:
        try:
            if not self._list.is_deleted:
                with self._list.client:
                    await self.refresh()
        except StoreTrouble as trouble:
            log.warning("the inbox: %s", trouble)


def _is_the_same(shown: Entry, now: Entry | None) -> bool:
    """False where a question is gone, or asks about something else now."""
    if now is None:
        return False
    return (shown.title, shown.text, shown.payload, shown.deadline) == (now.title, now.text, now.payload, now.deadline)
