"""Light, dark, or as the system has it, for one window."""

from __future__ import annotations

from nicegui import ui


class Look(ui.element, component="look.js"):
    """True is dark, False light, None as the system has it.

    NiceGUI's own `ui.dark_mode` sets it again with every update of the page, whatever the update is about: the browser
    then works out all styles anew, which takes 9 ms in a flow of 1,000 steps.
    """

    def __init__(self, dark: bool | None) -> None:
        super().__init__()
        self.turn(dark)

    def turn(self, dark: bool | None) -> None:
        self.props["value"] = dark
