"""The panel on the right: settings and last result of the chosen step, or the flow's own details."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from nicegui import ui

from app.desk.open_flow import Edited
from app.language import msg, tr, trn
from app.ui.commands.here import with_key
from app.ui.editor.arranging import arrange_bar
from app.ui.editor.comments import Thread, open_comments
from app.ui.editor.step_bar import StepBar
from app.ui.editor.step_data import Pinned
from app.ui.forms.flow_form import FlowForm
from app.ui.forms.step_form import StepForm
from app.ui.forms.values import Values
from app.ui.opened.open_step import OpenStep
from app.ui.opened.using import use_in_setting
from app.ui.result import Result
from flows.model import Step, step_at

if TYPE_CHECKING:
    from app.ui.editor.editor import Editor

LEAVE = """event => {
  if (event.defaultPrevented) return;
  document.querySelector('.weft-flow')?.focus({ preventScroll: true });
}"""
"""Esc gives the keyboard back to the canvas, unless it closes a list first."""

TOGETHER = (
    ("group", "select_all", msg("Group into a frame")),
    ("subflow", "account_tree", msg("Turn into a sub-flow")),
)
"""What can be done with several steps together: the command, its sign and its words."""


class Side:
    """What is shown beside the canvas for what is selected."""

    def __init__(self, editor: Editor) -> None:
        self._editor = editor
        self._path: str | None = None
        self._tab = "Settings"
        self._form: StepForm | FlowForm | None = None
        self._bar: StepBar | None = None
        self._pinned: Pinned | None = None
        self._thread: Thread | None = None
        self._result: Result | None = None
        self._tabs_row: ui.element | None = None
        self._reader = editor.stage.reader
        self.values = Values(self._reader, editor.studio.catalog)
        self.opened = OpenStep(editor)
        self._panel = ui.element("aside").classes("weft-panel weft-panel-right")
        self._panel.props(f'aria-label="{tr("Details")}"')
        self._panel.on("keydown.esc", js_handler=LEAVE)

    @property
    def tab(self) -> str:
        """What is shown of the step that is chosen; nothing where none is."""
        return self._tab if self._path else ""

    def show(self, selected: list[str]) -> None:
        """Show the one step that is selected; the flow itself when none is, and how many when several are."""
        path = selected[0] if len(selected) == 1 else ""
        if len(selected) > 1:
            self._path = None
            self._draw_many(len(selected))
        elif path != self._path:
            self._path = path
            self._draw()

    def focus(self, field: str = "") -> None:
        """Turn to the settings and give one of them the keyboard: the first, or the one that is named."""
        self._turn_to("Settings")
        if isinstance(self._form, StepForm):
            self._form.focus(field)

    def open(self, path: str) -> None:
        """Open a step large over the editor."""
        self._editor.choose(path)
        self.opened.open(path)

    async def finish(self) -> None:
        """Return once all that was typed is in the flow."""
        await self.opened.finish()
        if self._form is not None:
            await self._form.finish()

    def show_comments(self, *, write: bool = False) -> None:
        """Turn to what was said about the step; with `write`, to say something."""
        self._turn_to("Comments")
        if write and self._thread is not None:
            self._thread.focus()

    def show_settings(self) -> None:
        """Turn to what the step is set to."""
        self._turn_to("Settings")

    def show_result(self) -> None:
        """Turn to what the step gave."""
        self._turn_to("Result")

    def name(self) -> None:
        """Give the step's title the keyboard."""
        self._turn_to("Settings")
        if isinstance(self._form, StepForm):
            self._form.name()

    def edited(self, edited: Edited, selected: list[str]) -> None:
        """Show the flow as it is after an edit."""
        self.opened.edited(edited)
        if self._path and selected != [self._path]:
            self._path = None
            self.show(selected)
        elif self._form is not None:
            self._form.update(edited.after, self._editor.opened.problems)
            self.marked()

    def marked(self) -> None:
        """Show whether the step has a breakpoint, and whether it is pinned."""
        self.opened.marked()
        if self._bar is not None and self._pinned is not None and self._path:
            step = step_at(self._editor.opened.flow, self._path)
            self._bar.show(step)
            self._pinned.show(step)
            if self._thread is not None:
                self._thread.show(step.comments)
                self._count_comments(step)

    def run_changed(self, paths: set[str]) -> None:
        """Show new results of the run that is followed."""
        self.opened.run_changed(paths)
        if self._result is not None and (not paths or self._path in paths):
            self._result.refresh()
        if isinstance(self._form, StepForm) and not self._editor.running.going:
            self._form.values_changed()

    def _draw_many(self, count: int) -> None:
        self._form = self._result = self._bar = self._pinned = self._thread = None
        self._panel.clear()
        with self._panel, ui.element("div").classes("weft-panel-body"):
            ui.label(trn("{n} step is selected", "{n} steps are selected", count)).classes("weft-strong")
            copies = with_key(tr("Drag one to move them all, delete them, or make copies"), "duplicate")
            ui.label(f"{copies}.").classes("weft-muted")
            arrange_bar(self._editor.stage.canvas, count)
            for id, icon, text in TOGETHER:
                does = partial(self._editor.stage.canvas.perform, id)
                button = ui.button(tr(text), icon=f"sym_r_{icon}", on_click=does).classes("weft-button")
                button.tooltip(with_key(tr(text), id))
            ui.button(tr("Delete"), icon="sym_r_delete", on_click=self._editor.remove_selected).classes(
                "weft-button weft-danger"
            )

    def _draw(self) -> None:
        self._form = self._result = self._bar = self._pinned = self._thread = None
        self._panel.props["data-step"] = self._path or ""
        flow, problems = self._editor.opened.flow, self._editor.opened.problems
        if self._path:
            # The tabs stay from step to step: who chooses a step and a tab in one go presses the tab of both.
            for child in list(self._panel):
                if child is not self._tabs_row:
                    child.delete()
        else:
            self._panel.clear()
        with self._panel:
            if self._path:
                if self._tabs_row is None or self._tabs_row.is_deleted:
                    self._draw_tabs()
                self._draw_step(self._path, step_at(flow, self._path))
            else:
                self._form = FlowForm(
                    self._editor.studio, flow, problems, self._editor.edit, self._editor.panel.show_problems
                )

    def _draw_tabs(self) -> None:
        with ui.element("div").classes("weft-tabs-row") as self._tabs_row:
            with (
                ui.tabs(on_change=self._turned)
                .classes("weft-tabs weft-grow")
                .props("dense align=left no-caps") as self._tabs
            ):
                ui.tab("Settings", label=tr("Settings"))
                ui.tab("Result", label=tr("Result"))
                self._comments_tab = ui.tab("Comments", icon="sym_r_chat_bubble").classes("weft-comments-tab")
            large = ui.button(icon="sym_r_open_in_full", on_click=self._open_large).classes("weft-icon-button")
            large.props(f'flat dense aria-label="{tr("Open this step")}"')
            large.tooltip(tr("Open it large: input, settings, output (Enter)"))
        self._tabs.value = self._tab

    def _draw_step(self, path: str, step: Step) -> None:
        self._count_comments(step)
        with ui.tab_panels(self._tabs, value=self._tab, animated=False).classes("weft-panel-body").props("keep-alive"):
            with ui.tab_panel("Settings"):
                opened = self._editor.opened
                self._form = StepForm(
                    self._editor.studio, opened.flow, path, opened.problems, self.values, self._editor.edit
                )
            with ui.tab_panel("Result"):
                self._pinned = Pinned(self._editor.data, path, step)
                use = partial(use_in_setting, self._editor, at=path)
                self._result = Result(self._editor.stage, path, use=use)
                self._result.refresh()
            with ui.tab_panel("Comments"):
                self._thread = Thread(self._editor, path, step.comments)
        self._bar = StepBar(self._editor, path, step)

    def _count_comments(self, step: Step) -> None:
        count = open_comments(step)
        label = tr("Comments ({count})", count=count) if count else tr("Comments")
        self._comments_tab.props["label"] = self._comments_tab.props["aria-label"] = label

    def _turned(self, change: object) -> None:
        self._tab = str(getattr(change, "value", "Settings"))

    def _open_large(self) -> None:
        if self._path:
            self.open(self._path)

    def _turn_to(self, tab: str) -> None:
        if self._path:
            self._tabs.value = tab
