"""A dialog in which the data of a step is written by hand; it stays open until what is done with it has worked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from nicegui import ui
from pydantic import JsonValue as Json

from app.language import tr
from app.ui.dialogs import dialog, does
from app.ui.forms.outputs import Outputs, TooLarge
from nodes.ports import Port

Data = dict[str, Json]


@dataclass(frozen=True)
class Use:
    """A button that does something with the data; False leaves the dialog open."""

    label: str
    icon: str
    work: Callable[[Data], Awaitable[bool]]


async def edit_data(
    title: str, text: str, ports: Sequence[Port], values: Mapping[str, Json], uses: Sequence[Use]
) -> None:
    """Let the person change what a step gives; the last of the uses is the one that stands out."""
    with dialog("weft-dialog-wide") as edited:
        ui.label(title).classes("weft-dialog-title")
        ui.label(text).classes("weft-muted")
        with ui.element("div").classes("weft-data-body"):
            try:
                outputs = Outputs(ports, values, touched=partial(_hold, edited))
            except TooLarge as error:
                edited.delete()
                ui.notify(str(error), type="negative")
                return
            if not ports and not values:
                ui.label(tr("This step gives no data.")).classes("weft-muted")
        with ui.element("div").classes("weft-dialog-actions"):
            ui.button(tr("Cancel"), on_click=lambda: edited.submit(False)).classes("weft-button")
            for use in uses:
                button = does(ui.button(use.label, icon=f"sym_r_{use.icon}"), partial(_use, use, outputs, edited))
                button.classes("weft-button weft-primary" if use is uses[-1] else "weft-button")
    await edited


def _hold(edited: ui.dialog) -> None:
    """What was changed is not lost by a click beside the dialog."""
    edited.props("persistent")


async def _use(use: Use, outputs: Outputs, edited: ui.dialog) -> None:
    values = outputs.values()
    if values is not None and await use.work(values):
        edited.submit(True)
