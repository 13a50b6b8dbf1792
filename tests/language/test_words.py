"""Times, sizes, amounts and what is said of runs, in English and in German."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from app.language import prepare
from app.store.cleaning import Freed
from app.store.limits import Going, Limits
from app.ui.storage.saying import general_in_words, went, would_go
from app.ui.words import ago, capped, clock, dollars, duration, exactly, listed, quoted, size

NOON = datetime(2026, 5, 3, 12, 0).timestamp()


@pytest.fixture
def _german() -> Iterator[None]:
    prepare("de")
    yield
    prepare("en")


def _times() -> list[str]:
    then = (NOON, NOON - 300, NOON - 4 * 3600, NOON - 86_400, NOON - 50 * 86_400, NOON - 400 * 86_400)
    return [ago(moment, NOON) for moment in then]


def test_how_long_ago_something_was() -> None:
    assert _times() == ["just now", "5 min ago", "today 08:00", "yesterday 12:00", "14 Mar 12:00", "29 Mar 2025"]


@pytest.mark.usefixtures("_german")
def test_how_long_ago_something_was_in_german() -> None:
    assert _times() == ["gerade eben", "vor 5 min", "heute 08:00", "gestern 12:00", "14. März 12:00", "29. März 2025"]


def test_numbers_are_written_with_a_point() -> None:
    assert [duration(0.4), size(512), size(3_400_000), dollars(1234.5), clock(NOON, exact=True)] == [
        *("0.4 s", "512 bytes", "3.4 MB", "$1,234.50", "12:00:00.000"),
    ]
    assert exactly(NOON) == "2026-05-03 12:00:00"


@pytest.mark.usefixtures("_german")
def test_numbers_are_written_with_a_comma_in_german() -> None:
    assert [duration(0.4), size(512), size(3_400_000), dollars(1234.5), clock(NOON, exact=True)] == [
        *("0,4 s", "512 Byte", "3,4 MB", "1.234,50 $", "12:00:00,000"),
    ]
    assert exactly(NOON) == "03.05.2026 12:00:00"


@pytest.mark.usefixtures("_german")
def test_names_in_a_sentence_have_german_quotation_marks() -> None:
    names = [quoted(name) for name in ("A", "B", "C", "D")]
    assert listed(names[:3]) == "„A“, „B“ und „C“"
    assert capped(names, 2) == "„A“, „B“ und 2 weitere"


@pytest.mark.usefixtures("_german")
def test_what_a_removal_does_is_said_in_german() -> None:
    assert would_go(Going(ids=("1", "2"), bytes=1500, stay=1)).startswith("2 Läufe werden entfernt, etwa 1,5 kB.")
    assert went(Freed(runs=1, files=2, bytes=1500)) == "Entfernt: 1 Lauf und 2 Dateien, insgesamt 1,5 kB."
    assert "älter als 1 Tag sind" in general_in_words(Limits(days=1, runs=None, megabytes=2500))
    assert "mehr als 2,5 GB" in general_in_words(Limits(days=1, runs=None, megabytes=2500))
