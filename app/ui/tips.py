"""Tooltips of what is drawn out of sight, as in a tab that is not shown."""

from __future__ import annotations

from typing import TypeVar

from nicegui import ui

E = TypeVar("E", bound=ui.element)


def tip(element: E, text: str) -> E:
    """Give an element a tooltip. It stands inside it: one beside it is lost where neither is on the page yet."""
    with element:
        ui.tooltip(text)
    return element
