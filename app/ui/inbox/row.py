"""A question as a card of the inbox: to be chosen among others, with its place, and answered."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from nicegui import ui
from pydantic import JsonValue as Json

from app.language import tr
from app.store.inbox import Entry
from app.ui.inbox.card import QuestionBody, sort_icon, title_of
from app.ui.inbox.context import Where
from app.ui.inbox.plain import plain
from app.ui.words import ago

Answered = Callable[[Entry, str, Json], Coroutine[Any, Any, None]]


class QuestionCard:
    """`chosen` hears when it is ticked or unticked, `entered` when the keyboard comes to it, `space` of that key."""

    def __init__(
        self,
        entry: Entry,
        where: Where,
        answer: Answered,
        *,
        chosen: Callable[[], None],
        entered: Callable[[int], None],
        space: Callable[[], None],
    ) -> None:
        self.entry = entry
        title = title_of(entry)
        with ui.element("article").classes("weft-card weft-question weft-stack").props("tabindex=0") as self.element:
            self.element.props["aria-label"] = title
            self.element.on("focusin", lambda: entered(entry.id), args=[])
            self.element.on("keydown.space.self.prevent", space, args=[])
            with ui.element("div").classes("weft-row weft-question-head"):
                self._tick = ui.checkbox(on_change=chosen).props("dense tabindex=-1")
                self._tick.props["aria-label"] = tr("Choose “{title}”", title=title)
                sort_icon(entry)
                ui.label(title).classes("weft-strong weft-anywhere weft-grow").props("role=heading aria-level=2")
                self._ago = ui.label("").classes("weft-muted weft-small weft-numbers")
            with ui.element("div").classes("weft-row weft-wrap weft-small weft-question-from"):
                ui.link(plain(entry.flow_name), f"/flow/{entry.flow_id}").classes("weft-link")
                ui.label(f"· {where.step}").classes("weft-muted weft-anywhere")
                if where.used:
                    ui.label(f"· {where.used}").classes("weft-muted")
                ui.link(tr("Open the run"), f"/run/{entry.run_id}").classes("weft-link weft-push")
            self.body = QuestionBody(entry, partial(answer, entry), keys=True)
        self.tick()

    @property
    def is_chosen(self) -> bool:
        """True where it is ticked."""
        return bool(self._tick.value)

    def toggle(self) -> None:
        """Tick it, or take the tick away."""
        self._tick.value = not self._tick.value

    def untick(self) -> None:
        """Take the tick away."""
        self._tick.value = False

    def focus(self, *, scroll: bool = True) -> None:
        """Bring the keyboard to it."""
        look = "card?.scrollIntoView({block: 'nearest'})" if scroll else ""
        ui.run_javascript(
            f"const card = getHtmlElement({self.element.id}); card?.focus({{preventScroll: true}}); {look}"
        )

    def mark(self, *, current: bool) -> None:
        """Show whether the keys mean this one."""
        self.element.classes(add="is-current") if current else self.element.classes(remove="is-current")

    def tick(self) -> None:
        """Say times as they are now."""
        self._ago.set_text(tr("asked {ago}", ago=ago(self.entry.asked_at)))
        self.body.tick()
