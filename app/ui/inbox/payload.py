"""Exactly what a question is about: to read, or to change where the question allows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import orjson
from nicegui import ui
from pydantic import JsonValue as Json

from app.language import tr
from app.ui.forms.outputs import Outputs, TooLarge
from app.ui.inbox.plain import PlainText, hides
from app.ui.shown import start_of
from nodes.ports import Port

SHOWN = 1_000_000
"""Characters of what cannot be edited that can be looked at."""

ALONE = "value"


class Unfit(Exception):
    """What was edited cannot be taken; the field says why."""


class Payload:
    """`value` is what it was left as. A flat record has a field for each part, everything else one for all."""

    def __init__(self, payload: Json, *, editable: bool, touched: Callable[[], None] = lambda: None) -> None:
        self._payload = payload
        self._outputs: Outputs | None = None
        self._alone = not _is_flat(payload)
        if payload is None:
            return
        if editable:
            try:
                self._edit(touched)
                return
            except TooLarge as large:
                self._show()
                ui.label(f"{large} {tr('It goes on as it is.')}").classes("weft-muted weft-small")
                return
        self._show()

    @property
    def value(self) -> Json:
        """What it was left as. Unfit where that cannot be taken."""
        if self._outputs is None:
            return self._payload
        values = self._outputs.values()
        if values is None:
            raise Unfit
        return values[ALONE] if self._alone else values

    def _edit(self, touched: Callable[[], None]) -> None:
        payload = self._payload
        values: Mapping[str, Json] = payload if isinstance(payload, dict) and not self._alone else {ALONE: payload}
        if hides(orjson.dumps(self._payload).decode()):
            self._show()
            note = tr(
                "There are marks in it that are not seen, shown above by their number. They are in the fields too."
            )
            ui.label(note).classes("weft-muted weft-small")
        ports = [Port(name, _kind(value), required=True, title=_title(name)) for name, value in values.items()]
        with ui.element("div").classes("weft-payload"):
            self._outputs = Outputs(ports, values, touched=touched)

    def _show(self) -> None:
        text, whole = start_of(self._payload, SHOWN, indent=2)
        PlainText(text if whole else f"{text}…", "weft-value weft-code")


def _title(name: str) -> str:
    return tr("What it is about") if name == ALONE else name.replace("_", " ")


def _is_flat(payload: Json) -> bool:
    return (
        isinstance(payload, dict)
        and 0 < len(payload) <= 12
        and "sha256" not in payload
        and not any(isinstance(value, dict | list) for value in payload.values())
    )


def _kind(value: Json) -> str:
    match value:
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "text"
        case list():
            return "list"
        case dict():
            return "record"
        case _:
            return "any"
