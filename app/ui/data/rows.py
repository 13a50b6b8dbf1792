"""The element that draws the rows of a sheet, those in sight only."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import count
from typing import Any

from nicegui import ui
from nicegui.events import GenericEventArguments

from app.ui.data.sheet import Sheet

PIECE = 60
"""Rows that are sent at a time."""

_versions = count(1)


class Rows(ui.element, component="weft_rows.js"):
    """Draws one sheet; `show` another, or the same one after it was folded.

    `chosen(row, column)` hears where the keyboard or the mouse is, `acted(name, row, column)` what is asked for there,
    `widened(characters)` how long a line of text may be.
    """

    def __init__(
        self,
        label: str,
        *,
        chosen: Callable[[int, int], None],
        acted: Callable[[str, int, int], Any],
        widened: Callable[[int], None],
    ) -> None:
        super().__init__()
        self._sheet: Sheet | None = None
        self._version = 0
        self._chosen, self._acted, self._widened = chosen, acted, widened
        self.props["aria-label"] = label
        self.on("want", self._want)
        self.on("current", self._current)
        self.on("act", self._act)
        self.on("wide", lambda event: self._widened(int(event.args)))

    def show(
        self, sheet: Sheet, root: str, *, mark: str = "", at: tuple[int, int] | None = None, keys: bool = False
    ) -> None:
        """Show a sheet of what `root` reads; `mark` is lit wherever it stands, `at` brought into sight.

        With `keys` the rows have the keyboard then.
        """
        self._sheet, self._version = sheet, next(_versions)
        first = 0 if at is None else max(0, at[0] // PIECE * PIECE)
        spec = {
            "sheet": id(sheet),
            "version": self._version,
            "kind": sheet.kind,
            "count": sheet.count,
            "heads": list(sheet.heads),
            "root": root,
            "mark": mark,
            "at": at,
            "keys": keys,
            "first": first,
            "rows": sheet.rows(first, PIECE),
        }
        # As text: it is compared and sent as it is, and not watched part by part.
        self.props["spec"] = json.dumps(spec, ensure_ascii=False)

    def _want(self, event: GenericEventArguments) -> None:
        asked = event.args
        if self._sheet is not None and asked["version"] == self._version:
            first = max(0, int(asked["first"]))
            self.run_method("take", self._version, first, self._sheet.rows(first, PIECE))

    def _current(self, event: GenericEventArguments) -> None:
        if self._is_now(event):
            self._chosen(int(event.args["row"]), int(event.args["column"]))

    def _act(self, event: GenericEventArguments) -> Any:
        if self._is_now(event):
            return self._acted(str(event.args["name"]), int(event.args["row"]), int(event.args["column"]))
        return None

    def _is_now(self, event: GenericEventArguments) -> bool:
        """True where what was meant is still what is shown."""
        is_now: bool = event.args["version"] == self._version
        return is_now and self._sheet is not None and -1 <= int(event.args["row"]) < self._sheet.count
