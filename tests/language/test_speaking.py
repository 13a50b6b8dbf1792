"""Which language is spoken, and how numbers of things are said in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.language import language_of, prepare, tr, trn


@pytest.fixture
def _german() -> Iterator[None]:
    prepare("de")
    yield
    prepare("en")


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("de", "de"),
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("en-US,en;q=0.9,de;q=0.8", "en"),
        ("fr-FR,fr;q=0.9,de;q=0.5,en;q=0.3", "de"),
        ("fr", "en"),
        ("de;q=0", "en"),
        ("de;q=nonsense,en", "en"),
        ("*", "en"),
    ],
)
def test_the_language_is_the_one_that_the_browser_likes_best(accepted: str, language: str) -> None:
    assert language_of(accepted) == language


def test_english_is_what_is_written_in_the_code() -> None:
    assert tr("There is no such {thing}", thing="text") == "There is no such text"
    assert [trn("{n} thing", "{n} things", count) for count in (0, 1, 2, 12_345)] == [
        "0 things",
        "1 thing",
        "2 things",
        "12,345 things",
    ]


@pytest.mark.usefixtures("_german")
def test_numbers_of_things_have_the_language_s_own_form() -> None:
    assert [trn("{n} thing", "{n} things", count) for count in (1, 12_345)] == ["1 thing", "12.345 things"]
    assert [trn("{n} item", "{n} items", count) for count in (1, 12_345)] == ["1 Element", "12.345 Elemente"]
