"""All comments of a flow in one list: choosing one goes to its step."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from nicegui import ui

from app.language import tr, trn
from app.ui.dialogs import dialog
from app.ui.editor.comments import when
from app.ui.inbox.plain import plain
from app.ui.naming import name_of
from flows.comments import all_comments
from flows.model import Comment, walk

if TYPE_CHECKING:
    from app.ui.editor.editor import Editor


def show_comments(editor: Editor) -> None:
    """Open the list; those that are dealt with are shown when they are asked for."""
    flow, catalog = editor.opened.flow, editor.studio.catalog
    found = list(all_comments(flow))
    left = sum(not comment.resolved for _, _, comment in found)
    with dialog("weft-comments") as shown:
        ui.label(tr("Comments")).classes("weft-dialog-title").props("role=heading aria-level=2")
        if not found:
            nobody = tr("Nobody has commented on a step of this flow. Choose a step and turn to Comments.")
            ui.label(nobody).classes("weft-muted")
        else:
            rows: list[ui.element] = []
            if resolved := len(found) - left:
                also = ui.switch(trn("Show {n} resolved", "Show {n} resolved", resolved)).props("dense")
                also.on_value_change(lambda: [row.set_visibility(bool(also.value)) for row in rows])
            if not left:
                ui.label(tr("Everything is dealt with.")).classes("weft-muted")
            with ui.element("div").classes("weft-list weft-comment-list"):
                for path, _, comment in found:
                    row = _row(name_of(flow, path, catalog), comment)
                    row.on("click", partial(_go, editor, shown, path))
                    if comment.resolved:
                        rows.append(row)
                        row.set_visibility(False)
        with ui.element("div").classes("weft-dialog-actions"):
            ui.button(tr("Close"), on_click=shown.close).classes("weft-button").props("autofocus")
    shown.open()


def _row(name: str, comment: Comment) -> ui.element:
    row = ui.element("button").classes("weft-list-item is-link").props("type=button")
    with row, ui.element("span").classes("weft-stack weft-tight weft-grow"):
        with ui.element("span").classes("weft-row weft-tight"):
            ui.label(plain(name)).classes("weft-strong weft-anywhere")
            ui.label(f"{plain(comment.who)}, {when(comment)}").classes("weft-faint weft-small")
            if comment.resolved:
                ui.label(tr("Resolved")).classes("weft-chip is-done")
        ui.label(plain(comment.text)).classes("weft-comment-text weft-anywhere")
    return row


def _go(editor: Editor, shown: ui.dialog, path: str) -> None:
    shown.close()
    if path in {known for known, _ in walk(editor.opened.flow)}:
        editor.choose(path)
        editor.side.show_comments()
    else:
        ui.notify(tr("This step is not there any more."))
