"""One field for each kind of setting. Every field gives its value to `changed` when the person has paused."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from nicegui import ui
from pydantic import JsonValue as Json

from app.ui.forms.flow_values import FlowValues
from app.ui.forms.kinds import Setting, read, written
from app.ui.forms.records import Records
from app.ui.forms.suggest import ExpressionField
from app.ui.forms.values import Preview, Reference
from flows.model import Input

PAUSE = 300
"""Milliseconds without a key before what was typed is saved."""


@dataclass(frozen=True)
class Surroundings:
    """What a field may offer: references with a preview, the names on the Keys page, and the other flows by id."""

    references: Callable[[], list[Reference]]
    preview: Callable[[str], Preview | None]
    secrets: Sequence[str] = ()
    connections: Sequence[str] = ()
    flows: Mapping[str, str] = field(default_factory=dict)
    asks: Callable[[], Mapping[str, Input] | None] = lambda: None
    """What the flow asks for that the step runs; None where none is chosen."""


class Field:
    """A labelled setting. `show` puts another value in, `problem` says what is wrong with it."""

    def __init__(
        self, setting: Setting, value: Json, around: Surroundings, changed: Callable[[str, Json], None]
    ) -> None:
        self.setting = setting
        self._around = around
        self._changed = changed
        self._value = value
        self._quiet = False
        self._later: asyncio.TimerHandle | None = None
        self._expression: ExpressionField | None = None
        with ui.element("div").classes("weft-field") as self.element:
            ui.label(setting.label).classes("weft-label")
            self._make(value)
            self._error = ui.label("").classes("weft-error weft-small").props("role=alert")
            self._error.set_visibility(False)
            if setting.help:
                ui.label(setting.help).classes("weft-hint")

    def show(self, value: Json) -> None:
        """Put a value in that was changed elsewhere, without reporting it back."""
        if value == self._value or self._later is not None:
            return
        self._value = value
        self._quiet = True
        try:
            self._put(value)
        finally:
            self._quiet = False
        self.refresh()

    def problem(self, message: str) -> None:
        """Say what is wrong with the value; an empty text says that nothing is."""
        self._error.set_visibility(bool(message))
        if message:
            self._error.set_text(message)

    def refresh(self) -> None:
        """Show again what an expression gives."""
        if self._expression is not None:
            self._expression.refresh()
        elif isinstance(self.input, Records | FlowValues):
            self.input.refresh()

    def focus(self) -> None:
        """Give the field the keyboard."""
        if isinstance(self.input, ui.input | ui.textarea | ui.select):
            self.input.run_method("focus")

    def finish(self) -> None:
        """Report at once what is held back until the person pauses."""
        if self._later is not None:
            self._later.cancel()
            self._later = None
            self._changed(self.setting.name, self._value)

    def _typed(self, value: object) -> None:
        if self._quiet:
            return
        self._value = read(self.setting, value)
        self._changed(self.setting.name, self._value)
        self.refresh()

    def _typed_code(self, value: object) -> None:
        """The code editor tells of every key."""
        if self._quiet:
            return
        self._value = read(self.setting, value)
        if self._later is not None:
            self._later.cancel()
        self._later = asyncio.get_running_loop().call_later(PAUSE / 1000, self.finish)

    def _make(self, value: Json) -> None:
        match self.setting.kind:
            case "switch":
                self.input: ui.element = ui.switch(value=bool(value), on_change=lambda e: self._typed(e.value))
            case "choice":
                options = {choice: choice.replace("_", " ").capitalize() for choice in self.setting.choices}
                shown = value if value in options else None
                self.input = ui.select(options, value=shown, on_change=lambda e: self._typed(e.value))
            case "secret":
                self._select(self._around.secrets, value, "No key")
            case "connection":
                self._select(self._around.connections, value, "The first one")
            case "flow":
                self._select_flow(value)
            case "record":
                self.input = _Rows(value if isinstance(value, dict) else {}, self._typed)
            case "records":
                around = self._around
                fields = self.setting.fields
                self.input = Records(fields, value, self._typed, references=around.references, preview=around.preview)
            case "flow_inputs":
                around, given = self._around, value if isinstance(value, dict) else {}
                self.input = FlowValues(
                    around.asks, given, self._typed, references=around.references, preview=around.preview
                )
            case "code":
                self.input = _code(str(value or ""), self._typed_code)
            case _:
                self._text(value)
        if self.setting.kind not in ("record", "records", "flow_inputs", "code"):
            self.input.props(f'aria-label="{self.setting.label}"')
            if self.setting.kind != "switch":
                self.input.props("dense outlined")

    def _select(self, names: Sequence[str], value: Json, nothing: str) -> None:
        options = {"": nothing, **{name: name for name in names}}
        if isinstance(value, str) and value not in options:
            options[value] = f"{value} (not on the Keys page)"
        self.input = ui.select(options, value=value or "", on_change=lambda e: self._typed(e.value))

    def _select_flow(self, value: Json) -> None:
        options = {"": "Choose a flow", **self._around.flows}
        if isinstance(value, str) and value not in options:
            options[value] = "A flow that is not here"
        self.input = ui.select(options, value=value or "", on_change=lambda e: self._typed(e.value))
        opens = ui.button("Open this flow", icon="sym_r_open_in_new").props("flat dense").classes("weft-quiet")
        opens.on_click(lambda: ui.navigate.to(f"/flow/{self._value}"))
        opens.bind_visibility_from(self.input, "value", bool)

    def _text(self, value: Json) -> None:
        long = self.setting.kind in ("long_text", "json", "list")

        def make() -> ui.input | ui.textarea:
            made = ui.textarea if long else ui.input
            field = made(value=written(self.setting, value), on_change=lambda e: self._typed(e.value))
            field.props(f"debounce={PAUSE}" + (" autogrow" if long else "")).classes(
                "weft-mono" if self.setting.mono else ""
            )
            return field

        if self.setting.expressions:
            self._expression = ExpressionField(make, references=self._around.references, preview=self._around.preview)
            self.input = self._expression.input
        else:
            self.input = make()

    def _put(self, value: Json) -> None:
        match self.input:
            case ui.switch():
                self.input.value = bool(value)
            case ui.select():
                self.input.value = value or ""
            case Records():
                self.input.show(value)
            case FlowValues():
                self.input.show(value if isinstance(value, dict) else {})
            case _Rows():
                self.input.show(value if isinstance(value, dict) else {})
            case ui.input() | ui.textarea():
                self.input.value = written(self.setting, value)
            case ui.codemirror():
                self.input.value = str(value or "")
            case _:
                pass


def _code(value: str, typed: Callable[[object], None]) -> ui.codemirror:
    editor = ui.codemirror(value, language="Python", theme="githubLight", indent="    ")
    editor.on_value_change(lambda e: typed(e.value))
    return editor.classes("weft-code-field")


class _Rows(ui.element):
    """A record as rows of a name and a value."""

    def __init__(self, value: Mapping[str, Json], changed: Callable[[object], None]) -> None:
        super().__init__("div")
        self.classes("weft-stack weft-tight")
        self._changed = changed
        self._rows: list[list[str]] = []
        self.show(value)

    def show(self, value: Mapping[str, Json]) -> None:
        self._rows = [[name, written(TEXT, each)] for name, each in value.items()]
        self._draw()

    def _draw(self) -> None:
        self.clear()
        with self:
            for row in self._rows:
                self._row(row)
            add = ui.button("Add a line", icon="sym_r_add", on_click=self._add)
            add.classes("weft-button weft-quiet")

    def _row(self, row: list[str]) -> None:
        def put(place: int, text: str) -> None:
            row[place] = text
            self._tell()

        def remove() -> None:
            self._rows.remove(row)
            self._draw()
            self._tell()

        with ui.element("div").classes("weft-row weft-tight"):
            name = ui.input(value=row[0], placeholder="Name", on_change=lambda e: put(0, e.value or ""))
            name.props(f'dense outlined debounce={PAUSE} aria-label="Name"').classes("weft-grow")
            value = ui.input(value=row[1], placeholder="Value", on_change=lambda e: put(1, e.value or ""))
            value.props(f'dense outlined debounce={PAUSE} aria-label="Value"').classes("weft-grow")
            gone = ui.button(icon="sym_r_close", on_click=remove).classes("weft-icon-button")
            gone.props('flat dense aria-label="Remove this line"')

    def _add(self) -> None:
        self._rows.append(["", ""])
        self._draw()

    def _tell(self) -> None:
        self._changed({name: _value(text) for name, text in self._rows if name})


def _value(text: str) -> Json:
    """Numbers, yes and no stay what they are; everything else is text."""
    if text in ("true", "false"):
        return text == "true"
    number = read(NUMBER, text)
    return number if isinstance(number, int | float) and written(NUMBER, number) == text else text


TEXT = Setting("", "", "", "text", (), None, False, False, True)
NUMBER = Setting("", "", "", "number", (), None, False, False, True)
