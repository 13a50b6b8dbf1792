"""What forms are made of: a folded part, a label over a field, a number, a time span."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from html import escape

from nicegui import ui

from app.language import msg, tr
from app.ui.called import plain_number

UNITS = {1: msg("seconds"), 60: msg("minutes"), 3600: msg("hours"), 86_400: msg("days")}


class Prose(ui.html):
    """A text in which what stands between backticks is shown as code."""

    def __init__(self, text: str, classes: str = "") -> None:
        super().__init__(coded(text), sanitize=False)
        self.classes(f"weft-prose {classes}")

    def say(self, text: str) -> None:
        """Say something else."""
        self.set_content(coded(text))


def coded(text: str) -> str:
    """The text as HTML, with `<code>` for backticks."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def more(title: str, fill: Callable[[], Awaitable[None] | None] | None = None) -> ui.expansion:
    """A part of a form that is folded away. What `fill` makes is made when it is first unfolded."""
    part = ui.expansion(title).classes("weft-expansion").props("dense")
    if fill is not None:
        waiting = [fill]

        async def unfold() -> None:
            if part.value and waiting:
                with part:
                    coming = waiting.pop()()
                    if coming is not None:
                        await coming

        part.on_value_change(unfold)
    return part


def labelled(label: str, field: ui.element, hint: str = "") -> ui.element:
    """Put a label over a field, and a hint under it; gives the box around them."""
    with ui.element("div").classes("weft-field") as box:
        ui.label(label).classes("weft-label")
    field.move(box)
    field.props["aria-label"] = label
    if hint:
        with box:
            Prose(hint, "weft-hint")
    return box


class Number:
    """A labelled number; `changed` hears it, or None where the field is empty.

    A number that cannot be stays in the field, which says why, and nobody hears of it.
    """

    def __init__(
        self,
        label: str,
        value: float | None,
        changed: Callable[[float | None], Awaitable[None] | None],
        *,
        least: float = 0,
        most: float | None = None,
        whole: bool = False,
        unit: str = "",
        empty: str = "",
        hint: str = "",
    ) -> None:
        self._least, self._most, self._whole, self._changed = least, most, whole, changed
        self._known = value
        # Without limits of its own, which would put another number in without a word.
        self.field = ui.number(value=value).props("dense outlined debounce=300")
        if empty:
            self.field.props["placeholder"] = empty
            self.field.on("blur", lambda: _nothing(self.field), args=[])
        if unit:
            with self.field.add_slot("append"):
                ui.label(unit).classes("weft-unit")
        self.field.on_value_change(lambda e: self._typed(e.value))
        self.box = labelled(label, self.field, hint)
        with self.box:
            self._error = ui.label("").classes("weft-error weft-small").props("role=alert")
        self._error.set_visibility(False)

    def show(self, value: float | None) -> None:
        """Put a value in that was changed elsewhere."""
        if self._error.visible and value == self._known:
            return  # What is wrong in the field is still to be mended.
        self._known = value
        if value != self.field.value:
            self.field.value = value

    def _typed(self, value: float | None) -> Awaitable[None] | None:
        wrong = self._wrong(value)
        self._error.set_visibility(bool(wrong))
        if wrong:
            self._error.set_text(wrong)
            return None
        self._known = value
        return self._changed(value)

    def _wrong(self, value: float | None) -> str:
        if value is None:
            return ""
        if self._whole and value != int(value):
            return tr("This has to be a whole number.")
        if value < self._least:
            return tr("The least is {number}.", number=plain_number(self._least))
        if self._most is not None and value > self._most:
            return tr("The most is {number}.", number=plain_number(self._most))
        return ""


class Duration:
    """A time span as a number and its unit; `changed` hears the seconds, or None where the field is empty."""

    def __init__(
        self,
        label: str,
        seconds: float | None,
        changed: Callable[[float | None], None],
        *,
        most: float,
        empty: str = "",
        hint: str = "",
    ) -> None:
        self._changed, self._most = changed, most
        unit = unit_of(seconds)
        self._quiet = False
        with ui.element("div").classes("weft-field") as self.box:
            ui.label(label).classes("weft-label")
            with ui.element("div").classes("weft-duration"):
                self._number = ui.number(value=_in(seconds, unit)).props("dense outlined debounce=300")
                self._number.props["aria-label"] = label
                if empty:
                    self._number.props["placeholder"] = empty
                    self._number.on("blur", lambda: _nothing(self._number), args=[])
                self._unit = ui.select({each: tr(words) for each, words in UNITS.items()}, value=unit).props(
                    "dense outlined"
                )
                self._unit.props["aria-label"] = tr("{label}: unit", label=label)
            self._error = ui.label("").classes("weft-error weft-small").props("role=alert")
            self._error.set_visibility(False)
            if hint:
                Prose(hint, "weft-hint")
        self._number.on_value_change(self._typed)
        self._unit.on_value_change(self._typed)

    @property
    def seconds(self) -> float | None:
        """What is given, in seconds."""
        return None if self._number.value is None else self._number.value * (self._unit.value or 1)

    def show(self, seconds: float | None) -> None:
        """Put a value in that was changed elsewhere; the unit stays where it says the same."""
        if seconds == self.seconds:
            return
        self._quiet = True
        try:
            unit = unit_of(seconds) if seconds is not None else self._unit.value
            self._unit.value, self._number.value = unit, _in(seconds, unit or 1)
        finally:
            self._quiet = False

    def _typed(self) -> None:
        if self._quiet:
            return
        seconds = self.seconds
        is_wrong = seconds is not None and not 0 <= seconds <= self._most
        self._error.set_visibility(is_wrong)
        if is_wrong:
            unit = unit_of(self._most)
            number = plain_number(self._most / unit)
            most = tr("The most is {number} {unit}.", number=number, unit=tr(UNITS[unit]))
            self._error.set_text(tr("The least is 0.") if seconds is not None and seconds < 0 else most)
        else:
            self._changed(seconds)


def unit_of(seconds: float | None) -> int:
    """The largest unit in which this is a whole number."""
    return next((unit for unit in sorted(UNITS, reverse=True) if seconds and seconds % unit == 0), 1)


def _in(seconds: float | None, unit: int) -> float | None:
    return None if seconds is None else seconds / unit


def _nothing(field: ui.number) -> None:
    """None at all is the same as an empty field, and is shown so once the field is left."""
    if field.value == 0:
        field.value = None
