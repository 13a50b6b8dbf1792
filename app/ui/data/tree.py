"""A value as a tree of lines that fold: only what is unfolded is ever counted."""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from dataclasses import dataclass, field

from pydantic import JsonValue as Json

from app.language import tr
from app.ui.data.kinds import kind_of, size_words
from app.ui.data.paths import Part, Path, suffix
from app.ui.data.sheet import Head, Row
from app.ui.shown import line_of

AT_FIRST = 60
"""Lines that are unfolded at first, as far as they go."""

LINE = 240
"""Characters of a line that are sent."""


@dataclass
class _Node:
    """An unfolded list or record; `open` has those of its entries that are unfolded, by their number."""

    value: dict[str, Json] | list[Json]
    path: Path
    around: _Node | None = None
    place: int = 0
    keys: list[str] | None = None
    open: dict[int, _Node] = field(default_factory=dict)
    lines: int = 0
    _starts: tuple[list[int], list[int]] | None = None

    @classmethod
    def of(cls, value: dict[str, Json] | list[Json], path: Path, around: _Node | None = None, place: int = 0) -> _Node:
        keys = list(value) if isinstance(value, dict) else None
        return cls(value, path, around, place, keys, lines=len(value))

    def entry(self, number: int) -> tuple[Part, Json]:
        if self.keys is not None:
            key = self.keys[number]
            return key, self.value[key]  # type: ignore[call-overload]  # keys are those of a record
        return number, self.value[number]  # type: ignore[index]  # and a list has no keys

    def number(self, part: Part) -> int:
        if self.keys is None:
            return int(part)
        return self.keys.index(str(part))

    def starts(self) -> tuple[list[int], list[int]]:
        """The lines of the unfolded entries, counted from the first line inside, and their numbers."""
        if self._starts is None:
            lines: list[int] = []
            numbers = sorted(self.open)
            before = 0
            for number in numbers:
                lines.append(number + before)
                before += self.open[number].lines
            self._starts = lines, numbers
        return self._starts

    def grow(self, by: int) -> None:
        node: _Node | None = self
        while node is not None:
            node.lines += by
            node._starts = None
            node = node.around


class Tree:
    """The lines of a list or a record that are unfolded."""

    kind = "tree"
    note = ""
    heads: tuple[Head, ...] = ()

    def __init__(self, value: dict[str, Json] | list[Json]) -> None:
        self._root = _Node.of(value, ())
        self._unfold_some()

    @property
    def count(self) -> int:
        """Every line that is unfolded."""
        return self._root.lines

    def rows(self, first: int, most: int) -> list[Row]:
        """Of each line: how deep it is, its name, its kind, its text, whether it is unfolded, and its place."""
        return [self._row(*self._at(line)) for line in range(first, min(first + most, self.count))]

    def path(self, row: int, column: int) -> Path:
        """Where the line is in the value."""
        node, number = self._at(row)
        return (*node.path, node.entry(number)[0])

    def find(self, path: Path) -> tuple[int, int]:
        """The line of what is at a path."""
        node, line = self._root, 0
        for depth, part in enumerate(path):
            number = node.number(part)
            _, numbers = node.starts()
            before = bisect_right(numbers, number - 1)
            line += number + sum(node.open[each].lines for each in numbers[:before])
            if depth == len(path) - 1:
                break
            if number not in node.open:
                self._unfold(node, number)
            node = node.open[number]
            line += 1
        return line, -1

    def turn(self, row: int) -> bool:
        """Unfold or fold a line."""
        node, number = self._at(row)
        if number in node.open:
            gone = node.open.pop(number)
            node.grow(-gone.lines)
            return True
        return self._unfold(node, number)

    def _unfold(self, node: _Node, number: int) -> bool:
        key, value = node.entry(number)
        if not isinstance(value, dict | list) or not value:
            return False
        node.open[number] = inner = _Node.of(value, (*node.path, key), node, number)
        node.grow(inner.lines)
        return True

    def _unfold_some(self) -> None:
        left = deque([self._root])
        while left:
            node = left.popleft()
            for number in range(min(len(node.value), AT_FIRST)):
                value = node.entry(number)[1]
                if isinstance(value, dict | list) and value and self.count + len(value) <= AT_FIRST:
                    self._unfold(node, number)
                    left.append(node.open[number])

    def _at(self, line: int) -> tuple[_Node, int]:
        node = self._root
        while True:
            lines, numbers = node.starts()
            found = bisect_right(lines, line) - 1
            if found < 0:
                return node, line
            start, number = lines[found], numbers[found]
            inside = node.open[number]
            if line == start:
                return node, number
            if line <= start + inside.lines:
                node, line = inside, line - start - 1
                continue
            return node, number + (line - start - inside.lines)

    def _row(self, node: _Node, number: int) -> Row:
        key, value = node.entry(number)
        state = 0
        if isinstance(value, dict | list) and value:
            state = 2 if number in node.open else 1
        path = (*node.path, key)
        return [len(node.path), str(key), kind_of(value), _text(value, unfolded=state == 2), state, suffix(path)]


def _text(value: Json, *, unfolded: bool) -> str:
    words = size_words(value)
    if not words:
        return tr("nothing") if value is None else line_of(value, LINE)
    return words if unfolded or not value else f"{words}  {line_of(value, LINE - 20)}"
