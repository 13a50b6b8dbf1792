"""Ask what the new flow is called, make it, and put it in the place of the chosen steps."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Sequence

from nicegui import ui

from app.desk.subflow import subflow
from app.language import msg, spoken, tr
from app.studio import Studio
from app.ui.dialogs import ask_text
from app.ui.naming import name_of
from flows.apply import EditRefused
from flows.edits import Edit
from flows.model import Flow
from flows.shapes import frame_of


async def turn_into_subflow(
    studio: Studio, flow: Flow, paths: Sequence[str], edit: Callable[[Edit], Awaitable[bool]]
) -> str:
    """The path of the step that runs the new flow; empty where it was thought better of, or cannot be."""
    try:
        # Asked only for what can be done.
        await asyncio.to_thread(subflow, flow, paths, "x", "x", studio.catalog)
    except EditRefused as refused:
        ui.notify(spoken(str(refused)), type="warning", multi_line=True, timeout=12_000)
        return ""
    name = await ask_text(
        tr("Turn into a sub-flow"), tr("Name of the new flow"), _wish(studio, flow, paths), tr("Make the flow")
    )
    if not name:
        return ""
    made = await asyncio.to_thread(subflow, flow, paths, name, str(uuid.uuid4()), studio.catalog)
    await studio.shelf.split_off(made.flow, flow)
    if not await edit(made.edit):
        await studio.shelf.delete(made.flow.id)
        return ""
    told = msg("“{name}” is a flow of its own now. Undo puts its steps back here, and leaves it among your flows.")
    ui.notify(tr(told, name=name))
    return made.path


def _wish(studio: Studio, flow: Flow, paths: Sequence[str]) -> str:
    frames = {frame_of(flow, path) for path in paths}
    if len(frames) == 1 and (frame := frames.pop()):
        return flow.frames[frame].title
    return name_of(flow, paths[0], studio.catalog) if len(paths) == 1 else tr("Part of {name}", name=flow.name)
