"""Where a run stands still before a step: what the step is given, to look at and to change, and how to go on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from nicegui import ui
from pydantic import JsonValue as Json

from app.engine.debug import CONTINUE, NEXT, STOP
from app.ui.dialogs import does
from app.ui.forms.outputs import Outputs, TooLarge
from nodes.checks import label_of
from nodes.node import Node
from nodes.ports import Port

KEYS = {CONTINUE: ("resume", "F8"), NEXT: ("step_over", "F10"), STOP: ("stop", "")}
PARTS = {"settings": "Settings", "inputs": "What came in"}

Answer = Callable[[str, Json], Awaitable[None]]
"""Goes on with this choice and the data as it was left."""


class Break:
    """The bar of one break. What was changed and did not fit is still there when the step asks again."""

    def __init__(
        self,
        title: str,
        text: str,
        payload: Json,
        choices: tuple[str, ...],
        node: type[Node] | None,
        answer: Answer,
        kept: Mapping[str, Json] | None = None,
    ) -> None:
        self._answer = answer
        self._payload: dict[str, Any] = payload if isinstance(payload, dict) else {}
        self._fields: dict[str, Outputs] = {}
        with (
            ui.element("div").classes("weft-notice is-asked weft-stack weft-break").props("role=alertdialog") as notice
        ):
            notice.props["aria-label"] = title
            with ui.element("div").classes("weft-row"):
                ui.icon("sym_r_pause_circle")
                ui.label(title).classes("weft-strong weft-anywhere")
            ui.label(text).classes("weft-anywhere").props("role=status")
            self._data(node, kept or self._payload, opened=kept is not None)
            with ui.element("div").classes("weft-row weft-wrap"):
                for choice in choices:
                    icon, key = KEYS.get(choice, ("check", ""))
                    button = ui.button(choice, icon=f"sym_r_{icon}").classes("weft-button")
                    does(button, partial(self.choose, choice))
                    if key:
                        button.tooltip(f"{choice} ({key})")

    @property
    def left(self) -> dict[str, Json] | None:
        """The data as it was left; None where some of it cannot be read, which is said at its field."""
        found: dict[str, Json] = dict(self._payload)
        for part, fields in self._fields.items():
            values = fields.values()
            if values is None:
                self._fold.value = True
                return None
            found[part] = values
        return found

    async def choose(self, choice: str) -> None:
        """Go on so."""
        if choice == STOP:
            await self._answer(choice, None)
        elif (left := self.left) is not None:
            await self._answer(choice, left if left != self._payload else None)

    def _data(self, node: type[Node] | None, shown: Mapping[str, Any], *, opened: bool) -> None:
        given = {part: shown.get(part) for part in PARTS}
        filled = {part: values for part, values in given.items() if isinstance(values, dict) and values}
        with ui.expansion("Look at what it is given, or change it", value=opened).props("dense") as self._fold:
            self._fold.classes("weft-expansion")
            for part, values in filled.items():
                ui.label(PARTS[part]).classes("weft-strong weft-small")
                try:
                    self._fields[part] = Outputs(_ports(part, values, node), values)
                except TooLarge as error:
                    ui.label(str(error)).classes("weft-muted")
        self._fold.set_visibility(bool(filled))


def _ports(part: str, values: Mapping[str, Json], node: type[Node] | None) -> list[Port]:
    """What each value is called and of which kind it is: text that was text stays text."""
    known = {port.name: port for port in node.spec.inputs} if node is not None else {}

    def port(name: str, value: Json) -> Port:
        kind = "text" if isinstance(value, str) else "any"
        if part == "inputs" and name in known and not known[name].many:
            kind = known[name].kind if known[name].kind != "any" else kind
        title = label_of(node, name) if part == "settings" and node is not None and name in node.model_fields else ""
        return Port(name, kind, required=True, title=title)

    return [port(name, value) for name, value in values.items()]
