"""What a step gives, to be written by hand: a field for every output, checked as it is typed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from nicegui import ui
from pydantic import JsonValue as Json

from app.language import tr
from app.language.speaking import grouped
from app.ui.called import kind_words, port_heading
from app.ui.forms.typed import empty_of, text_of, value_of
from nodes.ports import Port

LARGEST = 300_000
"""Characters of one value that can be edited in a window."""


class TooLarge(ValueError):
    """A value that is too long for a field of a window."""


class Outputs:
    """One field for every output; one that need not be given has a box to tick.

    `changed` hears every state that can be taken, `touched` of every change.
    """

    def __init__(
        self,
        ports: Iterable[Port],
        values: Mapping[str, Json],
        changed: Callable[[dict[str, Json]], None] | None = None,
        touched: Callable[[], None] | None = None,
    ) -> None:
        self._changed, self._touched = changed, touched
        self._quiet = False
        known = {port.name: port for port in ports}
        self._ports = {**known, **{name: Port(name, "any") for name in values if name not in known}}
        self._fields: dict[str, ui.textarea] = {}
        self._errors: dict[str, ui.label] = {}
        self._given: dict[str, ui.checkbox] = {}
        with ui.element("div").classes("weft-form"):
            for name, port in self._ports.items():
                self._field(name, port, values)

    def values(self) -> dict[str, Json] | None:
        """The outputs as they are written; None where one is not right, which then says so and has the keyboard."""
        read, wrong = self._read()
        if wrong:
            self._fields[wrong[0]].run_method("focus")
            return None
        return read

    def show(self, values: Mapping[str, Json]) -> None:
        """Put values in that were changed elsewhere; what says the same already is left as it is written."""
        if self._read()[0] == dict(values):
            return
        self._quiet = True
        try:
            for name, port in self._ports.items():
                if name in values:
                    self._fields[name].value = text_of(port.kind, values[name])
                if name in self._given:
                    self._given[name].value = name in values
        finally:
            self._quiet = False
        self._read()

    def _field(self, name: str, port: Port, values: Mapping[str, Json]) -> None:
        is_given = name in values or port.required
        text = text_of(port.kind, values.get(name, empty_of(port)))
        if len(text) > LARGEST:
            said = tr(
                "“{name}” is too large to be edited here: {count} characters.",
                name=port.label,
                count=grouped(len(text)),
            )
            raise TooLarge(said)
        with ui.element("div").classes("weft-field"):
            with ui.element("div").classes("weft-row weft-tight"):
                if port.required:
                    ui.label(port_heading(port)).classes("weft-label")
                else:
                    tick = ui.checkbox(port_heading(port), value=is_given).props("dense")
                    tick.on_value_change(lambda: self._tell())
                    self._given[name] = tick
                ui.label(kind_words(port.kind)).classes("weft-faint weft-small weft-push")
            field = ui.textarea(value=text).props("dense outlined autogrow debounce=300 spellcheck=false")
            field.classes("weft-mono weft-json").props["aria-label"] = port_heading(port)
            field.on_value_change(lambda: self._tell())
            if not port.required:
                field.bind_visibility_from(self._given[name], "value")
            error = ui.label("").classes("weft-error weft-small").props("role=alert")
            error.set_visibility(False)
        self._fields[name], self._errors[name] = field, error

    def _tell(self) -> None:
        read, wrong = self._read()
        if self._quiet:
            return
        if self._touched is not None:
            self._touched()
        if not wrong and self._changed is not None:
            self._changed(read)

    def _read(self) -> tuple[dict[str, Json], list[str]]:
        """What the fields say, and the names of those that say nothing that can be taken."""
        read: dict[str, Json] = {}
        wrong: dict[str, str] = {}
        for name, port in self._ports.items():
            if name in self._given and not self._given[name].value:
                continue
            try:
                read[name] = value_of(port.kind, self._fields[name].value or "")
            except ValueError as error:
                wrong[name] = str(error)
        for name, label in self._errors.items():
            label.set_visibility(name in wrong)
            if name in wrong:
                label.set_text(wrong[name])
        return read, list(wrong)
