"""What all flows together may use in a day, and what they have used today."""

from __future__ import annotations

from dataclasses import replace

from nicegui import ui

from app.engine.budget import Caps
from app.engine.usage import Used
from app.language import tr, trn
from app.studio import Studio
from app.ui.dialogs import said
from app.ui.forms.parts import Number
from app.ui.words import dollars

MOST_TOKENS = 10**12
MOST_MONEY = 10**9


class DayCaps:
    """The section of the Keys page; `refresh` reads what there is."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._caps = Caps()
        title = tr("What all flows may use in a day")
        with ui.element("section").classes("weft-section").props(f'aria-label="{title}"'):
            ui.label(title).classes("weft-section-title").props("role=heading aria-level=2")
            about = tr(
                "A run that comes to such a limit waits and asks you; nothing is lost. "
                "Each flow can have limits of its own, beside its canvas."
            )
            ui.label(about).classes("weft-muted")
            self._fields = ui.element("div").classes("weft-card weft-caps")
            self._used = ui.label("").classes("weft-muted").props("role=status")

    async def refresh(self) -> None:
        """Show the limits, and what was used since midnight."""
        self._caps = await self._studio.runs.spending.caps()
        today = await self._studio.runs.spending.today()
        if self._fields.is_deleted:
            return
        self._used.set_text(used_in_words(today.all))
        self._fields.clear()
        with self._fields:
            none = tr("No limit")
            money = Number(tr("Money"), self._caps.money, self._set_money, most=MOST_MONEY, unit="US $", empty=none)
            money.field.props("name=money-a-day")
            tokens = Number(tr("Tokens"), self._caps.tokens, self._set_tokens, most=MOST_TOKENS, empty=none)
            tokens.field.props("name=tokens-a-day")

    async def _set_money(self, value: float | None) -> None:
        await self._put(replace(self._caps, money=value or None))

    async def _set_tokens(self, value: float | None) -> None:
        await self._put(replace(self._caps, tokens=int(value) if value else None))

    async def _put(self, caps: Caps) -> None:
        if caps != self._caps:
            self._caps = caps
            with said():
                await self._studio.runs.spending.put_caps(caps)
                ui.notify(tr("Saved."), type="positive")


def used_in_words(used: Used) -> str:
    """What was used today, as a sentence."""
    parts = []
    if used.tokens:
        parts.append(trn("{n} tokens", "{n} tokens", used.tokens))
    if used.money:
        parts.append(dollars(used.money))
    if used.unpriced:
        parts.append(trn("{n} call of unknown price", "{n} calls of unknown price", used.unpriced))
    return tr("Used today: {parts}.", parts=", ".join(parts)) if parts else tr("Nothing was used today.")
