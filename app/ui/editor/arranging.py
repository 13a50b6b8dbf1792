"""The bar that puts several selected steps in order."""

from __future__ import annotations

from functools import partial

from nicegui import ui

from app.ui.canvas import Arrangement, Canvas
from app.ui.commands.here import key_tip

TIDY: tuple[Arrangement, str, str, str] = ("tidy", "auto_awesome_mosaic", "Tidy", "tidy")
ALIGN: tuple[tuple[Arrangement, str, str, str], ...] = (
    ("left", "align_horizontal_left", "Align left", "align.left"),
    ("centre", "align_horizontal_center", "Align centre", "align.centre"),
    ("right", "align_horizontal_right", "Align right", "align.right"),
    ("top", "align_vertical_top", "Align top", "align.top"),
    ("middle", "align_vertical_center", "Align middle", "align.middle"),
    ("bottom", "align_vertical_bottom", "Align bottom", "align.bottom"),
)
SPREAD: tuple[tuple[Arrangement, str, str, str], ...] = (
    ("horizontally", "horizontal_distribute", "Distribute horizontally", "distribute.horizontally"),
    ("vertically", "vertical_distribute", "Distribute vertically", "distribute.vertically"),
)
"""For each: what the canvas is asked for, its sign, its name and its command."""


def arrange_bar(canvas: Canvas, count: int) -> None:
    """Buttons to tidy, align and, from three steps on, distribute what is selected."""
    with ui.element("div").classes("weft-row weft-wrap").props('role="toolbar" aria-label="Arrange"'):
        for how, icon, name, command in (TIDY, *ALIGN, *(SPREAD if count > 2 else ())):
            button = ui.button(icon=f"sym_r_{icon}", on_click=partial(canvas.arrange, how))
            button.classes("weft-icon-button").props(f'flat aria-label="{name}"')
            key_tip(button, name, command)
