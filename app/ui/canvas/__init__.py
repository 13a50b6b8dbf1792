"""The canvas component and the shapes it speaks."""

from app.ui.canvas.element import Canvas
from app.ui.canvas.shapes import (
    Command,
    FlowShape,
    Gesture,
    KindShape,
    LightShape,
    Opened,
    PatchShape,
    PortEnd,
    PortShape,
    RoundsShape,
    Selection,
    Status,
    StepShape,
    Viewport,
    WireShape,
    colour_of,
)

__all__ = [
    "Canvas",
    "Command",
    "FlowShape",
    "Gesture",
    "KindShape",
    "LightShape",
    "Opened",
    "PatchShape",
    "PortEnd",
    "PortShape",
    "RoundsShape",
    "Selection",
    "Status",
    "StepShape",
    "Viewport",
    "WireShape",
    "colour_of",
]
