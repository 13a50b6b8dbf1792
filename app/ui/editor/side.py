"""The panel on the right: settings and last result of the chosen step, or the flow's own details."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nicegui import ui

from app.desk.open_flow import Edited
from app.ui.forms.flow_form import FlowForm
from app.ui.forms.step_form import StepForm
from app.ui.forms.values import Values
from app.ui.result import Result
from flows.model import Step, step_at

if TYPE_CHECKING:
    from app.ui.editor.editor import Editor


class Side:
    """What is shown beside the canvas for what is selected."""

    def __init__(self, editor: Editor) -> None:
        self._editor = editor
        self._path: str | None = None
        self._tab = "Settings"
        self._form: StepForm | FlowForm | None = None
        self._result: Result | None = None
        self.values = Values(editor.studio)
        self._panel = ui.element("aside").classes("weft-panel weft-panel-right")
        self._panel.props('aria-label="Details"')
        self._panel.on("keydown.ctrl.enter", editor.run).on("keydown.meta.enter", editor.run)

    async def show(self, selected: list[str]) -> None:
        """Show the one step that is selected; the flow itself when none is, and how many when several are."""
        path = selected[0] if len(selected) == 1 else ""
        if len(selected) > 1:
            self._path = None
            self._draw_many(len(selected))
            return
        if path != self._path:
            self._path = path
            await self._draw()

    def focus(self) -> None:
        """Give the first setting the keyboard."""
        if isinstance(self._form, StepForm):
            self._form.focus()

    def edited(self, edited: Edited, selected: list[str]) -> None:
        """Show the flow as it is after an edit."""
        self._editor.running.flow_edited()
        if self._path is None:
            return
        if self._path and selected != [self._path]:
            self._path = None
            ui.timer(0, lambda: self.show(selected), once=True)
            return
        if self._form is not None:
            self._form.update(edited.after, self._editor.opened.problems)

    def run_changed(self, paths: set[str]) -> None:
        """Show new results of the run that is followed."""
        self.values.run_changed(self._editor.stage.run_id)
        if self._result is not None and (not paths or self._path in paths):
            self._result.refresh(self._editor.stage.run_id)
        if isinstance(self._form, StepForm) and not self._running():
            self._form.values_changed()

    def _running(self) -> bool:
        return self._editor.stage.run_id in self._editor.studio.runs.going

    def _draw_many(self, count: int) -> None:
        self._form = self._result = None
        self._panel.clear()
        with self._panel, ui.element("div").classes("weft-panel-body"):
            ui.label(f"{count} steps are selected").classes("weft-strong")
            ui.label("Drag one to move them all. Delete removes them, Ctrl+D makes copies.").classes("weft-muted")
            ui.button("Delete", icon="sym_r_delete", on_click=self._editor.remove_selected).classes(
                "weft-button weft-danger"
            )

    async def _draw(self) -> None:
        self._form = self._result = None
        self._panel.clear()
        flow, problems = self._editor.opened.flow, self._editor.opened.problems
        with self._panel:
            if not self._path:
                self._form = FlowForm(self._editor.studio, flow, problems, self._editor.edit, self._editor.choose)
                return
            self._draw_step(self._path, step_at(flow, self._path))

    def _draw_step(self, path: str, step: Step) -> None:
        with ui.tabs(on_change=self._turn).classes("weft-tabs").props("dense align=left no-caps") as tabs:
            ui.tab("Settings")
            ui.tab("Result")
        tabs.value = self._tab
        with ui.tab_panels(tabs, value=self._tab, animated=False).classes("weft-panel-body"):
            with ui.tab_panel("Settings"):
                opened = self._editor.opened
                self._form = StepForm(
                    self._editor.studio, opened.flow, path, opened.problems, self.values, self._editor.edit
                )
            with ui.tab_panel("Result"):
                self._result = Result(self._editor.studio, path)
                self._result.refresh(self._editor.stage.run_id)

    def _turn(self, change: object) -> None:
        self._tab = str(getattr(change, "value", "Settings"))
