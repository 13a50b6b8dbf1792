"""An editor for code: highlighted, with line numbers, and with the line marked in which something is wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from nicegui import ui

from app.ui.forms.mistakes import Mistake


class CodeField(ui.element, component="code_field.js"):
    """`typed` hears the whole text after every key. Tab indents; Esc and then Tab leaves it."""

    def __init__(
        self, value: str, language: Literal["Python", "JSON"], label: str, typed: Callable[[str], None]
    ) -> None:
        super().__init__()
        self._props["label"] = label
        indent = "    " if language == "Python" else "  "
        with self:
            # The editor's program is fetched by the browser when the first of them is shown.
            self._editor = ui.codemirror(value, language=language, theme="githubLight", indent=indent)
        self._editor.on_value_change(lambda e: typed(str(e.value or "")))
        self._props["editor"] = self._editor.id

    def show(self, value: str) -> None:
        """Put another text in."""
        self._editor.value = value

    def focus(self) -> None:
        """Give it the keyboard."""
        self.run_method("focus")

    def tell(self, mistake: Mistake | None) -> None:
        """Mark the line of what is wrong, and say what is only odd; None takes both away."""
        self._props["line"] = mistake.line if mistake is not None else 0
        self._props["wrong"] = mistake is not None and mistake.is_wrong
        self._props["said"] = mistake.message if mistake is not None and not mistake.is_wrong else ""
