"""The data of a step in the editor: keep what it gave, change that by hand, and let it run again."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

import orjson
from nicegui import ui
from pydantic import JsonValue as Json

from app.engine.ports import ports_of
from app.language import tr
from app.ui.commands.here import with_key
from app.ui.forms.edit_data import Use, edit_data
from app.ui.naming import name_of
from app.ui.words import size
from flows.edits import Pin
from flows.model import Step, step_at

if TYPE_CHECKING:
    from app.ui.editor.editor import Editor

MOST = 1_000_000
"""Bytes of data that a flow keeps for a step."""


class Pinned:
    """Says above the result of a step that its data is pinned, and lets it be changed or run again."""

    def __init__(self, data: StepData, path: str, step: Step) -> None:
        self._data, self._path = data, path
        self._box = ui.element("div")
        self._is_pinned = False
        self.show(step)

    def show(self, step: Step) -> None:
        """Show it, or take it away."""
        if (step.pinned is not None) == self._is_pinned:
            return
        self._is_pinned = not self._is_pinned
        self._box.clear()
        if self._is_pinned:
            with self._box, ui.element("div").classes("weft-notice is-accent weft-stack weft-tight"):
                self._draw()

    def _draw(self) -> None:
        with ui.element("div").classes("weft-row"):
            ui.icon("sym_r_keep")
            ui.label(tr("Pinned")).classes("weft-strong")
        ui.label(tr("This step is not run. In every run it gives the data that is kept for it."))
        with ui.element("div").classes("weft-row"):
            change = ui.button(tr("Change"), icon="sym_r_edit_note", on_click=partial(self._data.edit, self._path))
            change.classes("weft-button")
            unpin = ui.button(tr("Unpin"), icon="sym_r_keep_off", on_click=partial(self._data.unpin, self._path))
            unpin.classes("weft-button")


class StepData:
    """What can be done with what a step gives."""

    def __init__(self, editor: Editor) -> None:
        self._editor = editor

    async def turn_pin(self, path: str) -> None:
        """Keep what the step gave last, so that it is not run; where that is kept, let it run again."""
        if step_at(self._editor.opened.flow, path).pinned is not None:
            await self.unpin(path)
            return
        gave = await self.gave(path)
        if gave is None:
            nothing = tr("There is nothing to pin yet. Run the step first, or write its data by hand")
            ui.notify(f"{with_key(nothing, 'edit_data')}.")
        elif await self.pin(path, gave):
            ui.notify(tr("Pinned: from now on the step is not run, and gives this again."), type="positive")

    async def pin(self, path: str, outputs: Mapping[str, Json]) -> bool:
        """Keep these outputs; False where that is too much, or cannot be saved."""
        if (count := len(orjson.dumps(outputs))) > MOST:
            much = tr(
                "This is too much to keep in the flow: {size}, and {most} is the most. "
                "Pin a later step that makes less of it.",
                size=size(count),
                most=size(MOST),
            )
            ui.notify(much, type="negative", multi_line=True)
            return False
        return await self._editor.edit(Pin(path=path, outputs=outputs))

    async def unpin(self, path: str) -> None:
        """Let the step run again."""
        await self._editor.edit(Pin(path=path, outputs=None))

    async def edit(self, path: str) -> None:
        """Let the person write what the step gives."""
        flow, catalog = self._editor.opened.flow, self._editor.studio.catalog
        step = step_at(flow, path)
        node = catalog.kinds.get(step.kind)
        pinned = step.pinned
        values = pinned if pinned is not None else await self.gave(path) or {}

        async def pin(outputs: dict[str, Json]) -> bool:
            return await self.pin(path, outputs)

        async def go_on(outputs: dict[str, Json]) -> bool:
            place = self._editor.stage.reader.full(path)
            return await self._editor.running.go_on_with(tr("Continue with this data?"), {place: outputs})

        uses = [Use(tr("Save") if pinned is not None else tr("Pin this"), "keep", pin)]
        about = tr("Pinned data is given instead of running the step, in every run, until you unpin it.")
        if self._editor.running.can_go_on:
            goes_on = tr("Continue from here runs what comes after it once, with this data.")
            about = f"{about} {goes_on}"
            uses.insert(0, Use(tr("Continue from here"), "resume", go_on))
        await edit_data(
            tr("What “{name}” gives", name=name_of(flow, path, catalog)),
            about,
            ports_of(node, step).outputs if node is not None else (),
            values,
            uses,
        )

    async def gave(self, path: str) -> dict[str, Json] | None:
        """What the step gave in the run that is shown, in the round that is looked at; None where it gave nothing.

        What a rehearsal shows is made up, and counts as nothing.
        """
        reader = self._editor.stage.reader
        if not reader.run_id or self._editor.running.rehearsed:
            return None
        details = await reader.details(reader.full(path))
        return details.outputs if details.status == "done" else None
