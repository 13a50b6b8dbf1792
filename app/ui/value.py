"""One value of a run on the screen, with a button to copy it."""

from __future__ import annotations

from pydantic import JsonValue as Json

from app.ui.data.view import DataView


def show_value(label: str, value: Json) -> None:
    """A labelled value in the view that fits it best."""
    DataView(label, value)
