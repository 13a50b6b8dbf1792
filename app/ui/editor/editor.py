"""One window on one flow: joins palette, canvas, run and side panel."""

from __future__ import annotations

import secrets

from nicegui import context, ui

from app.desk.open_flow import Edited, OpenFlow
from app.store.trouble import StoreTrouble
from app.studio import Studio
from app.ui.canvas import Canvas, Command, Gesture, Opened, Selection
from app.ui.editor.gestures import copy_of, edit_of, new_step
from app.ui.editor.palette import palette
from app.ui.editor.quick_add import QuickAdd
from app.ui.editor.running import Running
from app.ui.editor.side import Side
from app.ui.editor.top_bar import TopBar
from app.ui.stage import Stage
from flows.apply import apply
from flows.edits import Add, Configure, Edit, Many
from flows.model import Flow, step_at, walk


class Editor:
    """What one window shows of a flow, and what its gestures do."""

    def __init__(self, studio: Studio, opened: OpenFlow) -> None:
        self.studio = studio
        self.opened = opened
        self.window = secrets.token_hex(4)
        self.selected: list[str] = []
        self.selected_wires: list[str] = []
        self._copied: tuple[Flow, tuple[str, ...]] = (opened.flow, ())

    def build(self) -> None:
        """Make the elements; `show` fills them."""
        self.bar = TopBar(self)
        with ui.element("div").classes("weft-editor"):
            palette(self.studio.catalog, add=self.add)
            with ui.element("div").classes("weft-stage"):
                canvas = Canvas(
                    on_gesture=self._gesture, on_select=self._select, on_open=self._open, on_command=self._command
                ).classes("weft-canvas")
                self.stage = Stage(self.studio, canvas)
                with ui.element("div").classes("weft-stage-over") as over:
                    self._empty = over
                    _empty_canvas()
                self.running = Running(self)
            self.side = Side(self)
        self._search = QuickAdd(self.studio.catalog, add=self.add)
        stop = self.opened.listen(self._edited)
        context.client.on_delete(stop)
        context.client.on_delete(self.stage.leave)

    async def show(self) -> None:
        """Draw the flow and the lights of its last run."""
        self.stage.show(self.opened.flow, self.opened.problems, editing=True)
        self._empty.set_visibility(not self.opened.flow.steps)
        self.bar.refresh()
        await self.running.find_last()
        await self.side.show(self.selected)
        self.stage.canvas.take_keys()

    async def edit(self, edit: Edit | None) -> bool:
        """Make an edit; False, with the reason on screen, where it does not fit."""
        if edit is None:
            return False
        try:
            await self.opened.edit(edit, by=self.window)
        except (ValueError, KeyError, StoreTrouble) as error:
            said = f"{error.message} {error.hint}" if isinstance(error, StoreTrouble) else str(error)
            ui.notify(said, type="negative")
            self.stage.show(self.opened.flow, self.opened.problems, editing=True)
            return False
        return True

    async def add(self, kind: str, at: tuple[float, float] | None = None, parent: str = "") -> None:
        """Place a new step: where it was asked for, or in the middle of the canvas, beside what is there."""
        if at is None:
            x, y = await self.stage.canvas.center()
            at = self._free(x - 110, y - 36)
        edit = new_step(kind, self.opened.flow, self.studio.catalog, at, parent)
        if await self.edit(edit):
            path = f"{parent}/{edit.id}" if parent else edit.id
            await self.choose(path)

    async def choose(self, path: str) -> None:
        """Select a step, as if it had been clicked."""
        self.selected, self.selected_wires = [path], []
        self.stage.canvas.select([path])
        await self.side.show(self.selected)

    async def remove_selected(self) -> None:
        """Delete what is selected."""
        await self._gesture({"edits": [{"do": "remove", "steps": self.selected, "wires": self.selected_wires}]})

    def _free(self, x: float, y: float) -> tuple[float, float]:
        """A place near here where no step lies yet."""
        taken = [place[:2] for path, place in self.opened.flow.layout.items() if "/" not in path]
        while any(abs(x - left) < 180 and abs(y - top) < 70 for left, top in taken):
            y += 100
        return round(x), round(y)

    def _edited(self, edited: Edited) -> None:
        self.stage.redraw(edited.after, self.opened.problems)
        self._empty.set_visibility(not edited.after.steps)
        self.bar.refresh()
        known = {path for path, _ in walk(edited.after)}
        if any(path not in known for path in self.selected):
            self.selected = [path for path in self.selected if path in known]
        self.side.edited(edited, self.selected)

    async def _gesture(self, gesture: Gesture) -> None:
        try:
            edit = edit_of(gesture["edits"], self.opened.flow, self.studio.catalog)
        except (ValueError, KeyError) as error:
            ui.notify(str(error), type="negative")
            return
        if await self.edit(edit) and isinstance(edit, Add):
            await self.choose(f"{edit.parent}/{edit.id}" if edit.parent else edit.id)

    async def _select(self, selection: Selection) -> None:
        self.selected, self.selected_wires = selection["steps"], selection["wires"]
        await self.side.show(self.selected)

    async def _open(self, opened: Opened) -> None:
        await self.choose(opened["step"])
        self.side.focus()

    async def _command(self, command: Command) -> None:
        match command["name"]:
            case "undo":
                await self.undo()
            case "redo":
                await self.redo()
            case "run":
                await self.run()
            case "save":
                ui.notify("Saved. Every change is saved as you make it.", type="positive")
            case "search":
                self._search.open(tuple(command.get("at") or ()), command.get("parent") or "")
            case "copy" | "cut":
                self._copied = (self.opened.flow, tuple(self.selected))
                if command["name"] == "cut":
                    await self.remove_selected()
            case "paste":
                await self._duplicate(*self._copied)
            case "duplicate":
                await self._duplicate(self.opened.flow, tuple(self.selected))
            case "rename":
                self.side.focus()
            case "disable":
                await self._switch()
            case "help":
                self.bar.keys()
            case _:
                pass

    async def run(self) -> None:
        """Run the flow."""
        await self.running.run()

    async def undo(self) -> None:
        """Take the last edit back."""
        done = await self.opened.undo(by=self.window)
        ui.notify(f"Undone: {done}" if done else "There is nothing to undo.")

    async def redo(self) -> None:
        """Do again what was taken back."""
        done = await self.opened.redo(by=self.window)
        ui.notify(f"Done again: {done}" if done else "There is nothing to do again.")

    async def _duplicate(self, source: Flow, paths: tuple[str, ...]) -> None:
        flow = self.opened.flow
        edits: list[Add] = []
        for path in paths:
            edits.append(copy_of(path, source, flow))
            flow = apply(flow, edits[-1])
        if edits and await self.edit(edits[0] if len(edits) == 1 else Many(edits=tuple(edits), title="duplicate")):
            await self.choose("/".join(filter(None, (edits[-1].parent, edits[-1].id))))

    async def _switch(self) -> None:
        flow = self.opened.flow
        edits = tuple(Configure(path=path, disabled=not step_at(flow, path).disabled) for path in self.selected)
        if edits:
            await self.edit(edits[0] if len(edits) == 1 else Many(edits=edits, title="switch off or on"))


def _empty_canvas() -> None:
    with ui.element("div").classes("weft-empty"):
        ui.icon("sym_r_account_tree").classes("weft-empty-icon")
        ui.label("Start with one step").classes("weft-empty-title")
        ui.label("Drag a step from the left onto the canvas, or press N to search for one.").classes("weft-empty-text")
