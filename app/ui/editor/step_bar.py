"""The foot of a step's panel: run this step, pin or write its data, set a breakpoint."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING

from nicegui import ui

from app.language import tr
from app.ui.commands.here import key_tip, with_key
from app.ui.dialogs import said
from app.ui.editor.run_menu import RunMenu
from app.ui.editor.ways import FROM, STEP, TO, WAYS
from flows.model import Step

if TYPE_CHECKING:
    from app.ui.editor.editor import Editor


class StepBar:
    """`show` the step as it is now."""

    def __init__(self, editor: Editor, path: str, step: Step) -> None:
        self._editor = editor
        self._path = path
        with ui.element("footer").classes("weft-panel-foot"):
            with ui.element("div").classes("weft-split") as ways:
                run = ui.button(tr(STEP.title), icon=f"sym_r_{STEP.icon}", on_click=partial(editor.run, STEP))
                run.classes("weft-button")
                key_tip(run, tr(STEP.about), STEP.command)
                others = RunMenu(tr("Other ways to run it"), lambda: (TO, FROM), editor.run, editor.running.why_not)
                others.classes("weft-button")
            ways.set_visibility(STEP in WAYS)
            with ui.element("div").classes("weft-row weft-tight weft-push"):
                self._pin, self._pin_tip = _icon("keep", partial(editor.data.turn_pin, path))
                edit, edit_tip = _icon("edit_note", partial(editor.data.edit, path))
                edit.props["aria-label"] = tr("Write its data by hand")
                edit_tip.set_text(with_key(tr("Write its data by hand"), "edit_data"))
                self._break, self._break_tip = _icon("bug_report", partial(editor.turn_breakpoints, [path]))
        self.show(step)

    def show(self, step: Step) -> None:
        """Show whether the step is pinned and has a breakpoint."""
        pinned = step.pinned is not None
        _turn(self._pin, self._pin_tip, pinned, "pin", tr("Pin what it gave"), tr("Unpin it: let it run"))
        has = self._path in self._editor.breakpoints.paths
        turn = tr("Set a breakpoint"), tr("Take the breakpoint away")
        _turn(self._break, self._break_tip, has, "breakpoint", *turn)


def _icon(name: str, work: Callable[[], Awaitable[object]]) -> tuple[ui.button, ui.tooltip]:
    async def pressed() -> None:
        with said():
            await work()

    button = ui.button(icon=f"sym_r_{name}", on_click=pressed).classes("weft-icon-button").props("flat")
    with button:
        tip = ui.tooltip("")
    return button, tip


def _turn(button: ui.button, tip: ui.tooltip, is_on: bool, command: str, off_text: str, on_text: str) -> None:
    text = on_text if is_on else off_text
    tip.set_text(with_key(text, command))
    button.classes(add="is-current" if is_on else "", remove="" if is_on else "is-current")
    button.props["aria-label"] = text
    button.props["aria-pressed"] = "true" if is_on else "false"
