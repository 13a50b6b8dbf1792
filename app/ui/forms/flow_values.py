"""The values that a step gives the flow it runs: a field for each input of that flow, expressions allowed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from nicegui import ui
from pydantic import JsonValue as Json

from app.language import msg, tr
from app.ui.forms.expression_field import ExpressionField
from app.ui.forms.known import Known
from app.ui.tips import tip
from flows.model import Input

PAUSE = 300
"""Milliseconds without a key before what was typed is saved."""

KINDS = {
    "number": msg("a number"),
    "boolean": msg("yes or no"),
    "date": msg("a date such as 2026-01-31"),
    "file": msg("the path of a file"),
    "data": msg("a list, a record or any data"),
}


class FlowValues(ui.element):
    """`asks` gives the inputs of the chosen flow, None where none is chosen; `changed` hears all values by name."""

    def __init__(
        self,
        asks: Callable[[], Mapping[str, Input] | None],
        value: Mapping[str, Json],
        changed: Callable[[object], None],
        known: Known,
    ) -> None:
        super().__init__("div")
        self.classes("weft-stack")
        self._asks, self._changed = asks, changed
        self._known = known
        self._given = dict(value)
        self._expressions: list[ExpressionField] = []
        self._drawn: Mapping[str, Input] | None = None
        self._draw()

    def show(self, value: Mapping[str, Json]) -> None:
        """Put other values in; the same ones are not drawn anew, for someone may be typing."""
        if value != self._given:
            self._given = dict(value)
            self._draw()

    def refresh(self) -> None:
        """Show the inputs of a flow that was chosen meanwhile, and what the expressions give now."""
        if self._asks() != self._drawn:
            self._draw()
        for field in self._expressions:
            field.refresh()

    def _draw(self) -> None:
        asked = self._drawn = self._asks()
        self._expressions = []
        self.clear()
        with self:
            if not asked and not self._given:
                nothing = tr("Choose a flow first.") if asked is None else tr("This flow asks for nothing.")
                ui.label(nothing).classes("weft-muted weft-small")
            for name, declared in (asked or {}).items():
                self._asked(name, declared)
            for name in self._given:
                if asked is not None and name not in asked:
                    self._unknown(name)

    def _asked(self, name: str, declared: Input) -> None:
        label = declared.label or name
        usual = _text(declared.default)
        kind = tr(KINDS[declared.type]) if declared.type in KINDS else ""
        if declared.choices:
            kind = tr("one of {choices}", choices=", ".join(declared.choices))
        shown = kind or ("" if declared.required else tr("Nothing"))
        if usual:
            shown = tr("Usually {value}", value=usual)

        def make() -> ui.input:
            typed = partial(self._typed, name)
            field = ui.input(value=_text(self._given.get(name)), on_change=lambda e: typed(e.value or ""))
            field.props["placeholder"] = shown
            field.props["aria-label"] = label
            return field.props(f"dense outlined debounce={PAUSE}")

        with ui.element("div").classes("weft-stack weft-tight"):
            tip(ui.label(label).classes("weft-small"), declared.help or tr("`inputs.{name}` in that flow", name=name))
            self._expressions.append(ExpressionField(make, self._known, label=label))

    def _unknown(self, name: str) -> None:
        def remove() -> None:
            del self._given[name]
            self._draw()
            self._tell()

        with ui.element("div").classes("weft-row weft-tight"):
            ui.label(tr("“{name}” is none of its inputs.", name=name)).classes("weft-small weft-grow")
            gone = ui.button(icon="sym_r_close", on_click=remove).classes("weft-icon-button")
            gone.props["aria-label"] = tr("Remove {name}", name=name)
            gone.props("flat dense")

    def _typed(self, name: str, text: str) -> None:
        if text == _text(self._given.get(name)):
            return
        if text:
            self._given[name] = text
        else:
            self._given.pop(name, None)
        self._tell()

    def _tell(self) -> None:
        self._changed(dict(self._given))


def _text(value: Json) -> str:
    """A value as it is typed; what that flow asks for says what it is read as."""
    if value is None:
        return ""
    return value if isinstance(value, str) else f"{value:g}" if isinstance(value, float) else str(value)
