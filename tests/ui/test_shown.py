"""Values as a person reads them."""

from __future__ import annotations

from pydantic import JsonValue as Json

from app.ui.shown import line_of, start_of, table_of


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


def test_what_a_table_holds_is_text_and_never_markup() -> None:
    rows: list[dict[str, Json]] = [{"name": "<b onclick=x>Mug</b>", "price": 24.5}, {"name": "Cup & co", "<i>": None}]
    assert table_of(rows, 3, 60) == (
        '<thead><tr><th scope="col">name</th><th scope="col">price</th><th scope="col">&lt;i&gt;</th></tr></thead>'
        "<tbody><tr><td>&lt;b onclick=x&gt;Mug&lt;/b&gt;</td><td>24.5</td><td></td></tr>"
        "<tr><td>Cup &amp; co</td><td></td><td></td></tr></tbody>"
    )
