"""What the commands of the table do in the editor, and why one of them cannot be done now."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING

from nicegui import ui

from app.engine.debug import CONTINUE, NEXT
from app.language import msg, tr
from app.ui.canvas import Canvas
from app.ui.commands.here import Offer, Pressed
from app.ui.commands.table import COMMANDS, ON_CANVAS, Needs
from app.ui.editor.comment_list import show_comments
from app.ui.editor.starting import NO_STEP
from app.ui.editor.ways import WAYS, Way

if TYPE_CHECKING:
    from app.ui.editor.editor import Editor

SOME = {
    "step": NO_STEP,
    "steps": msg("Choose a step on the canvas first."),
    "several": msg("Select two or more steps on the canvas first."),
    "three": msg("Select three or more steps on the canvas first."),
    "selection": msg("Select something on the canvas first."),
}


def offers(editor: Editor) -> dict[str, Pressed | Offer]:
    """All that this window takes."""
    running = editor.running

    def needs(what: Needs) -> Callable[[], str]:
        return lambda: missing(what, len(editor.selected), len(editor.selected_wires))

    def way(each: Way) -> Offer:
        return Offer(partial(editor.run, each), lambda: running.why_not(each))

    def on_step(work: Callable[[str], Awaitable[object]]) -> Offer:
        async def does() -> None:
            if why := missing("step", len(editor.selected), 0):
                ui.notify(why)
            else:
                await work(editor.selected[0])

        return Offer(does, needs("step"))

    return {
        **on_canvas(editor.stage.canvas, needs),
        **{each.command: way(each) for each in WAYS},
        "undo": Offer(editor.undo, lambda: "" if editor.opened.undoes else tr("There is nothing to undo.")),
        "redo": Offer(editor.redo, lambda: "" if editor.opened.redoes else tr("There is nothing to do again.")),
        "keep": editor.keep,
        "history": editor.bar.history,
        "export": editor.bar.export,
        "breakpoint": Offer(lambda: editor.turn_breakpoints(editor.selected), needs("steps")),
        "debug.continue": Offer(partial(running.press, CONTINUE), lambda: running.why_not_on),
        "debug.next": Offer(partial(running.press, NEXT), lambda: running.why_not_on),
        "pin": on_step(editor.data.turn_pin),
        "edit_data": on_step(editor.data.edit),
        "node.help": on_step(editor.examples.help),
        "begin": Offer(editor.empty.focus, lambda: editor.empty.why_not),
        "tour": editor.tour.press,
        "comment": on_step(editor.comment),
        "comments": partial(show_comments, editor),
        "stop": where(running.stop, lambda: running.why_not_stop),
        "resume": where(running.resume, lambda: running.why_not_resume),
        "run.details": where(running.details, lambda: running.why_not_details),
        "run.report": where(running.show_report, lambda: running.why_not_report),
        "run.hide": where(running.hide, lambda: running.why_not_details),
    }


def on_canvas(canvas: Canvas, needs: Callable[[Needs], Callable[[], str]], *, editing: bool = True) -> dict[str, Offer]:
    """The commands whose keys the canvas hears; where a flow is only looked at, those that change nothing."""
    where = ON_CANVAS if editing else ("view",)
    return {
        each.id: Offer(partial(canvas.perform, each.id), needs(each.needs), on_canvas=True)
        for each in COMMANDS
        if each.where in where and not each.fixed
    }


def missing(what: Needs, steps: int, wires: int) -> str:
    """What has to be selected first, in a sentence; nothing where enough is selected."""
    enough = {
        "": True,
        "step": steps == 1,
        "steps": steps > 0,
        "several": steps > 1,
        "three": steps > 2,
        "selection": steps + wires > 0,
    }
    return "" if enough[what] else tr(SOME[what])


def where(work: Pressed, why_not: Callable[[], str]) -> Offer:
    """A command that says why it does nothing."""

    def does() -> Awaitable[object] | object:
        if why := why_not():
            ui.notify(why)
            return None
        return work()

    return Offer(does, why_not)
