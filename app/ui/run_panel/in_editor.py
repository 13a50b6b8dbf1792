"""The run panel of the editor: it also lists what is wrong with the flow, and leads to the steps that are drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nicegui import ui

from app.language import msg, tr
from app.ui.run_panel.panel import RunPanel
from flows.model import walk

if TYPE_CHECKING:
    from app.ui.editor.editor import Editor

GONE = msg("This step is no longer in the flow. The page of the run still shows it.")


def editor_panel(editor: Editor) -> RunPanel:
    """The panel of an editor's window, below its canvas."""

    def see(path: str) -> bool:
        if path not in {known for known, _ in walk(editor.opened.flow)}:
            ui.notify(tr(GONE))
            return False
        editor.choose(path)
        editor.side.show_result()
        return True

    def failed(path: str, _: str) -> None:
        if see(path):
            editor.stage.choose_failed_rounds(path)

    return RunPanel(
        editor.studio,
        editor.stage,
        flow=lambda: editor.opened.flow,
        problems=lambda: editor.opened.problems,
        see=see,
        failed=failed,
        go_to=editor.go_to,
    )
