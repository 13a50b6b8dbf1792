"""Where a run stands still before a step: what the step is given, to look at and to change, and how to go on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from functools import partial
from typing import Any

from nicegui import ui
from pydantic import JsonValue as Json

from app.engine.asking import STOP
from app.engine.debug import BREAK, CONTINUE, NEXT
from app.engine.past import plain
from app.language import msg, spoken, tr
from app.runs.reading.picture import Open
from app.studio import Studio
from app.ui.commands.here import key_tip
from app.ui.dialogs import does, said
from app.ui.forms.outputs import Outputs, TooLarge
from flows.model import Flow, step_at
from nodes.checks import label_of
from nodes.node import Node
from nodes.ports import Port

KEYS = {CONTINUE: ("resume", "debug.continue"), NEXT: ("step_over", "debug.next"), STOP: ("stop", "stop")}
PARTS = {"settings": msg("Settings"), "inputs": msg("What came in")}

Answer = Callable[[str, Json], Awaitable[None]]
"""Goes on with this choice and the data as it was left."""


class Breaks:
    """What a run stands still at, drawn over its canvas; `press` does what a key means."""

    def __init__(self, studio: Studio, run_id: str, flow: Callable[[], Flow], stands: Callable[[str], None]) -> None:
        """`stands` hears the path in the flow of each step at which the run stands still."""
        self._studio, self._run_id, self._flow, self._stands = studio, run_id, flow, stands
        self._shown: Open | None = None
        self._break: Break | None = None
        self._left: tuple[str, dict[str, Json] | None] = ("", None)
        self._box = ui.element("div").classes("weft-questions")

    def show(self, questions: Iterable[Open]) -> None:
        """Show the one of these questions that is a break, and nothing where none is."""
        found = next((question for question in questions if question.sort == BREAK), None)
        if found == self._shown:
            return
        self._shown = found
        self._box.clear()
        self._break = None
        if found is None:
            return
        step, left = self._left
        # Asked again: what was changed did not fit, and is not to be typed anew.
        kept = left if step == found.step and found.key != BREAK else None
        with self._box:
            self._break = Break(found, self._node(found.step), self._answer, kept)
        self._stands(plain(found.step))

    @property
    def stands(self) -> bool:
        """True while the run stands still."""
        return self._break is not None

    async def press(self, choice: str) -> None:
        """Go on so, where the run stands still."""
        if self._break is not None:
            with said():
                await self._break.choose(choice)

    async def _answer(self, choice: str, payload: Json) -> None:
        question = self._shown
        if question is None:
            return
        self._left = question.step, payload if isinstance(payload, dict) else None
        decision = await self._studio.runs.answer(
            self._run_id, question.step, question.key, choice, payload, by="the debugger"
        )
        if not decision.won:
            ui.notify(tr("The run has gone on already."))

    def _node(self, path: str) -> type[Node] | None:
        try:
            return self._studio.catalog.kinds.get(step_at(self._flow(), plain(path)).kind)
        except KeyError:
            return None


class Break:
    """The bar of one break. What was changed and did not fit is still there when the step asks again."""

    def __init__(
        self, question: Open, node: type[Node] | None, answer: Answer, kept: Mapping[str, Json] | None = None
    ) -> None:
        self._answer = answer
        self._payload: dict[str, Any] = question.payload if isinstance(question.payload, dict) else {}
        self._fields: dict[str, Outputs] = {}
        with (
            ui.element("div").classes("weft-notice is-asked weft-stack weft-break").props("role=alertdialog") as notice
        ):
            notice.props["aria-label"] = spoken(question.title)
            with ui.element("div").classes("weft-row"):
                ui.icon("sym_r_pause_circle")
                ui.label(spoken(question.title)).classes("weft-strong weft-anywhere")
            ui.label(spoken(question.text)).classes("weft-anywhere").props("role=status")
            self._data(node, kept or self._payload, opened=kept is not None)
            with ui.element("div").classes("weft-row weft-wrap"):
                for choice in question.choices:
                    icon, command = KEYS.get(choice, ("check", ""))
                    button = ui.button(spoken(choice), icon=f"sym_r_{icon}").classes("weft-button")
                    does(button, partial(self.choose, choice))
                    if command:
                        key_tip(button, spoken(choice), command)

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
        with ui.expansion(tr("Look at what it is given, or change it"), value=opened).props("dense") as self._fold:
            self._fold.classes("weft-expansion")
            for part, values in filled.items():
                ui.label(tr(PARTS[part])).classes("weft-strong weft-small")
                try:
                    self._fields[part] = Outputs(_ports(part, values, node), values)
                except TooLarge as error:
                    ui.label(spoken(str(error))).classes("weft-muted")
        self._fold.set_visibility(bool(filled))


def _ports(part: str, values: Mapping[str, Json], node: type[Node] | None) -> list[Port]:
    """What each value is called and of which kind it is: text that was text stays text."""
    known = {port.name: port for port in node.spec.inputs} if node is not None else {}

    def port(name: str, value: Json) -> Port:
        kind = "text" if isinstance(value, str) else "any"
        if part == "inputs" and name in known and not known[name].many:
            kind = known[name].kind if known[name].kind != "any" else kind
        title = (
            tr(label_of(node, name)) if part == "settings" and node is not None and name in node.model_fields else ""
        )
        return Port(name, kind, required=True, title=title)

    return [port(name, value) for name, value in values.items()]
