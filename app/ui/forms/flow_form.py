"""The flow's own details: description, what it asks for before a run, what it gives back, and its problems."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

from nicegui import ui
from pydantic import ValidationError

from app.desk.saying import name_of
from app.studio import Studio
from app.ui.forms.sending import MakeEdit, Sending
from flows.edits import Describe
from flows.inputs import checked
from flows.model import ID, Flow, Input
from flows.naming import RESERVED
from flows.problems import Problem

TYPES = {
    "text": "Text",
    "long_text": "Long text",
    "number": "Number",
    "boolean": "Yes or no",
    "date": "Date",
    "choice": "Choice",
    "file": "File path",
}


class FlowForm:
    """What the side panel shows when no step is chosen."""

    def __init__(
        self,
        studio: Studio,
        flow: Flow,
        problems: Sequence[Problem],
        edit: MakeEdit,
        go_to: Callable[[str, str], Awaitable[None]],
    ) -> None:
        self._studio = studio
        self._flow = flow
        self._go_to = go_to
        with ui.element("div").classes("weft-panel-body"), ui.element("div").classes("weft-form") as self._root:
            self._sending = Sending(edit, self._take_back)
            ui.label("This flow").classes("weft-section-title")
            self._description = ui.textarea(value=flow.description, placeholder="What is it for?")
            self._description.props('dense outlined autogrow debounce=300 aria-label="Description"')
            self._description.on_value_change(lambda e: self._describe(description=e.value or ""))
            self._problem_box = ui.element("div").classes("weft-stack weft-tight")
            ui.label("Asks for, before it runs").classes("weft-section-title")
            self._inputs = ui.element("div").classes("weft-stack")
            ui.label("Gives back").classes("weft-section-title")
            self._result = ui.input(value=flow.result, placeholder="report.text").classes("weft-mono")
            self._result.props('dense outlined debounce=300 aria-label="Gives back"')
            self._result.on_value_change(lambda e: self._describe(result=e.value or ""))
            ui.label("An expression; empty means what the last step gives.").classes("weft-hint")
        self._draw_inputs()
        self._draw_problems(problems)

    def update(self, flow: Flow, problems: Sequence[Problem]) -> None:
        """Show the flow as it is now."""
        self._flow = flow
        if not self._sending.busy:
            self._take_back()
        if self._drawn != _shape(flow):
            self._draw_inputs()
        self._draw_problems(problems)

    async def finish(self) -> None:
        """Return once all that was typed is in the flow."""
        await self._sending.settled()

    def _take_back(self) -> None:
        """Show the words that the flow has now."""
        if self._root.is_deleted:
            return
        with self._sending.quiet():
            self._description.value = self._flow.description
            self._result.value = self._flow.result

    def _describe(self, **fields: object) -> None:
        try:
            edit = Describe.model_validate(fields)
        except ValidationError as error:
            ui.notify(f"This cannot be saved: {error.errors(include_url=False)[0]['msg']}.", type="negative")
            return
        self._sending.send(edit)

    def _draw_problems(self, problems: Sequence[Problem]) -> None:
        self._problem_box.clear()
        if not problems or not self._flow.steps:
            return
        with self._problem_box:
            count = len(problems)
            ui.label("1 problem" if count == 1 else f"{count} problems").classes("weft-section-title")
            with ui.element("div").classes("weft-list"):
                for problem in problems[:50]:
                    row = ui.element("div").classes("weft-list-item is-link weft-small").props("tabindex=0 role=button")
                    if problem.step:
                        row.on("click", lambda problem=problem: self._go_to(problem.step, problem.field))
                        row.on("keydown.enter", lambda problem=problem: self._go_to(problem.step, problem.field))
                    with row:
                        ui.icon("sym_r_error").classes("weft-error")
                        ui.label(self._where(problem) + str(problem)).classes("weft-grow")

    def _where(self, problem: Problem) -> str:
        return f"{name_of(self._flow, problem.step, self._studio.catalog)}: " if problem.step else ""

    def _draw_inputs(self) -> None:
        self._drawn = _shape(self._flow)
        self._inputs.clear()
        with self._inputs:
            if not self._flow.inputs:
                ui.label("Nothing. Add an input to ask for a value, and use it as {{ inputs.name }}.").classes(
                    "weft-hint"
                )
            for name, declared in self._flow.inputs.items():
                self._input(name, declared)
            ui.button("Add an input", icon="sym_r_add", on_click=self._add).classes("weft-button weft-quiet")

    def _input(self, name: str, declared: Input) -> None:
        with ui.element("div").classes("weft-input-card weft-stack weft-tight"):
            with ui.element("div").classes("weft-row weft-tight"):
                field = ui.input(value=name).props('dense outlined aria-label="Name in expressions"')
                field.classes("weft-mono weft-grow").on("blur", lambda: self._rename(name, field.value or ""))
                field.on("keydown.enter", js_handler="event => event.target.blur()")
                kind = ui.select(TYPES, value=declared.type, on_change=lambda e: self._set(name, type=e.value))
                kind.props('dense outlined aria-label="Type"')
                gone = ui.button(icon="sym_r_close", on_click=lambda: self._remove(name)).classes("weft-icon-button")
                gone.props('flat dense aria-label="Remove this input"')
            label = ui.input(
                value=declared.label, placeholder="Label", on_change=lambda e: self._set(name, label=e.value)
            )
            label.props('dense outlined debounce=400 aria-label="Label"')
            if declared.type == "choice":
                choices = ui.input(value=", ".join(declared.choices), placeholder="Choices, with commas between")
                choices.props('dense outlined debounce=400 aria-label="Choices"')
                choices.on_value_change(lambda e: self._set(name, choices=_choices(e.value or "")))
            default = ui.input(
                value="" if declared.default is None else str(declared.default), placeholder="Usual value"
            )
            default.props('dense outlined debounce=400 aria-label="Usual value"')
            default.on_value_change(lambda e: self._set_default(name, e.value or ""))
            needed = ui.switch("Has to be given", value=declared.required)
            needed.on_value_change(lambda e: self._set(name, required=e.value))

    def _set_default(self, name: str, text: str) -> None:
        declared = self._flow.inputs[name]
        values, problems = checked({name: declared.model_copy(update={"required": False})}, {name: text})
        if problems:
            ui.notify(str(problems[0]), type="negative")
        else:
            self._set(name, default=values[name] if text else None)

    def _set(self, name: str, **fields: object) -> None:
        if name in self._flow.inputs:
            changed = self._flow.inputs[name].model_copy(update=fields)
            self._put({**self._flow.inputs, name: changed})

    def _rename(self, old: str, new: str) -> None:
        if new == old or old not in self._flow.inputs:
            return
        if not ID.fullmatch(new) or new in RESERVED:
            ui.notify("Use letters, digits and _ only, beginning with a letter.", type="negative")
        elif new in self._flow.inputs:
            ui.notify(f"There already is an input `{new}`.", type="negative")
        else:
            self._put({new if name == old else name: value for name, value in self._flow.inputs.items()})

    def _remove(self, name: str) -> None:
        self._put({key: value for key, value in self._flow.inputs.items() if key != name})

    def _add(self) -> None:
        number, name = 1, "input"
        while name in self._flow.inputs:
            number += 1
            name = f"input_{number}"
        self._put({**self._flow.inputs, name: Input(label="")})

    def _put(self, inputs: Mapping[str, Input]) -> None:
        # At once: what is typed into the next field builds on this.
        self._flow = self._flow.model_copy(update={"inputs": inputs})
        self._describe(inputs=inputs)


def _shape(flow: Flow) -> list[tuple[str, str]]:
    return [(name, declared.type) for name, declared in flow.inputs.items()]


def _choices(text: str) -> tuple[str, ...]:
    return tuple(choice.strip() for choice in text.split(",") if choice.strip())
