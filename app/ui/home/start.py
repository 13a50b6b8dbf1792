"""Start a flow from wherever its name is shown: review it, ask for its inputs, run it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

import orjson
from nicegui import ui
from pydantic import JsonValue as Json

from app.engine.debug import Debug
from app.engine.plan import Unrunnable
from app.language import spoken, tr
from app.runs.service import NotStarted
from app.studio import Studio
from app.ui.dialogs import dialog
from app.ui.forms.run_inputs import ask_inputs
from app.ui.home.review import review_sheet
from flows.inputs import checked
from flows.model import Flow
from flows.problems import Problem


async def start_run(studio: Studio, flow_id: str) -> str | None:
    """The id of the new run; None where the person thought better of it, or has been told why it cannot run."""
    try:
        return await start_or_refuse(studio, flow_id)
    except (Unrunnable, NotStarted) as error:
        cannot_run(flow_id, (await studio.shelf.open(flow_id)).flow.name, error.problems)
        return None


async def start_or_refuse(
    studio: Studio,
    flow_id: str,
    *,
    rehearse: bool = False,
    debug: Debug | None = None,
) -> str | None:
    """The id of the new run; None where the person thought better of it. Unrunnable or NotStarted where it cannot."""
    if not await accepted(studio, flow_id):
        return None
    flow = (await studio.shelf.open(flow_id)).flow
    last = await studio.runs.stored.last_inputs(flow_id)
    given = await ask_inputs(flow, last, rehearse=rehearse) if flow.inputs else {}
    if given is None:
        return None
    click = secrets.token_hex(8)
    return await studio.runs.start(flow, given, trigger="window", click_id=click, rehearse=rehearse, debug=debug)


async def inputs_again(studio: Studio, flow: Flow) -> dict[str, Json] | None:
    """What the flow was given last, where that still fits; else what the person gives, or None for nothing."""
    last = await studio.runs.stored.last_inputs(flow.id)
    kept: dict[str, Json] = orjson.loads(last) if last else {}
    values, problems = checked(flow.inputs, {name: value for name, value in kept.items() if name in flow.inputs})
    return await ask_inputs(flow, last) if problems else values


async def accepted(studio: Studio, flow_id: str) -> bool:
    """True where a flow may run: it is one's own, or what it touches was accepted, now or before."""
    review = await studio.shelf.to_review(flow_id)
    return review is None or await review_sheet(studio, review)


async def resume_run(studio: Studio, run_id: str) -> bool:
    """Continue a run after its last finished step; False where the person has been told why it cannot go on."""
    try:
        await studio.runs.resume(run_id)
    except (Unrunnable, NotStarted) as error:
        record = await studio.runs.stored.get(run_id)
        cannot_run(record.flow_id, record.flow_name, error.problems)
        return False
    return True


def cannot_run(flow_id: str, name: str, problems: Sequence[Problem]) -> None:
    """Say everything that keeps a flow from running, and where to mend it."""
    with dialog() as told:
        ui.label(tr("“{name}” cannot run yet", name=name)).classes("weft-dialog-title")
        with ui.element("ul").classes("weft-problems"):
            for problem in problems:
                with ui.element("li"):
                    ui.label(spoken(str(problem)))
        with ui.element("div").classes("weft-dialog-actions"):
            ui.button(tr("Close"), on_click=told.close).classes("weft-button")
            opens = ui.button(tr("Open the flow"), on_click=lambda: ui.navigate.to(f"/flow/{flow_id}"))
            opens.classes("weft-button weft-primary").props("autofocus")
    told.open()
