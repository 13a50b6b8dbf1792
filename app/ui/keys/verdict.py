"""What a test said: a sentence with a sign before it, and a turning sign while it is on its way."""

from __future__ import annotations

from nicegui import ui

from app.language import spoken, tr
from app.ui.keys.testing import Tried


class Verdict:
    """Nothing to see until something is tested."""

    def __init__(self) -> None:
        self._box = ui.element("div").classes("weft-verdict").props('role="status" aria-live="polite"')
        with self._box:
            self._turning = ui.spinner(size="16px")
            self._icon = ui.icon("sym_r_check_circle")
            self._text = ui.label("").classes("weft-anywhere")
        self._box.set_visibility(False)

    def testing(self, name: str) -> None:
        """Say that the answer is on its way."""
        self._show(tr("Asking {name} …", name=name), "", turning=True)

    def show(self, tried: Tried) -> None:
        """Say how it went."""
        self._icon.name = "sym_r_check_circle" if tried.works else "sym_r_error"
        self._show(spoken(tried.sentence), "is-done" if tried.works else "is-failed", turning=False)

    def hide(self) -> None:
        """What was tested is not what is there now."""
        self._box.set_visibility(False)

    def _show(self, text: str, tone: str, *, turning: bool) -> None:
        self._box.set_visibility(True)
        self._box.classes(remove="is-done is-failed", add=tone)
        self._turning.set_visibility(turning)
        self._icon.set_visibility(not turning)
        self._text.set_text(text)
