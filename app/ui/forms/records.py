"""A list of records, such as the cases of a Switch: a card for each, in an order that can be changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from nicegui import ui
from pydantic import JsonValue as Json

from app.language import tr
from app.ui.forms.expression_field import ExpressionField
from app.ui.forms.known import Known
from app.ui.tips import tip

PAUSE = 300
"""Milliseconds without a key before what was typed is saved."""


class Records(ui.element):
    """`changed` hears the whole list. Fields that take expressions are completed and previewed."""

    def __init__(
        self,
        fields: Sequence[tuple[str, str, bool]],
        value: Json,
        changed: Callable[[object], None],
        known: Known,
    ) -> None:
        """`fields` are names, labels, and whether each takes expressions."""
        super().__init__("div")
        self.classes("weft-stack")
        self._fields, self._changed = [(name, tr(label), takes) for name, label, takes in fields], changed
        self._known = known
        self._records: list[dict[str, Json]] = []
        self._expressions: list[ExpressionField] = []
        self._drawn = False
        self.show(value)

    def show(self, value: Json) -> None:
        """Put another list in; one that is the same already is not drawn anew, for someone may be typing in it."""
        records: list[dict[str, Json]] = [dict(each) for each in _list(value) if isinstance(each, dict)]
        if records != self._records or not self._drawn:
            self._records, self._drawn = records, True
            self._draw()

    def refresh(self) -> None:
        """Show again what the expressions give."""
        for field in self._expressions:
            field.refresh()

    def _draw(self) -> None:
        self._expressions = []
        self.clear()
        with self:
            for place in range(len(self._records)):
                self._card(place)
            ui.button(tr("Add one"), icon="sym_r_add", on_click=self._add).classes("weft-button weft-quiet")

    def _card(self, place: int) -> None:
        with ui.element("div").classes("weft-input-card weft-stack weft-tight"):
            with ui.element("div").classes("weft-row weft-tight"):
                ui.label(str(place + 1)).classes("weft-muted weft-small weft-numbers")
                with ui.element("div").classes("weft-row weft-tight weft-push"):
                    up = _icon("arrow_upward", tr("Further up"), partial(self._move, place, -1))
                    up.set_enabled(place > 0)
                    down = _icon("arrow_downward", tr("Further down"), partial(self._move, place, 1))
                    down.set_enabled(place < len(self._records) - 1)
                    _icon("close", tr("Remove"), partial(self._remove, place))
            for name, label, takes_expressions in self._fields:
                make = partial(self._input, place, name, label, takes_expressions)
                if takes_expressions:
                    made = ExpressionField(make, self._known, label=f"{label} {place + 1}")
                    self._expressions.append(made)
                else:
                    make()

    def _input(self, place: int, name: str, label: str, is_mono: bool) -> ui.input:
        value = self._records[place].get(name, "")
        field = ui.input(value=value if isinstance(value, str) else str(value), placeholder=label)
        field.props(f"dense outlined debounce={PAUSE}").classes("weft-mono" if is_mono else "")
        field.props["aria-label"] = f"{label} {place + 1}"
        field.on_value_change(lambda e: self._put(place, name, e.value or ""))
        return field

    def _put(self, place: int, name: str, text: str) -> None:
        self._records[place] = {**self._records[place], name: text}
        self._tell()
        for field in self._expressions:
            field.refresh(known_changed=False)

    def _move(self, place: int, by: int) -> None:
        records = self._records
        records[place], records[place + by] = records[place + by], records[place]
        self._draw()
        self._tell()

    def _remove(self, place: int) -> None:
        del self._records[place]
        self._draw()
        self._tell()

    def _add(self) -> None:
        self._records.append({name: "" for name, _, _ in self._fields})
        self._draw()
        self._tell()

    def _tell(self) -> None:
        self._changed([dict(each) for each in self._records])


def _icon(name: str, label: str, work: Callable[[], Any]) -> ui.button:
    button = ui.button(icon=f"sym_r_{name}", on_click=work).classes("weft-icon-button")
    return tip(button.props(f'flat dense aria-label="{label}"'), label)


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []
