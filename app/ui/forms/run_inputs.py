"""The form that asks for a flow's inputs before it runs, filled in with what was given last."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from nicegui import ui
from pydantic import JsonValue as Json

from app.language import spoken, tr
from app.ui.dialogs import dialog
from flows.inputs import checked
from flows.model import Flow, Input


async def ask_inputs(flow: Flow, last: str | None, *, rehearse: bool = False) -> dict[str, Json] | None:
    """What the person gave for the flow's inputs; None where they thought better of it. `last` is JSON."""
    before: Mapping[str, Json] = orjson.loads(last) if last else {}
    fields: dict[str, Any] = {}
    errors: dict[str, ui.label] = {}

    def run() -> None:
        given = {name: typed(flow.inputs[name], field.value) for name, field in fields.items()}
        values, problems = checked(flow.inputs, given)
        wrong = {problem.field: spoken(problem.message) for problem in problems}
        for name, error in errors.items():
            error.set_visibility(name in wrong)
            error.set_text(wrong.get(name, ""))
        if wrong:
            fields[next(iter(wrong))].run_method("focus")
        else:
            asked.submit(values)

    with dialog() as asked:
        title = tr("Rehearse {flow}", flow=flow.name) if rehearse else tr("Run {flow}", flow=flow.name)
        ui.label(title).classes("weft-dialog-title")
        with ui.element("form").classes("weft-form").on("submit.prevent", run):
            for name, declared in flow.inputs.items():
                with ui.element("div").classes("weft-field"):
                    if declared.type != "boolean":
                        ui.label(declared.label or name).classes("weft-label")
                    value = before.get(name, declared.default)
                    fields[name] = _field(declared, declared.label or name, value)
                    if declared.help:
                        ui.label(declared.help).classes("weft-hint")
                    errors[name] = ui.label("").classes("weft-error weft-small").props("role=alert")
                    errors[name].set_visibility(False)
            with ui.element("div").classes("weft-dialog-actions"):
                ui.button(tr("Cancel"), on_click=lambda: asked.submit(None)).classes("weft-button").props("type=button")
                action = tr("Rehearse") if rehearse else tr("Run")
                ui.button(action, icon="sym_r_play_arrow").classes("weft-button weft-run").props("type=submit")
        first = next(iter(fields.values()), None)
        if first is not None:
            first.props("autofocus")
    given: dict[str, Json] | None = await asked
    return given


def _field(declared: Input, label: str, value: Json) -> Any:
    match declared.type:
        case "boolean":
            return ui.switch(label, value=bool(value))
        case "choice":
            chosen = ui.select(list(declared.choices), value=value if value in declared.choices else None)
            chosen.props["aria-label"] = label
            return chosen.props("dense outlined")
        case "data":
            field: ui.textarea | ui.input = ui.textarea(value=_as_json(value)).props("autogrow").classes("weft-mono")
        case "long_text":
            field = ui.textarea(value=_text(value)).props("autogrow")
        case "date":
            field = ui.input(value=_text(value)).props("type=date")
        case _:
            field = ui.input(value=_text(value))
    field.props["aria-label"] = label
    return field.props("dense outlined")


def typed(declared: Input, value: Json) -> Json:
    """What was typed, as the input takes it: data is written as JSON, and is text where it is none."""
    if declared.type != "data" or not isinstance(value, str):
        return value
    try:
        read: Json = orjson.loads(value)
    except orjson.JSONDecodeError:
        return value
    return read


def _as_json(value: Json) -> str:
    return (
        _text(value)
        if value is None or isinstance(value, str)
        else orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
    )


def _text(value: Json) -> str:
    return (
        ""
        if value is None
        else value
        if isinstance(value, str)
        else f"{value:g}"
        if isinstance(value, float)
        else str(value)
    )
