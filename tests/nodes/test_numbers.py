"""Columns of numbers as people write them."""

import pytest

from nodes.numbers import number_in, numbers_in


@pytest.mark.parametrize(
    ("texts", "numbers"),
    [
        (["24.50", "7", ""], [24.5, 7, None]),
        (["1,234", "1,234,567.5"], [1234, 1234567.5]),
        (["1.234,50", "24,50"], [1234.5, 24.5]),
        (["1 234,5", "1\u00a0000"], [1234.5, 1000]),
        (["$1,200", "$ 9.90"], [1200, 9.9]),
        (["9.90 €", "-3 €"], [9.9, -3]),
        (["\u22124.5", "+2", "0", "0.5"], [-4.5, 2, 0, 0.5]),
        (["1'234.50"], [1234.5]),
    ],
)
def test_a_column_of_numbers_is_read_as_numbers(texts: list[str], numbers: list[float | None]) -> None:
    assert numbers_in(texts) == numbers


@pytest.mark.parametrize(
    "texts",
    [
        [],
        ["", " "],
        ["12", "sold out"],
        ["01067"],
        ["$5", "5 €"],
        ["$5", "5"],
        ["12345678901234567890"],
        ["1e5"],
        ["12 %"],
        ["1,23,456"],
        ["2026-03-24"],
        ["٣"],
        ["nan"],
        ["1_000"],
    ],
)
def test_a_column_with_anything_else_stays_text(texts: list[str]) -> None:
    assert numbers_in(texts) is None


def test_one_number_alone() -> None:
    assert [number_in(text) for text in ("24.50", "12,5", "abc", "", "1,234")] == [24.5, 12.5, None, None, 1234]
