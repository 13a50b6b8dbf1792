"""A record as rows of a name and a value; a value may be an expression."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from nicegui import ui
from pydantic import JsonValue as Json

from app.language import tr
from app.ui.forms.expression_field import ExpressionField
from app.ui.forms.kinds import Setting, read, written
from app.ui.forms.known import Known
from app.ui.forms.surroundings import PAUSE
from app.ui.tips import tip

TEXT = Setting("", "", "", "text", (), None, False, False, True)
NUMBER = Setting("", "", "", "number", (), None, False, False, True)


class Rows(ui.element):
    """`changed` hears the whole record."""

    def __init__(self, value: Mapping[str, Json], changed: Callable[[object], None], known: Known) -> None:
        super().__init__("div")
        self.classes("weft-stack weft-tight")
        self._changed, self._known = changed, known
        self._rows: list[list[str]] = []
        self._expressions: list[ExpressionField] = []
        self._shown: Mapping[str, Json] | None = None
        self.show(value)

    def show(self, value: Mapping[str, Json]) -> None:
        """Put another record in; one that is the same already is not drawn anew, for someone may be typing in it."""
        if value != self._shown:
            self._shown = dict(value)
            self._rows = [[name, written(TEXT, each)] for name, each in value.items()]
            self._draw()

    def refresh(self) -> None:
        """Show again what the expressions give."""
        for field in self._expressions:
            field.refresh()

    def _draw(self) -> None:
        self._expressions = []
        self.clear()
        with self:
            for row in self._rows:
                self._row(row)
            ui.button(tr("Add a line"), icon="sym_r_add", on_click=self._add).classes("weft-button weft-quiet")

    def _row(self, row: list[str]) -> None:
        def put(place: int, text: str) -> None:
            row[place] = text
            self._tell()

        def remove() -> None:
            self._rows.remove(row)
            self._draw()
            self._tell()

        def value() -> ui.input:
            field = ui.input(value=row[1], placeholder=tr("Value"), on_change=lambda e: put(1, e.value or ""))
            return field.props(f'dense outlined debounce={PAUSE} aria-label="{tr("Value")}"')

        with ui.element("div").classes("weft-record-row"):
            name = ui.input(value=row[0], placeholder=tr("Name"), on_change=lambda e: put(0, e.value or ""))
            name.props(f'dense outlined debounce={PAUSE} aria-label="{tr("Name")}"')
            self._expressions.append(ExpressionField(value, self._known, label=tr("Value")))
            gone = ui.button(icon="sym_r_close", on_click=remove).classes("weft-icon-button")
            tip(gone.props(f'flat dense aria-label="{tr("Remove this line")}"'), tr("Remove this line"))

    def _add(self) -> None:
        self._rows.append(["", ""])
        self._draw()

    def _tell(self) -> None:
        self._shown = {name: _value(text) for name, text in self._rows if name}
        self._changed(dict(self._shown))
        for field in self._expressions:
            field.refresh(known_changed=False)


def _value(text: str) -> Json:
    """Numbers, yes and no stay what they are; everything else is text."""
    if text in ("true", "false"):
        return text == "true"
    number = read(NUMBER, text)
    return number if isinstance(number, int | float) and written(NUMBER, number) == text else text
