"""What a view of rows shows: it counts them, makes a few of them at a time, and knows where each is in the value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from typing_extensions import TypedDict

from app.ui.data.paths import Path

Row = list[Any]
"""One row as the browser draws it; how, depends on the kind of the sheet."""


class Head(TypedDict):
    """A column of a table: `wide` in characters; `suffix` is what it adds to the expression of a row."""

    name: str
    suffix: str
    wide: int
    number: bool


class Sheet(Protocol):
    """A `tree` (also of a shape), a `table` or `text`."""

    @property
    def kind(self) -> str: ...

    @property
    def count(self) -> int: ...

    @property
    def heads(self) -> Sequence[Head]: ...

    @property
    def note(self) -> str:
        """What it leaves out, in a sentence; empty where nothing."""
        ...

    def rows(self, first: int, most: int) -> list[Row]:
        """Some of the rows."""
        ...

    def path(self, row: int, column: int) -> Path:
        """Where in the value this row, or this cell of it, is."""
        ...

    def find(self, path: Path) -> tuple[int, int]:
        """The row and the column that show what is at a path; what is folded around it is unfolded."""
        ...

    def turn(self, row: int) -> bool:
        """Unfold or fold a row; False where it is not one that can."""
        ...
