"""The bar that puts several selected steps in order."""

from __future__ import annotations

from functools import partial

from nicegui import ui

from app.language import msg, tr
from app.ui.canvas import Arrangement, Canvas
from app.ui.commands.here import key_tip

TIDY: tuple[Arrangement, str, str, str] = ("tidy", "auto_awesome_mosaic", msg("Tidy"), "tidy")
ALIGN: tuple[tuple[Arrangement, str, str, str], ...] = (
    ("left", "align_horizontal_left", msg("Align left"), "align.left"),
    ("centre", "align_horizontal_center", msg("Align centre"), "align.centre"),
    ("right", "align_horizontal_right", msg("Align right"), "align.right"),
    ("top", "align_vertical_top", msg("Align top"), "align.top"),
    ("middle", "align_vertical_center", msg("Align middle"), "align.middle"),
    ("bottom", "align_vertical_bottom", msg("Align bottom"), "align.bottom"),
)
SPREAD: tuple[tuple[Arrangement, str, str, str], ...] = (
    ("horizontally", "horizontal_distribute", msg("Distribute horizontally"), "distribute.horizontally"),
    ("vertically", "vertical_distribute", msg("Distribute vertically"), "distribute.vertically"),
)
"""For each: what the canvas is asked for, its sign, its name and its command."""


def arrange_bar(canvas: Canvas, count: int) -> None:
    """Buttons to tidy, align and, from three steps on, distribute what is selected."""
    with ui.element("div").classes("weft-row weft-wrap").props(f'role="toolbar" aria-label="{tr("Arrange")}"'):
        for how, icon, name, command in (TIDY, *ALIGN, *(SPREAD if count > 2 else ())):
            button = ui.button(icon=f"sym_r_{icon}", on_click=partial(canvas.arrange, how))
            button.classes("weft-icon-button").props(f'flat aria-label="{tr(name)}"')
            key_tip(button, tr(name), command)
