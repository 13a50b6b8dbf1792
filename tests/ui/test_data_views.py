"""Values as tables, trees, text and shapes: a few rows at a time, and each with the expression that reads it."""

from __future__ import annotations

import random
from typing import Any

import pytest

from app.ui.data.kinds import picture_in, views_for
from app.ui.data.paths import Path, dig, expression
from app.ui.data.schema import Schema
from app.ui.data.searching import PIECE, places
from app.ui.data.sheet import Sheet
from app.ui.data.table import Table
from app.ui.data.text import Text
from app.ui.data.tree import Tree
from flows.expressions import parse

MUGS: list[Any] = [
    {"name": "Moon mug", "price": 24.5, "tags": ["new", "blue"]},
    {"name": "Plum cup", "price": 14, "stock": {"here": 2, "on its way": 5}},
    {"name": "", "price": None},
]
PICTURE: dict[str, Any] = {"name": "shop.png", "sha256": "a" * 64, "size": 9, "media_type": "image/png"}


def test_only_views_that_fit_a_value_are_offered() -> None:
    values: list[Any] = [MUGS, {"a": 1}, "short", "long " * 200, [1, 2], PICTURE, [PICTURE], 5, [], None]
    assert [views_for(value) for value in values] == [
        ("table", "tree", "schema"),
        ("tree", "schema"),
        (),
        ("text",),
        ("tree", "table", "schema"),
        ("pictures", "tree"),
        ("pictures", "table", "tree", "schema"),
        (),
        (),
        (),
    ]


def test_a_table_has_a_column_for_each_field_and_tells_nothing_from_missing() -> None:
    table = Table(MUGS)
    assert [(head["name"], head["suffix"], head["number"]) for head in table.heads] == [
        ("name", ".name", False),
        ("price", ".price", True),
        ("tags", ".tags", False),
        ("stock", ".stock", False),
    ]
    assert table.rows(1, 5) == [
        [1, ["Plum cup", "14", "", '{"here": 2, "on its way": 5}'], "[1]"],
        [2, ["", None, "", ""], "[2]"],
    ]
    assert (table.path(1, 3), table.path(1, -1)) == ((1, "stock"), (1,))
    assert table.find((1, "stock", "here")) == (1, 3)


@pytest.mark.parametrize(
    "items", [[1, "two", None], [[1, 2], [3]], [{"a": 1}, "loose", 5, [7]]], ids=["plain", "lists", "mixed"]
)
def test_a_table_of_anything_has_as_many_cells_as_columns(items: list[Any]) -> None:
    table = Table(items)
    assert {len(cells) for _, cells, _ in table.rows(0, 10)} == {len(table.heads)}


def test_every_line_of_a_tree_says_where_it_is_however_it_is_folded() -> None:
    chance = random.Random(4)
    value: list[Any] = [{"a": [{"b": [1, 2, {"c": 3}]}, [4, [5]]], "d": {"e f": {"g": 6}}} for _ in range(9)]
    tree = Tree(value)
    for _ in range(300):
        assert tree.count == len(tree.rows(0, 10_000))
        line = chance.randrange(tree.count)
        path = tree.path(line, -1)
        assert tree.find(path) == (line, -1)
        dig(value, path)
        tree.turn(chance.choice((line, chance.randrange(tree.count))))


def test_a_place_inside_folded_lines_unfolds_them() -> None:
    value: list[Any] = [{"inner": {"deep": number}} for number in range(1000)]
    tree = Tree(value)
    path: Path = (800, "inner", "deep")
    line, _ = tree.find(path)
    assert tree.path(line, -1) == path
    assert tree.rows(line, 1) == [[2, "deep", "number", "800", 0, "[800].inner.deep"]]


def test_the_expression_of_every_place_reads_it_back() -> None:
    value: dict[str, Any] = {
        "rows": MUGS,
        'it\'s "so"': {"back\\slash": 1, "ünder": 2, "items": 3, "__dunder": 4, "two\nlines": 5, "if": 6, "": 7},
    }
    tree = Tree(value)
    for sheet_line in range(200):
        if sheet_line >= tree.count:
            break
        tree.turn(sheet_line) if tree.rows(sheet_line, 1)[0][4] == 1 else None
        path = tree.path(sheet_line, -1)
        found = dig(value, path)
        assert parse(expression("shelf.all", path)).render({"shelf": {"all": value}}) == found


def test_a_text_is_broken_into_lines_that_together_are_the_text() -> None:
    text = "one two three four\r\n" * 3 + "x" * 95 + "\n\nlast"
    lines = Text(text, 20).rows(0, 100)
    assert [number for number, _ in lines if number] == [1, 2, 3, 4, 5, 6]
    assert "".join(line for _, line in lines) == text.replace("\r", "").replace("\n", "")
    assert max(len(line) for _, line in lines) <= 20
    assert Text("word " * 10, 20).rows(0, 2) == [[1, "word word word word "], [0, "word word word word "]]


def test_a_word_is_found_in_names_and_values_and_in_a_long_text_across_its_pieces() -> None:
    assert places(MUGS, "CUP") == [(1, "name")]
    assert places(MUGS, "stock") == [(1, "stock")]
    assert places({"a": True, "b": "true story"}, "true") == [("a",), ("b",)]
    text = "." * (PIECE - 2) + "needle" + "." * PIECE + "Needle"
    assert places(text, "needle") == [(PIECE - 2,), (2 * PIECE + 4,)]
    assert places(MUGS, "") == places(MUGS, "teapot") == []


def test_a_shape_says_which_fields_there_are_of_which_kinds_and_how_often() -> None:
    lines = [(depth, name, said) for depth, name, _, said, _, _ in Schema(MUGS).rows(0, 50)]
    assert lines == [
        (0, "each item", "a record"),
        (1, "name", "text, such as Moon mug"),
        (1, "price", "a number, may be nothing, such as 24.5"),
        (1, "tags", "a list, up to 2 items, in 1 of 3"),
        (2, "each item", "text, such as new"),
        (1, "stock", "a record, in 1 of 3"),
        (2, "here", "a number, such as 2"),
        (2, "on its way", "a number, such as 5"),
    ]
    assert Schema(MUGS).path(6, -1) == (0, "stock", "here")


def test_the_first_picture_that_a_step_gave_is_its_thumbnail() -> None:
    assert picture_in({"value": 5, "shots": [PICTURE, PICTURE]}) == PICTURE
    assert picture_in({"file": {**PICTURE, "media_type": "text/html"}, "rows": MUGS}) is None


@pytest.mark.parametrize("view", [Table, Tree, Schema, Text])
def test_a_hundred_thousand_rows_are_shown_without_looking_at_them_all(view: Any) -> None:
    rows: list[Any] = [{"number": each, "name": f"mug {each}", "tags": ["a", "b"]} for each in range(100_000)]
    sheet: Sheet = view("\n".join(f"line {each}" for each in range(100_000)) if view is Text else rows)
    assert sheet.count == (100_000 if view is not Schema else 5)
    for first in (0, sheet.count // 2, sheet.count - 1):
        assert 0 < len(sheet.rows(first, 60)) <= 60
