"""The list of steps finds a kind of step by other words than its name, the likeliest first."""

from __future__ import annotations

import pytest

from app.ui.editor.palette import best_first
from nodes.catalog import built_in

SPECS = [node.spec for node in built_in().kinds.values()]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("loop", "For each"),
        ("foreach", "For each"),
        ("http", "Get from the web"),
        ("api", "Get from the web"),
        ("http request", "Send a web request"),
        ("if", "If"),
        ("sleep", "Wait"),
        ("subflow", "Run flow"),
        ("scrape", "Read text"),
        ("gpt", "Ask a model"),
        ("csv", "Read file"),
    ],
)
def test_a_word_finds_the_step_that_a_person_means(typed: str, first: str) -> None:
    assert best_first(SPECS, typed)[0].title == first


def test_the_same_words_find_every_web_step() -> None:
    assert {spec.title for spec in best_first(SPECS, "api")} == {"Get from the web", "Send a web request"}


def test_without_a_word_all_steps_are_there_in_their_order() -> None:
    assert best_first(SPECS, "") == SPECS


def test_a_word_that_is_nobodys_finds_nothing() -> None:
    assert best_first(SPECS, "zeppelin") == []
