"""Notes, frames and the clipboard in the editor: what the canvas asks for beside its gestures."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from nicegui import ui

from app.desk.pasting import Pasting, missing_words
from app.language import msg, spoken, tr
from app.ui.canvas import Command, Selection
from app.ui.dialogs import dialog, said
from app.ui.editor.piece_sheet import piece_sheet
from app.ui.editor.shapes import grouped, new_note, removed
from app.ui.editor.subflowing import turn_into_subflow
from flows.edits import ChangeFrame, Edit, Many, Remove
from flows.model import Flow
from flows.pieces import outermost, pasted, piece_of
from flows.shapes import frame_of
from flows.text import FlowFileError, read_piece, write_piece
from nodes.checks import holds_expressions

if TYPE_CHECKING:
    from app.ui.editor.editor import Editor

NOTHING = msg("Choose steps, notes or a frame on the canvas first.")
CUT = (msg("cut a step"), msg("cut {count} steps"), msg("cut a note"), msg("cut {count} notes"))
DUPLICATE = (
    *(msg("duplicate a step"), msg("duplicate {count} steps")),
    *(msg("duplicate a note"), msg("duplicate {count} notes")),
)


class Shaping:
    """What one window does with what is chosen on its canvas as a whole."""

    def __init__(self, editor: Editor) -> None:
        self._editor = editor
        self.notes: list[str] = []
        self.frames: list[str] = []
        self._pasting = Pasting(editor.studio.shelf)

    def selected(self, selection: Selection) -> None:
        """Hear which notes and frames are selected."""
        self.notes, self.frames = selection.get("notes", []), selection.get("frames", [])

    async def command(self, command: Command) -> bool:
        """Do a command of the canvas; False where it is somebody else's."""
        with said():
            match command["name"]:
                case "note":
                    await self._note(command)
                case "group":
                    await self._group()
                case "ungroup":
                    await self._ungroup()
                case "collapse":
                    await self._collapse()
                case "subflow":
                    await self._subflow()
                case "copy":
                    await self._copy()
                case "cut":
                    await self._cut()
                case "paste":
                    await self._paste(command)
                case "duplicate":
                    await self._duplicate()
                case "say":
                    ui.notify(command["text"], multi_line=True)
                case _:
                    return False
        return True

    @property
    def _flow(self) -> Flow:
        return self._editor.opened.flow

    @property
    def _paths(self) -> tuple[str, ...]:
        return outermost(self._flow, self._editor.selected, self.frames)

    async def _note(self, command: Command) -> None:
        at = command.get("at") or await self._editor.stage.canvas.center()
        if command.get("parent"):
            at = await self._editor.stage.canvas.center()
        added = new_note(self._flow, at)
        if await self._editor.edit(added):
            self._choose((), (f"note:{added.id}",))
            self._editor.stage.canvas.edit_note(added.id)

    async def _group(self) -> None:
        try:
            added = grouped(self._flow, self._paths)
        except ValueError as error:
            ui.notify(spoken(str(error)))
            return
        if await self._editor.edit(added):
            self._choose((), (f"frame:{added.id}",))
            self._editor.stage.canvas.name_frame(added.id)

    async def _ungroup(self) -> None:
        frames = self._meant_frames()
        if not frames:
            ui.notify(tr("Choose a frame first, or a step in one."))
            return
        await self._editor.edit(Remove(frames=tuple(frames)))

    async def _collapse(self) -> None:
        frames = self._meant_frames()
        if not frames:
            draws = tr("Ctrl+G draws a frame around what is selected.")
            ui.notify(f"{tr('Choose a frame first, or a step in one.')} {draws}")
            return
        away = not all(self._flow.frames[id].collapsed for id in frames)
        edits: tuple[Edit, ...] = tuple(ChangeFrame(id=id, collapsed=away) for id in frames)
        if await self._editor.edit(edits[0] if len(edits) == 1 else Many(edits=edits)):
            self._choose((), tuple(f"frame:{id}" for id in frames))

    def _meant_frames(self) -> list[str]:
        """The selected frames; without any, those of the selected steps."""
        flow = self._flow
        if chosen := [id for id in self.frames if id in flow.frames]:
            return chosen
        return [id for id in dict.fromkeys(frame_of(flow, path) for path in self._editor.selected) if id]

    async def _subflow(self) -> None:
        paths = self._paths
        if not paths:
            ui.notify(tr("Choose the steps first that are to be a flow of their own."))
            return
        made = await turn_into_subflow(self._editor.studio, self._flow, paths, self._editor.edit)
        if made:
            self._editor.choose(made)

    async def _copy(self, *, moves: bool = False) -> bool:
        """Put what is chosen on the clipboard as flow text; False where there is nothing, or the browser refuses."""
        opened, canvas = self._editor.opened, self._editor.stage.canvas
        paths = self._paths
        if not paths and not self.notes:
            canvas.clip("")
            ui.notify(tr(NOTHING))
            return False
        piece = piece_of(opened.flow, paths, self.notes, moves=moves)
        text = await asyncio.to_thread(write_piece, piece)
        self._pasting.clippings.copied(text, opened.flow.id, opened.origin)
        if await canvas.clip(text):
            ui.notify(tr("Copied: {what}", what=spoken(piece.name)))
            return True
        await _by_hand(text)
        return False

    async def _cut(self) -> None:
        paths, notes, frames = self._paths, tuple(self.notes), tuple(self.frames)
        if not await self._copy(moves=True):
            return
        gone = removed(self._flow, paths, (), {"notes": notes, "frames": frames})
        await self._editor.edit(Many(edits=(gone,), title=_of(CUT, len(paths), len(notes))))

    async def _duplicate(self) -> None:
        paths = self._paths
        if not paths and not self.notes:
            ui.notify(tr(NOTHING))
            return
        flow = self._flow
        parents = list(dict.fromkeys(path.rpartition("/")[0] for path in paths)) or [""]
        edits: list[Edit] = []
        steps: list[str] = []
        shapes: list[str] = []
        for parent in parents:
            here = [path for path in paths if path.rpartition("/")[0] == parent]
            edit = pasted(
                piece_of(flow, here, self.notes if parent == parents[0] else ()), flow, None, parent, self._holds
            )
            edits.append(edit)
            steps += [f"{parent}/{name}" if parent else name for name in edit.steps]
            shapes += [f"note:{id}" for id in edit.notes]
        title = _of(DUPLICATE, len(paths), len(self.notes))
        if await self._editor.edit(Many(edits=tuple(edits), title=title)):
            self._choose(steps, shapes)

    async def _paste(self, command: Command) -> None:
        text, opened = command.get("text") or "", self._editor.opened
        if not text.strip():
            ui.notify(tr("There is no text on the clipboard. Copy steps first, or the text of a flow."))
            return
        try:
            piece = (await asyncio.to_thread(read_piece, text)).flow
        except FlowFileError as error:
            why = tr("What is on the clipboard is no piece of a flow: {error}", error=spoken(str(error)))
            ui.notify(why, type="warning", multi_line=True)
            return
        if not piece.steps and not piece.notes:
            ui.notify(tr("There are no steps and no notes in what is on the clipboard."))
            return
        if why := self._pasting.too_much(piece, opened.flow):
            ui.notify(spoken(why), type="negative", multi_line=True)
            return
        x, y = (await self._editor.stage.canvas.center()) if command.get("at") is None else command["at"]
        review = await self._pasting.to_review(piece, text, opened)
        if review is not None:
            if not await piece_sheet(review):
                return
            await self._pasting.hold(opened)
        parent = command.get("parent") or ""
        edit = await asyncio.to_thread(pasted, piece, opened.flow, (float(x), float(y)), parent, self._holds)
        if await self._editor.edit(edit):
            prefix = f"{parent}/" if parent else ""
            self._choose([prefix + name for name in edit.steps], [f"note:{id}" for id in edit.notes])
            if words := missing_words(edit, opened.flow, self._editor.studio.catalog):
                ui.notify(spoken(words), type="warning", multi_line=True, timeout=10_000)

    def _choose(self, steps: tuple[str, ...] | list[str], shapes: tuple[str, ...] | list[str]) -> None:
        """Select these and nothing else."""
        editor = self._editor
        editor.selected, editor.selected_wires = list(steps), []
        self.notes = [key.partition(":")[2] for key in shapes if key.startswith("note:")]
        self.frames = [key.partition(":")[2] for key in shapes if key.startswith("frame:")]
        editor.company.selected(editor.selected)
        editor.stage.canvas.select(editor.selected, shapes)
        editor.side.show(editor.selected)

    @property
    def _holds(self) -> partial[bool]:
        return partial(holds_expressions, self._editor.studio.catalog)


def _of(words: tuple[str, str, str, str], steps: int, notes: int) -> str:
    """What Undo takes back, in English."""
    step, many, note, notes_ = words
    if not steps:
        return note if notes == 1 else notes_.format(count=notes)
    return step if steps == 1 else many.format(count=steps)


async def _by_hand(text: str) -> None:
    """The text to copy by hand, where the browser keeps its clipboard to itself."""
    with dialog("weft-dialog-wide") as shown:
        ui.label(tr("Copy it from here")).classes("weft-dialog-title")
        ui.label(tr("Your browser did not let Weft put this on the clipboard.")).classes("weft-muted")
        field = ui.textarea(value=text).classes("weft-mono")
        field.props(f'readonly outlined autofocus aria-label="{tr("Flow text")}"')
        field.on("focus", js_handler="event => event.target.select()")
        with ui.element("div").classes("weft-dialog-actions"):
            ui.button(tr("Close"), on_click=lambda: shown.submit(None)).classes("weft-button")
    await shown
