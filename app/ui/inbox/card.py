"""One question with all that helps to decide it, and a button for every answer; the same wherever it is shown."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Protocol
from urllib.parse import quote

from nicegui import ui
from pydantic import JsonValue as Json

from app.language import spoken, tr
from app.ui.commands.here import keymap
from app.ui.dialogs import does
from app.ui.inbox.payload import Payload, Unfit
from app.ui.inbox.plain import PlainText, plain
from app.ui.inbox.saying import ICONS, SORTS, said_of, sort_of, until

LONGEST_TITLE = 300
KEYS = ("inbox.first", "inbox.second")
"""The keys of the first and the second answer, where there are just two."""


class Asked(Protocol):
    """A question, from the inbox or from a run's journal."""

    @property
    def step(self) -> str: ...
    @property
    def key(self) -> str: ...
    @property
    def sort(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def choices(self) -> tuple[str, ...]: ...
    @property
    def payload(self) -> Json: ...
    @property
    def editable(self) -> bool: ...
    @property
    def picture(self) -> Mapping[str, Json] | None: ...
    @property
    def deadline(self) -> float | None: ...
    @property
    def at_deadline(self) -> str: ...


Answer = Callable[[str, Json], Awaitable[None]]
"""Answers with this choice, and what it is about as it was left."""


def title_of(asked: Asked) -> str:
    """The question on one line."""
    title = plain(" ".join(said_of(asked, asked.title).split()))
    return title if len(title) <= LONGEST_TITLE else f"{title[:LONGEST_TITLE]}…"


class QuestionBody:
    """What is below the title of a question: why, exactly what about, until when, and the answers."""

    def __init__(self, asked: Asked, answer: Answer, *, keys: bool = False) -> None:
        self._asked = asked
        self._answer = answer
        if asked.text:
            PlainText(said_of(asked, asked.text), "weft-question-text")
        if asked.picture is not None:
            _picture(asked.picture)
        self._payload = Payload(asked.payload, editable=asked.editable)
        self._ends = ui.label(until(asked.deadline, asked.at_deadline, asked.choices)).classes("weft-muted weft-small")
        self._ends.set_visibility(asked.deadline is not None)
        self._buttons(keys and len(asked.choices) == len(KEYS))

    async def choose(self, choice: str) -> None:
        """Answer so, with what it is about as it was left; where that cannot be taken, its field says so."""
        try:
            left = self._payload.value
        except Unfit:
            return
        await self._answer(choice, left)

    @property
    def left(self) -> Json:
        """What it is about, as it was left. Unfit where that cannot be taken."""
        return self._payload.value

    def tick(self) -> None:
        """Say times as they are now."""
        self._ends.set_text(until(self._asked.deadline, self._asked.at_deadline, self._asked.choices))

    def _buttons(self, keys: bool) -> None:
        with ui.element("div").classes("weft-row weft-wrap"):
            # None stands out: which answer is right is for the person to find out.
            for place, choice in enumerate(self._asked.choices):
                button = ui.button(spoken(choice)).classes("weft-button")
                does(button, partial(self.choose, choice))
                if keys:
                    with button:
                        ui.label(keymap().first(KEYS[place])).classes("weft-kbd").props("aria-hidden=true")


def sort_icon(asked: Asked) -> None:
    """The sign of what sort of question it is."""
    sort = sort_of(asked.sort, asked.key)
    ui.icon(f"sym_r_{ICONS.get(sort, 'help')}").tooltip(tr(SORTS.get(sort, "")))


def _picture(file: Mapping[str, Json]) -> None:
    address = f"/kept/{file['sha256']}/{quote(str(file['name']))}"
    with ui.element("a").props('target="_blank" rel="noopener"') as link:
        link.props["href"] = address
        shown = ui.element("img").classes("weft-thumb").props(f'alt="{tr("What the page looks like")}" loading="lazy"')
        shown.props["src"] = address
