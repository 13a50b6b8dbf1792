"""A list as a table: a row for each item, a column for each field."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from pydantic import JsonValue as Json

from app.language import tr
from app.language.speaking import grouped
from app.ui.data.paths import Part, Path, suffix
from app.ui.data.sheet import Head, Row
from app.ui.shown import line_of

COLUMNS = 60
CELL = 240
"""Characters of a cell that are sent."""

SAMPLE = 600
"""Items that are asked which fields they have: the first ones, and as many spread over the rest."""


class Table:
    """The rows of a list. Nothing of it is copied."""

    kind = "table"

    def __init__(self, items: Sequence[Json]) -> None:
        self._items = items
        fields = list(_fields(items))
        self._fields: list[Part | None] = [*fields[:COLUMNS]]
        left = len(fields) - COLUMNS
        self.note = tr("{count} more columns are in the JSON view.", count=grouped(left)) if left > 0 else ""
        if not fields:
            self._fields = [None]
        self.heads = [self._head(field) for field in self._fields]

    @property
    def count(self) -> int:
        """A row for each item."""
        return len(self._items)

    def rows(self, first: int, most: int) -> list[Row]:
        """The number of each row and its cells; None is nothing, an empty text a field that is not there."""
        return [
            [index, [self._cell(item, field) for field in self._fields], suffix((index,))]
            for index, item in enumerate(self._items[first : first + most], first)
        ]

    def path(self, row: int, column: int) -> Path:
        """The item, or one field of it; a column below 0 is the whole item."""
        field = self._fields[column] if 0 <= column < len(self._fields) else None
        return (row,) if field is None else (row, field)

    def find(self, path: Path) -> tuple[int, int]:
        """The row of the item and the column of its field."""
        row = path[0] if path and isinstance(path[0], int) else 0
        field = path[1] if len(path) > 1 else None
        return row, self._fields.index(field) if field in self._fields else -1

    def turn(self, row: int) -> bool:
        """Rows of a table do not unfold."""
        return False

    def _cell(self, item: Json, field: Part | None) -> str | None:
        found = _read(item, field)
        if not found and field == self._fields[0] and not isinstance(item, dict | list):
            found = (item,)
        if not found:
            return ""
        return None if found[0] is None else line_of(found[0], CELL)

    def _head(self, field: Part | None) -> Head:
        name = tr("Value") if field is None else str(field)
        values = [value for item in islice(self._items, 60) for value in _read(item, field)]
        longest = max((len(line_of(value, CELL)) for value in values), default=0)
        numbers = [isinstance(each, int | float) and not isinstance(each, bool) for each in values if each is not None]
        wide = min(max(longest, len(name)) + 4, 44)
        added = "" if field is None else suffix((field,))
        return {"name": name, "suffix": added, "wide": max(wide, 8), "number": bool(numbers) and all(numbers)}


def _fields(items: Sequence[Json]) -> dict[Part, None]:
    found: dict[Part, None] = {}
    for item in _spread(items):
        if isinstance(item, dict):
            found.update(dict.fromkeys(item))
        elif isinstance(item, list):
            found.update(dict.fromkeys(range(min(len(item), COLUMNS))))
    return found


def _spread(items: Sequence[Json]) -> Iterator[Json]:
    yield from islice(items, SAMPLE)
    if len(items) > SAMPLE:
        yield from items[SAMPLE :: max(1, (len(items) - SAMPLE) // SAMPLE)]


def _read(item: Json, field: Part | None) -> tuple[Json, ...]:
    """What an item has in a field; nothing where it has none. Without a field it is the item itself."""
    match item:
        case _ if field is None:
            return (item,)
        case dict() if isinstance(field, str) and field in item:
            return (item[field],)
        case list() if isinstance(field, int) and field < len(item):
            return (item[field],)
        case _:
            return ()
