"""The flow's own details: description, what it asks for before a run, what it gives back, and its problems."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from nicegui import ui
from pydantic import ValidationError

from app.language import tr, trn
from app.studio import Studio
from app.ui.forms.flow_inputs import FlowInputs
from app.ui.forms.flow_limits import FlowAfter, FlowAtOnce, FlowLimits
from app.ui.forms.parts import more
from app.ui.forms.sending import MakeEdit, Sending
from flows.edits import Describe
from flows.model import Flow, Input
from flows.problems import Problem


class FlowForm:
    """What the side panel shows when no step is chosen."""

    def __init__(
        self,
        studio: Studio,
        flow: Flow,
        problems: Sequence[Problem],
        edit: MakeEdit,
        show_problems: Callable[[], None],
    ) -> None:
        self._studio = studio
        self._newest = self._flow = flow
        self._show_problems = show_problems
        self._folded: list[FlowLimits | FlowAtOnce | FlowAfter] = []
        with ui.element("div").classes("weft-panel-body"), ui.element("div").classes("weft-form") as self._root:
            self._sending = Sending(edit, self._take_back)
            ui.label(tr("This flow")).classes("weft-section-title")
            self._description = ui.textarea(value=flow.description, placeholder=tr("What is it for?"))
            self._description.props(f'dense outlined autogrow debounce=300 aria-label="{tr("Description")}"')
            self._description.on_value_change(lambda e: self._describe(description=e.value or ""))
            self._problem_box = ui.element("div").classes("weft-stack weft-tight")
            ui.label(tr("Asks for, before it runs")).classes("weft-section-title")
            self._inputs = FlowInputs(flow, self._set_inputs)
            ui.label(tr("Gives back")).classes("weft-section-title")
            self._result = ui.input(value=flow.result, placeholder="report.text").classes("weft-mono")
            self._result.props(f'dense outlined debounce=300 aria-label="{tr("Gives back")}"')
            self._result.on_value_change(lambda e: self._describe(result=e.value or ""))
            ui.label(tr("An expression; empty means what the last step gives.")).classes("weft-hint")
            with ui.element("div"):
                more(tr("What it may use"), lambda: self._add(FlowLimits(self._flow, self._set_limits)))
                more(tr("Several runs at once"), lambda: self._add(FlowAtOnce(self._flow, self._set_limits)))
                more(tr("After a failure or a crash"), self._add_after)
        self._draw_problems(problems)

    def update(self, flow: Flow, problems: Sequence[Problem]) -> None:
        """Show the flow as it is now."""
        self._newest = flow
        if not self._sending.busy:
            self._take_back()
        self._draw_problems(problems)

    async def finish(self) -> None:
        """Return once all that was typed is in the flow."""
        await self._sending.settled()

    def _take_back(self) -> None:
        """Show what the flow says now."""
        # Not before: what is typed into the next field builds on what is still on its way.
        self._flow = self._newest
        if self._root.is_deleted:
            return
        with self._root, self._sending.quiet():
            self._description.value = self._flow.description
            self._result.value = self._flow.result
            self._inputs.show(self._flow)
            for part in self._folded:
                part.show(self._flow)

    def _set_inputs(self, inputs: Mapping[str, Input]) -> None:
        self._flow = self._flow.model_copy(update={"inputs": inputs})
        self._describe(inputs=inputs)

    def _set_limits(self, **fields: object) -> None:
        limits = self._flow.limits.model_copy(update=fields)
        if limits != self._flow.limits:
            self._flow = self._flow.model_copy(update={"limits": limits})
            self._describe(limits=limits.model_dump())

    def _describe(self, **fields: object) -> None:
        try:
            edit = Describe.model_validate(fields)
        except ValidationError as error:
            why = error.errors(include_url=False)[0]["msg"]
            ui.notify(tr("This cannot be saved: {why}.", why=why), type="negative")
            return
        self._sending.send(edit)

    async def _add_after(self) -> None:
        others = {card.id: card.name for card in await self._studio.shelf.cards()}
        if not self._root.is_deleted:
            self._add(FlowAfter(self._flow, others, self._studio.shelf.to_run, self._describe))

    def _add(self, part: FlowLimits | FlowAtOnce | FlowAfter) -> None:
        self._folded.append(part)

    def _draw_problems(self, problems: Sequence[Problem]) -> None:
        self._problem_box.clear()
        if not problems or not self._newest.steps:
            return
        with self._problem_box:
            text = trn("Show the problem", "Show the {n} problems", len(problems))
            ui.button(text, icon="sym_r_error", on_click=self._show_problems).classes("weft-button")
