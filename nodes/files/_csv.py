"""Rows from CSV text and back, with the numbers that people mean and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence

from nodes import Json, NodeError
from nodes.numbers import number_in, numbers_in

MOST_COLUMNS = 2_000
SEPARATORS = (",", ";", "\t", "|")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def rows_of(text: str, name: str) -> list[dict[str, Json]]:
    """A record for each line after the first, which names the columns. A column of numbers becomes numbers."""
    lines = lines_of(text, name)
    if not lines:
        return []
    heads, *body = lines
    width = max(map(len, lines))
    names = unlike([*heads, *[""] * (width - len(heads))])
    columns = list(zip(*([*line, *[""] * (width - len(line))] for line in body), strict=True))
    values = [numbers_in(column) or column for column in columns]
    return [dict(zip(names, row, strict=True)) for row in zip(*values, strict=True)]


def columns_in(text: str) -> list[str]:
    """The columns that the first line of CSV text names."""
    first = lines_of(text[:100_000].split("\n", 1)[0], "The file")
    return unlike(first[0]) if first else []


def lines_of(text: str, name: str) -> list[list[str]]:
    """The cells of each line that has any. NodeError with the line where the text is not CSV."""
    lines: list[list[str]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator_of(text))
    try:
        for line in reader:
            if len(line) > MOST_COLUMNS:
                raise NodeError(
                    f"Line {reader.line_num} of {name} has {len(line):,} columns; {MOST_COLUMNS:,} is most."
                )
            if any(line):
                lines.append(line)
    except csv.Error as error:
        raise NodeError(
            f"Line {reader.line_num} of {name} is not CSV: {error}.", hint="Look for a quotation mark that never ends."
        ) from error
    return lines


def separator_of(text: str) -> str:
    """What stands between the cells of the first line, outside quotation marks."""
    first = "".join(text.lstrip().split("\n", 1)[0].split('"')[::2])
    return max(SEPARATORS, key=first.count)


def unlike(names: Sequence[str]) -> list[str]:
    """The names, each once; empty ones are `column 3`, twins are numbered."""
    found: dict[str, None] = {}
    for place, name in enumerate(names, 1):
        base = name.strip() or f"column {place}"
        unique, twin = base, 2
        while unique in found:
            unique, twin = f"{base} {twin}", twin + 1
        found[unique] = None
    return list(found)


def text_of(rows: Sequence[Json], under: Sequence[str] = ()) -> str:
    """CSV text of records: without a first line where it goes `under` columns that are there, with one otherwise."""
    records = records_of(rows)
    columns = list(under) or columns_of(records)
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    if not under:
        writer.writerow([cell(column) for column in columns])
    writer.writerows([cell(record.get(column)) for column in columns] for record in records)
    return out.getvalue()


def records_of(rows: Sequence[Json]) -> list[dict[str, Json]]:
    """The rows as records; a plain value is a record of one field."""
    return [row if isinstance(row, dict) else {"value": row} for row in rows]


def columns_of(records: Sequence[Mapping[str, Json]]) -> list[str]:
    """Every column that any of the records has, in order of appearance."""
    return list(dict.fromkeys(column for record in records for column in record))


def cell(value: Json) -> str:
    """A value as a cell. Text that a spreadsheet would take for a formula gets an apostrophe in front."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case str():
            return f"'{value}" if value.startswith(FORMULA) and number_in(value) is None else value
        case _:
            return json.dumps(value, ensure_ascii=False)
