"""The bar that puts several selected steps in order."""

from __future__ import annotations

from functools import partial

from nicegui import ui

from app.ui.canvas import Arrangement, Canvas

TIDY: tuple[Arrangement, str, str, str] = ("tidy", "auto_awesome_mosaic", "Tidy", "Alt+Shift+T")
ALIGN: tuple[tuple[Arrangement, str, str, str], ...] = (
    ("left", "align_horizontal_left", "Align left", "Alt+A"),
    ("centre", "align_horizontal_center", "Align centre", "Alt+H"),
    ("right", "align_horizontal_right", "Align right", "Alt+D"),
    ("top", "align_vertical_top", "Align top", "Alt+W"),
    ("middle", "align_vertical_center", "Align middle", "Alt+V"),
    ("bottom", "align_vertical_bottom", "Align bottom", "Alt+S"),
)
SPREAD: tuple[tuple[Arrangement, str, str, str], ...] = (
    ("horizontally", "horizontal_distribute", "Distribute horizontally", "Alt+Shift+H"),
    ("vertically", "vertical_distribute", "Distribute vertically", "Alt+Shift+V"),
)
"""For each: what the canvas is asked for, its sign, its name and its key."""


def arrange_bar(canvas: Canvas, count: int) -> None:
    """Buttons to tidy, align and, from three steps on, distribute what is selected."""
    with ui.element("div").classes("weft-row weft-wrap").props('role="toolbar" aria-label="Arrange"'):
        for how, icon, name, key in (TIDY, *ALIGN, *(SPREAD if count > 2 else ())):
            button = ui.button(icon=f"sym_r_{icon}", on_click=partial(canvas.arrange, how))
            button.classes("weft-icon-button").props(f'flat aria-label="{name}"').tooltip(f"{name} ({key})")
