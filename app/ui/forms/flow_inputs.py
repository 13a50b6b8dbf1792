"""What a flow asks for before it runs: a card for every input."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from nicegui import ui

from app.language import msg, spoken, tr
from flows.inputs import checked
from flows.model import ID, Flow, Input
from flows.naming import RESERVED

TYPES = {
    "text": msg("Text"),
    "long_text": msg("Long text"),
    "number": msg("Number"),
    "boolean": msg("Yes or no"),
    "date": msg("Date"),
    "choice": msg("Choice"),
    "file": msg("File path"),
    "data": msg("List, record or any data"),
}


class FlowInputs:
    """The inputs of a flow; `changed` hears all of them after every change."""

    def __init__(self, flow: Flow, changed: Callable[[Mapping[str, Input]], None]) -> None:
        self._inputs = flow.inputs
        self._changed = changed
        self._box = ui.element("div").classes("weft-stack")
        self._draw()

    def show(self, flow: Flow) -> None:
        """Show the inputs as they are now."""
        self._inputs = flow.inputs
        if self._drawn != _shape(flow.inputs):
            self._draw()

    def _draw(self) -> None:
        self._drawn = _shape(self._inputs)
        self._box.clear()
        with self._box:
            if not self._inputs:
                nothing = tr("Nothing. Add an input to ask for a value, and use it as {{ inputs.name }}.")
                ui.label(nothing).classes("weft-hint")
            for name, declared in self._inputs.items():
                self._input(name, declared)
            ui.button(tr("Add an input"), icon="sym_r_add", on_click=self._add).classes("weft-button weft-quiet")

    def _input(self, name: str, declared: Input) -> None:
        with ui.element("div").classes("weft-input-card weft-stack weft-tight"):
            with ui.element("div").classes("weft-row weft-tight"):
                field = ui.input(value=name).props(f'dense outlined aria-label="{tr("Name in expressions")}"')
                field.classes("weft-mono weft-grow").on("blur", lambda: self._rename(name, field.value or ""))
                field.on("keydown.enter", js_handler="event => event.target.blur()")
                kind = ui.select(
                    {type: tr(words) for type, words in TYPES.items()},
                    value=declared.type,
                    on_change=lambda e: self._set(name, type=e.value),
                )
                kind.props(f'dense outlined aria-label="{tr("Type")}"')
                gone = ui.button(icon="sym_r_close", on_click=lambda: self._remove(name)).classes("weft-icon-button")
                gone.props(f'flat dense aria-label="{tr("Remove this input")}"')
            label = ui.input(
                value=declared.label, placeholder=tr("Label"), on_change=lambda e: self._set(name, label=e.value)
            )
            label.props(f'dense outlined debounce=400 aria-label="{tr("Label")}"')
            if declared.type == "choice":
                choices = ui.input(value=", ".join(declared.choices), placeholder=tr("Choices, with commas between"))
                choices.props(f'dense outlined debounce=400 aria-label="{tr("Choices")}"')
                choices.on_value_change(lambda e: self._set(name, choices=_choices(e.value or "")))
            default = ui.input(
                value="" if declared.default is None else str(declared.default), placeholder=tr("Usual value")
            )
            default.props(f'dense outlined debounce=400 aria-label="{tr("Usual value")}"')
            default.on_value_change(lambda e: self._set_default(name, e.value or ""))
            needed = ui.switch(tr("Has to be given"), value=declared.required)
            needed.on_value_change(lambda e: self._set(name, required=e.value))

    def _set_default(self, name: str, text: str) -> None:
        declared = self._inputs[name]
        values, problems = checked({name: declared.model_copy(update={"required": False})}, {name: text})
        if problems:
            ui.notify(spoken(str(problems[0])), type="negative")
        else:
            self._set(name, default=values[name] if text else None)

    def _set(self, name: str, **fields: object) -> None:
        if name in self._inputs:
            changed = self._inputs[name].model_copy(update=fields)
            self._put({**self._inputs, name: changed})

    def _rename(self, old: str, new: str) -> None:
        if new == old or old not in self._inputs:
            return
        if not ID.fullmatch(new) or new in RESERVED:
            ui.notify(tr("Use letters, digits and _ only, beginning with a letter."), type="negative")
        elif new in self._inputs:
            ui.notify(tr("There already is an input `{name}`.", name=new), type="negative")
        else:
            self._put({new if name == old else name: value for name, value in self._inputs.items()})

    def _remove(self, name: str) -> None:
        self._put({key: value for key, value in self._inputs.items() if key != name})

    def _add(self) -> None:
        number, name = 1, "input"
        while name in self._inputs:
            number += 1
            name = f"input_{number}"
        self._put({**self._inputs, name: Input(label="")})

    def _put(self, inputs: Mapping[str, Input]) -> None:
        # At once: what is typed into the next field builds on this.
        self._inputs = inputs
        self._changed(inputs)


def _shape(inputs: Mapping[str, Input]) -> list[tuple[str, str]]:
    return [(name, declared.type) for name, declared in inputs.items()]


def _choices(text: str) -> tuple[str, ...]:
    return tuple(choice.strip() for choice in text.split(",") if choice.strip())
