"""Data that a person writes by hand: text stays text, everything else is JSON, and what is wrong is said in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue as Json

from app.ui.forms.failing import tries_in_words
from app.ui.forms.parts import unit_of
from app.ui.forms.typed import fits, text_of, value_of
from flows.model import Retry

values: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
KINDS = ("any", "text", "number", "boolean", "list", "record", "file")


@given(values)
def test_what_is_shown_for_editing_comes_back_as_it_was(value: Json) -> None:
    for kind in KINDS:
        if fits(kind, value):
            assert value_of(kind, text_of(kind, value)) == value


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("text", "12", "12"),
        ("any", "12", 12),
        ("any", '"12"', "12"),
        ("any", "twelve", "twelve"),
        ("any", "", ""),
        ("any", "null", None),
        ("list", "[]", []),
    ],
    ids=["text", "number", "quoted", "word", "empty", "nothing", "list"],
)
def test_typed_text_means_what_a_person_expects(kind: str, text: str, value: Json) -> None:
    assert value_of(kind, text) == value


@pytest.mark.parametrize(
    ("kind", "text", "why"),
    [
        ("list", "[1, 2", "Line 1, character 6: "),
        ("list", "{}", "This is a record; a list is needed. For example"),
        ("number", "true", "This is yes or no; a number is needed."),
        ("record", '{"a": 1,}', "Line 1, character "),
        ("number", "NaN", "`NaN` is no number that can be kept."),
        ("any", '{"a"', "Line 1, character 5: "),
        ("list", "one", "Text needs quotes."),
    ],
    ids=["open", "kind", "boolean", "comma", "nan", "half", "bare word"],
)
def test_what_cannot_be_taken_says_where_and_why(kind: str, text: str, why: str) -> None:
    with pytest.raises(ValueError, match=r".") as refused:
        value_of(kind, text)
    assert why in str(refused.value)


def test_new_tries_are_told_with_their_waits() -> None:
    told = "It is tried again after about {}. The other side may ask for a longer wait."
    assert tries_in_words(Retry()) == ""
    assert tries_in_words(Retry(times=2, wait=0)) == "It is tried again at once."
    assert tries_in_words(Retry(times=3, wait=1, backoff=2)) == told.format("1 s, then 2 s, then 4 s")
    assert tries_in_words(Retry(times=9, wait=10, backoff=1)) == told.format("10 s each time")
    assert tries_in_words(Retry(times=6, wait=5, backoff=2)) == told.format(
        "5 s, then 10 s, then 20 s, and so on up to 2 min 40 s"
    )


def test_a_time_span_is_shown_in_its_largest_whole_unit() -> None:
    assert [unit_of(seconds) for seconds in (None, 0, 90, 120, 7200, 86_400, 0.5)] == [1, 1, 1, 60, 3600, 86_400, 1]
