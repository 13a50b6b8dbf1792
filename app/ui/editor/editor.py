"""One window on one flow: joins palette, canvas, run and side panel."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence

from nicegui import context, ui

from app.desk.following import later_paths
from app.desk.open_flow import Edited, OpenFlow
from app.desk.searching import Hit
from app.language import msg, spoken, tr
from app.store.trouble import StoreTrouble
from app.studio import Studio
from app.ui.canvas import Canvas, Command, Gesture, Opened, Selection
from app.ui.commands.here import here, offer
from app.ui.dialogs import said
from app.ui.editor.company import Company
from app.ui.editor.empty import EmptyCanvas
from app.ui.editor.examples import Examples
from app.ui.editor.gestures import added_by, edit_of, fitting_port, joined, new_step
from app.ui.editor.marks import Marks
from app.ui.editor.offers import offers
from app.ui.editor.palette import Palette
from app.ui.editor.places import Where, place_for, room
from app.ui.editor.quick_add import QuickAdd
from app.ui.editor.running import Running
from app.ui.editor.shaping import Shaping
from app.ui.editor.side import Side
from app.ui.editor.since import Since
from app.ui.editor.step_data import StepData
from app.ui.editor.top_bar import TopBar
from app.ui.editor.unsaved import Unsaved
from app.ui.editor.ways import RUN, Way
from app.ui.finding.find import Find
from app.ui.run_panel.in_editor import editor_panel
from app.ui.stage import Stage
from app.ui.tour.tour import Tour
from app.ui.versions.saving import keep_version
from flows.edits import Configure, Edit, Many, Rename
from flows.model import step_at, walk
from nodes.node import Spec

SLOW = 0.3
"""Seconds after which the person is told that an edit is still on its way to the disk."""


class Editor:
    """What one window shows of a flow, and what its gestures do."""

    def __init__(self, studio: Studio, opened: OpenFlow) -> None:
        self.studio = studio
        self.opened = opened
        self.window = secrets.token_hex(4)
        self.selected: list[str] = []
        self.selected_wires: list[str] = []
        self.data = StepData(self)
        self.breakpoints = opened.breakpoints
        self.shaping = Shaping(self)
        self.examples = Examples(self)
        self._starting = False

    def build(self) -> None:
        """Make the elements; `show` fills them."""
        self.bar = TopBar(self)
        with ui.element("div").classes("weft-editor") as room:
            Palette(self.studio.catalog, room, add=self.add)
            with ui.element("div").classes("weft-middle") as middle, ui.element("div").classes("weft-stage"):
                canvas = Canvas(
                    on_gesture=self._gesture, on_select=self._select, on_open=self._open, on_command=self._command
                ).classes("weft-canvas")
                self.stage = Stage(
                    self.studio, canvas, retried=lambda run_id: self.running.follow(run_id), settled=self._settled
                )
                self.marks = Marks(canvas)
                self.company = Company(self, canvas, self.bar)
                self._since = Since(self)
                self.empty = EmptyCanvas(self)
                self.tour = Tour(self, room)
                self._unsaved = Unsaved(self.edit)
                self._find = Find(self.studio, self.stage, lambda: self.opened.flow, self._show_hit)
                self.running = Running(self)
            with middle:
                self.panel = editor_panel(self)
            self.side = Side(self)
        self._search = QuickAdd(self.studio.catalog, add=self._add_where, about=self.examples.about)
        offer({**offers(self), **self._find.offers()})
        self._client = context.client
        self._client.on_delete(self.opened.listen(self._edited))
        self._client.on_delete(self.breakpoints.listen(self._breakpoints_changed))
        context.client.on_delete(self.stage.leave)

    async def show(self) -> None:
        """Draw the flow and the lights of its last run."""
        self.stage.show(self.opened.flow, self.opened.problems, editing=True)
        self.empty.show(self.opened.flow)
        self.bar.refresh()
        self.side.show(self.selected)
        self.marks.show(self.opened.flow, breakpoints=self.breakpoints.paths)
        await self.running.find_last()
        await self.panel.load()
        await self.tour.begin()
        await self.empty.look()
        self._since.soon()

    async def edit(self, edit: Edit | None, *, ticket: str = "", again: bool = False) -> bool:
        """Make an edit; False, with the reason on screen, where it does not fit or cannot be saved."""
        if edit is None:
            return False
        slow = asyncio.get_running_loop().call_later(SLOW, self.bar.saves)
        try:
            await self.opened.edit(edit, by=self.window, ticket=ticket, again=again)
        except StoreTrouble as trouble:
            self._unsaved.show(edit, trouble)
            self.bar.not_saved()
        except (ValueError, KeyError) as error:
            ui.notify(spoken(str(error)), type="negative")
        else:
            self._unsaved.done(edit)
            self.bar.saved()
            if isinstance(edit, Rename):
                self.choose("/".join(filter(None, (edit.path.rpartition("/")[0], edit.id))))
            return True
        finally:
            slow.cancel()
        self.stage.take_back()
        return False

    async def add(self, kind: str, where: Where | None = None) -> None:
        """Place a new step: where it was asked for, or beside or inside what is selected."""
        catalog, flow = self.studio.catalog, self.opened.flow
        if where is None:
            middle = await self.stage.canvas.center() if len(self.selected) != 1 else None
            beside = self.selected[0] if middle is None else ""
            where = place_for(flow, beside, middle or (0.0, 0.0), room(flow, catalog))
        added = new_step(kind, flow, catalog, where.at, where.parent)
        wire = joined(added, where.wire_from, flow, catalog) if where.wire_from else None
        title = msg("add {name}").format(name=added.id)
        if await self.edit(added if wire is None else Many(edits=(added, wire), title=title)):
            self.choose(f"{where.parent}/{added.id}" if where.parent else added.id)

    def choose(self, path: str) -> None:
        """Select a step, as if it had been clicked, and bring it into sight."""
        self.selected, self.selected_wires = [path], []
        self.company.selected(self.selected)
        self.stage.canvas.select([path])
        self.stage.canvas.reveal(path)
        self.side.show(self.selected)

    def show_steps(self, paths: Sequence[str]) -> None:
        """Select these steps and bring them all into sight."""
        self.selected, self.selected_wires = list(paths), []
        self.company.selected(self.selected)
        self.stage.canvas.select(self.selected)
        self.stage.canvas.zoom_selection()
        self.stage.canvas.take_keys(self.selected[0] if self.selected else "")
        self.side.show(self.selected)

    async def go_to(self, path: str, field: str = "") -> None:
        """Select a step and give one of its settings the keyboard."""
        self.choose(path)
        self.side.focus(field)

    async def comment(self, path: str) -> None:
        """Say something about a step."""
        self.choose(path)
        self.side.show_comments(write=True)

    def _show_hit(self, hit: Hit) -> None:
        self.choose(hit.path)
        self.stage.canvas.focus(hit.path)
        if hit.sort == "value":
            self.side.show_result()
        else:
            self.side.show_settings()

    async def remove_selected(self) -> None:
        """Delete what is selected."""
        await self._gesture({"edits": [{"do": "remove", "steps": self.selected, "wires": self.selected_wires}]})

    async def run(self, way: Way = RUN) -> None:
        """Run the flow, in one of the ways there are."""
        if not self._starting:
            self._starting = True
            try:
                with said():
                    await self._settled()
                    await self.running.run(way)
            finally:
                self._starting = False

    async def turn_breakpoints(self, paths: list[str]) -> None:
        """Let the debugger stop before these steps, or no longer."""
        if not paths:
            ui.notify(tr("Choose a step on the canvas first. The debugger stops before it."))
            return
        with said():
            await self.breakpoints.turn(paths)

    def _breakpoints_changed(self) -> None:
        """They were changed in this window or another one, or went along with a step."""
        with self._client:
            self.marks.show(self.opened.flow, breakpoints=self.breakpoints.paths)
            self.running.breakpoints_changed()
            self.side.marked()

    async def _settled(self) -> None:
        await self.bar.finish()
        await self.side.finish()
        await self.opened.settled()

    async def keep(self) -> None:
        """Keep the flow as a version, under a name."""
        await self._settled()
        await keep_version(self.studio, self.opened.flow)
        await self._since.look()

    async def undo(self) -> None:
        """Take the last edit back."""
        with said():
            done = await self.opened.undo(by=self.window)
            undone = tr("Undone: {edit}", edit=spoken(done, edit=True))
            ui.notify(undone if done else tr("There is nothing to undo."))

    async def redo(self) -> None:
        """Do again what was taken back."""
        with said():
            done = await self.opened.redo(by=self.window)
            again = tr("Done again: {edit}", edit=spoken(done, edit=True))
            ui.notify(again if done else tr("There is nothing to do again."))

    def _edited(self, edited: Edited) -> None:
        with self._client:  # Whoever edited may be another window, which may speak another language.
            self._show_edited(edited)

    def _show_edited(self, edited: Edited) -> None:
        self.stage.redraw(edited.after, self.opened.problems)
        self.marks.show(edited.after, breakpoints=self.breakpoints.paths)
        self.empty.show(edited.after)
        self.bar.refresh()
        self.running.flow_edited()
        self.panel.flow_edited()
        known = {path for path, _ in walk(edited.after)}
        later = later_paths(self.selected, edited.before, edited.after)
        selected = [now for path in self.selected if (now := later.get(path, path)) in known]
        if later:
            self.stage.canvas.select(selected)
        self.selected = selected
        self.company.selected(selected)
        self.side.edited(edited, self.selected)
        self.company.heard(edited)
        self._since.soon()

    def _joins(self, where: Where, spec: Spec) -> bool:
        """True where a step of this kind can be wired to the port it is asked for from."""
        end = where.wire_from
        return end is None or fitting_port(end, spec, self.opened.flow, self.studio.catalog) is not None

    async def _add_where(self, kind: str, where: Where) -> None:
        before = self.opened.flow
        await self.add(kind, where)
        if self.opened.flow is not before:
            self.stage.canvas.take_keys(self.selected[0] if self.selected else "")

    async def _gesture(self, gesture: Gesture) -> None:
        ticket = str(gesture.get("ticket") or "")
        try:
            edit = edit_of(gesture["edits"], self.opened.flow, self.studio.catalog)
        except (ValueError, KeyError) as error:
            ui.notify(spoken(str(error)), type="negative")
            self.stage.canvas.took(ticket)
            return
        again, before = bool(gesture.get("again")), self.opened.flow
        made = await self.edit(edit, ticket=ticket, again=again)
        self.stage.canvas.took(ticket)
        if again and self.opened.flow is not before:
            made_now = spoken(self.opened.undoes, edit=True)
            ui.notify(tr("Done now, as it had not arrived before: {edit}", edit=made_now))
        elif made and (added := added_by(edit)) is not None:
            self.choose(f"{added.parent}/{added.id}" if added.parent else added.id)

    def _select(self, selection: Selection) -> None:
        # What was chosen here may have been deleted in another window a moment ago.
        known = {path for path, _ in walk(self.opened.flow)}
        self.selected = [path for path in selection["steps"] if path in known]
        self.selected_wires = selection["wires"]
        self.shaping.selected(selection)
        self.company.selected(self.selected)
        self.side.show(self.selected)

    async def _open(self, opened: Opened) -> None:
        self.side.open(opened["step"])

    async def _command(self, command: Command) -> None:
        if await self.shaping.command(command):
            return
        match command["name"]:
            case "search":
                where = Where.of(command, self.opened.flow, room(self.opened.flow, self.studio.catalog))
                self._search.open(where, lambda spec: self._joins(where, spec))
            case "rename":
                self.side.name()
            case "disable":
                await self._switch()
            case id:
                if (window := here()) is not None:
                    await window.press(id)

    async def _switch(self) -> None:
        flow = self.opened.flow
        edits = tuple(Configure(path=path, disabled=not step_at(flow, path).disabled) for path in self.selected)
        if edits:
            await self.edit(edits[0] if len(edits) == 1 else Many(edits=edits, title=msg("switch off or on")))
