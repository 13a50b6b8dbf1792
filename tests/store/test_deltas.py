"""The way between two texts, in a few bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.store.deltas import DoesNotFit, backward, delta, forward

WORDS = st.lists(st.sampled_from(["a", "bb", "{", "}", "é", "😀", "step" * 30, "wire" * 40]), max_size=40).map("".join)


@given(before=WORDS, after=WORDS)
def test_either_text_is_made_from_the_other(before: str, after: str) -> None:
    way = delta(before, after)
    assert forward(before, way) == after
    assert backward(after, way) == before


def test_a_change_at_both_ends_of_a_large_text_costs_a_few_bytes() -> None:
    middle = ",".join(f'"wire {number}"' for number in range(20_000))
    before, after = f"{{{middle}}}", f'{{"new": 1,{middle},"place": [1, 2]}}'
    way = delta(before, after)
    assert len(way) < 200
    assert backward(after, way) == before


def test_a_delta_of_another_text_is_refused() -> None:
    way = delta("one flow", "one flow more")
    with pytest.raises(DoesNotFit):
        backward("another flow", way)
    with pytest.raises(DoesNotFit):
        forward("another flow", way)
