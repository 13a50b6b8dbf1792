"""A long text as lines of one length, so that any part of it is drawn at once."""

from __future__ import annotations

from bisect import bisect_right

from app.ui.data.paths import Path
from app.ui.data.sheet import Head, Row

WIDE = 96
"""Characters of a line, until the window says how many fit."""


class Text:
    """Lines, broken at spaces where there are any."""

    kind = "text"
    note = ""
    heads: tuple[Head, ...] = ()

    def __init__(self, text: str, wide: int = WIDE) -> None:
        self._text = text
        self._numbers: list[int] = []
        self._starts: list[int] = []
        """Where each line begins."""
        start = 0
        for number, line in enumerate(text.split("\n"), 1):
            self._break(line.rstrip("\r"), start, number, wide)
            start += len(line) + 1

    @property
    def count(self) -> int:
        """Lines as they are broken."""
        return len(self._starts)

    def rows(self, first: int, most: int) -> list[Row]:
        """The number of each line, 0 where it goes on with the one before, and its text."""
        rows: list[Row] = []
        for line in range(first, min(first + most, self.count)):
            end = self._starts[line + 1] if line + 1 < self.count else len(self._text)
            rows.append([self._numbers[line], self._text[self._starts[line] : end].rstrip("\r\n")])
        return rows

    def path(self, row: int, column: int) -> Path:
        """A line is read as the whole text: expressions know no lines."""
        return ()

    def find(self, path: Path) -> tuple[int, int]:
        """The line that holds the character at this number."""
        at = path[0] if path and isinstance(path[0], int) else 0
        return max(0, bisect_right(self._starts, at) - 1), -1

    def turn(self, row: int) -> bool:
        """Lines do not unfold."""
        return False

    def _break(self, line: str, start: int, number: int, wide: int) -> None:
        at = 0
        while True:
            self._starts.append(start + at)
            self._numbers.append(number if at == 0 else 0)
            if len(line) - at <= wide:
                return
            space = line.rfind(" ", at + wide // 2, at + wide)
            at = space + 1 if space > 0 else at + wide
