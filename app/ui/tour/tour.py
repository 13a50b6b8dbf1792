"""The tour in a window: a small card that waits until its thing was really done."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from nicegui import ui

from app.language import tr
from app.ui.commands.here import keymap
from app.ui.dialogs import said
from app.ui.forms.parts import Prose
from app.ui.tour.cards import CARDS, KIND, THE_END, Seen, address_of
from app.ui.tour.starting import TOUR, begin_tour, card_of, end_tour
from flows.model import Flow

if TYPE_CHECKING:
    from app.ui.editor.editor import Editor

LOOK = 0.4
"""Seconds between two looks at whether it was done."""


class Tour:
    """`begin` shows it where it is taken on this flow. It covers nothing that is to be clicked."""

    def __init__(self, editor: Editor, room: ui.element) -> None:
        self._editor = editor
        self._room = room
        self._at = 0
        self._read = ""
        self._asked: frozenset[str] = frozenset()
        self._around = ui.element("div")
        with self._around:
            self._card = ui.element("section").classes("weft-tour").props(f'tabindex=-1 aria-label="{tr("Tour")}"')
        self._card.on("keydown.esc.stop", self.end)
        self._card.set_visibility(False)
        self._timer: ui.timer | None = None

    @property
    def shown(self) -> bool:
        """True while it is taken in this window."""
        return bool(self._card.visible)

    async def begin(self) -> None:
        """Show the card it has come to."""
        at = await card_of(self._editor.studio, self._editor.opened.flow.id)
        if at is not None and self._timer is None:
            self._at = min(at, len(CARDS))
            self._card.set_visibility(True)
            self._draw()
            self._editor.empty.show(self._editor.opened.flow)
            with self._around:
                self._timer = ui.timer(LOOK, self._look)

    async def press(self) -> None:
        """The command: to the card where the tour is shown, else the tour from its beginning."""
        if self._timer is None:
            await begin_tour(self._editor.studio)
        else:
            self._card.run_method("focus")

    async def end(self) -> None:
        """Take it away, for good."""
        with said():
            await end_tour(self._editor.studio)
        if self._timer is not None:
            self._timer.deactivate()
            self._timer.delete()
            self._timer = None
        self._card.set_visibility(False)
        self._room.props(remove="data-tour")
        self._editor.empty.show(self._editor.opened.flow)
        self._editor.stage.canvas.take_keys()

    async def _look(self) -> None:
        with said():
            await self._read_run()
            seen = Seen(self._editor.opened.flow, self._editor.side.tab, self._asked)
            if self._at < len(CARDS) and CARDS[self._at].done(seen):
                self._at += 1
                self._draw()
                await self._editor.studio.settings.put(
                    TOUR,
                    {"flow": self._editor.opened.flow.id, "card": self._at}
                    if self._at < len(CARDS)
                    else {"over": True},
                )

    async def _read_run(self) -> None:
        """Learn what the last run has asked for, once it is done."""
        run_id = self._editor.stage.run_id
        if run_id and run_id != self._read and self._editor.running.status == "done":
            stored = self._editor.studio.runs.stored
            document = await stored.document(await stored.get(run_id))
            self._read = run_id
            self._asked |= {address_of(Flow.model_validate_json(document))}

    def _draw(self) -> None:
        self._card.clear()
        ended = self._at == len(CARDS)
        card = None if ended else CARDS[self._at]
        self._room.props["data-tour"] = card.points if card is not None else ""
        with self._card:
            with ui.element("div").classes("weft-row"):
                place = tr("{number} of {count}", number=self._at + 1, count=len(CARDS))
                ui.label(tr("Done") if ended else place).classes("weft-chip is-accent")
                ui.label(tr("That was the tour") if card is None else tr(card.title)).classes("weft-strong weft-grow")
            with ui.element("div").props("role=status aria-live=polite"):
                step = self._editor.studio.catalog.kinds[KIND].spec.title
                copies = "" if card is None else card.copies
                Prose(tr(THE_END if card is None else card.text, **_keys(), step=tr(step), address=copies))
            with ui.element("div").classes("weft-row weft-tour-foot"):
                if card is not None and card.copies:
                    copy = f"() => navigator.clipboard?.writeText({json.dumps(card.copies)})"
                    ui.button(tr("Copy the address"), icon="sym_r_content_copy").classes("weft-button").props(
                        "dense"
                    ).on("click", js_handler=copy)
                leave = ui.button(tr("Close") if ended else tr("Skip the tour"), on_click=self.end)
                leave.classes("weft-button weft-push").props("dense")


def _keys() -> dict[str, str]:
    """The keys of the commands that the cards name."""
    named = {"search": "search", "run": "run", "help": "node.help", "palette": "palette"}
    return {name: keymap().first(id) or tr("its command") for name, id in named.items()}
