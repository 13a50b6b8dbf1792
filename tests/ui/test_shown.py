"""Values as a person reads them."""

from __future__ import annotations

from pydantic import JsonValue as Json

from app.ui.shown import line_of, start_of


def test_a_line_shows_no_more_than_it_may() -> None:
    values: tuple[Json, ...] = (None, "one\n two", {"a": [1, 2]}, 3.5)
    assert [line_of(value, 9) for value in values] == [
        "",
        "one two",
        '{"a": [1…',
        "3.5",
    ]


def test_the_start_of_a_value_says_whether_it_is_the_whole() -> None:
    assert start_of("mugs", 4) == ("mugs", True)
    assert start_of([1, 2, 3], 4) == ("[1, ", False)


def test_of_a_very_long_text_inside_a_record_only_the_beginning_is_written() -> None:
    value: Json = {"name": "x" * 5_000_000, "stock": [1, {"a": None}]}
    assert line_of(value, 12) == '{"name": "x…'
    assert start_of({"stock": [1, {"a": None}], "none": []}, 200, indent=2) == (
        '{\n  "stock": [\n    1,\n    {\n      "a": null\n    }\n  ],\n  "none": []\n}',
        True,
    )
