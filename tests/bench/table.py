"""What a measurement is, and how a table of them is printed."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement beside its floor, the least that was possible in the same run."""

    what: str
    value: str
    floor: str
    ratio: str
    aim: str


def print_table(rows: Sequence[Row]) -> None:
    """Write the rows as one table."""
    print(as_table(rows))


def as_table(rows: Sequence[Row]) -> str:
    """The rows as lines of equally wide columns, the first to the left and the others to the right."""
    heads = tuple(field.name for field in fields(Row))
    lines = [heads, *(astuple(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heads))]
    written = [_line(line, widths) for line in lines]
    return "\n".join((written[0], "  ".join("-" * width for width in widths), *written[1:]))


def _line(cells: tuple[str, ...], widths: list[int]) -> str:
    first, *others = zip(cells, widths, strict=True)
    return "  ".join((first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others))).rstrip()
