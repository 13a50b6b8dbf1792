"""The shape of a value: which fields there are, of which kinds, how often, and an example of each."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from pydantic import JsonValue as Json

from app.language import tr
from app.language.speaking import grouped
from app.ui.called import either, kind_words
from app.ui.data.kinds import kind_of
from app.ui.data.paths import Path, suffix
from app.ui.data.sheet import Head, Row
from app.ui.shown import line_of

ITEMS = 400
"""Items of each list that are looked at."""

LOOKS = 12_000
"""Values that are looked at altogether."""

DEEPEST, FIELDS = 8, 300
EXAMPLE = 60


@dataclass
class _Shape:
    name: str
    path: Path
    kinds: Counter[str] = field(default_factory=Counter)
    example: str = ""
    longest: int = 0
    fields: dict[str, _Shape] = field(default_factory=dict)
    items: _Shape | None = None
    is_item: bool = False
    """It stands for each item of a list."""


class Schema:
    """A line for each field that was found, the items of a list as one."""

    kind = "tree"
    heads: tuple[Head, ...] = ()

    def __init__(self, value: Json) -> None:
        self._left = LOOKS
        self._is_whole = True
        shape = _Shape("", ())
        self._look(value, shape, 0)
        partly = tr("Made from a part of the data: there is more of it than is looked at.")
        self.note = "" if self._is_whole else partly
        self._lines: list[tuple[int, _Shape, int]] = []
        if shape.items is not None:
            self._lines.append((0, shape.items, shape.kinds["list"]))
            self._list(shape.items, 1)
        else:
            self._list(shape, 0)

    @property
    def count(self) -> int:
        """A line for each field."""
        return len(self._lines)

    def rows(self, first: int, most: int) -> list[Row]:
        """As the lines of a tree."""
        return [self._row(*line) for line in self._lines[first : first + most]]

    def path(self, row: int, column: int) -> Path:
        """Where the first one of its kind is."""
        return self._lines[row][1].path

    def find(self, path: Path) -> tuple[int, int]:
        """The line of the field, whatever item it is in."""
        wanted = tuple(0 if isinstance(part, int) else part for part in path)
        return next((at for at, (_, shape, _) in enumerate(self._lines) if shape.path == wanted), 0), -1

    def turn(self, row: int) -> bool:
        """Everything is unfolded."""
        return False

    def _look(self, value: Json, shape: _Shape, depth: int) -> None:
        self._left -= 1
        shape.kinds[kind_of(value)] += 1
        match value:
            case dict():
                if depth >= DEEPEST or len(value) > FIELDS:
                    self._is_whole = False
                for name, each in list(value.items())[:FIELDS] if depth < DEEPEST else ():
                    inner = shape.fields.setdefault(name, _Shape(name, (*shape.path, name)))
                    if self._left > 0:
                        self._look(each, inner, depth + 1)
                    else:
                        self._is_whole = False
            case list():
                shape.longest = max(shape.longest, len(value))
                if value and depth < DEEPEST:
                    shape.items = shape.items or _Shape("", (*shape.path, 0), is_item=True)
                    if len(value) > ITEMS:
                        self._is_whole = False
                    for each in value[:ITEMS]:
                        if self._left <= 0:
                            self._is_whole = False
                            break
                        self._look(each, shape.items, depth + 1)
            case None:
                pass
            case _:
                shape.example = shape.example or line_of(value, EXAMPLE)

    def _list(self, shape: _Shape, depth: int) -> None:
        many = shape.kinds["record"] + shape.kinds["file"]
        for inner in shape.fields.values():
            self._lines.append((depth, inner, many))
            self._list(inner, depth + 1)
        if shape.items is not None:
            self._lines.append((depth, shape.items, 0))
            self._list(shape.items, depth + 1)

    def _row(self, depth: int, shape: _Shape, around: int) -> Row:
        named = [name for name in shape.kinds if name != "nothing"]
        said = [either([kind_words(name) for name in named]) or tr("nothing")]
        if shape.longest:
            said.append(tr("up to {count} items", count=grouped(shape.longest)))
        there = sum(shape.kinds.values())
        if around and there < around and not shape.is_item:
            said.append(tr("in {count} of {all}", count=grouped(there), all=grouped(around)))
        if shape.kinds["nothing"] and named:
            said.append(tr("may be nothing"))
        if shape.example:
            said.append(tr("such as {example}", example=shape.example))
        name = tr("each item") if shape.is_item else shape.name
        return [depth, name, named[0] if len(named) == 1 else "any", ", ".join(said), 0, suffix(shape.path)]
