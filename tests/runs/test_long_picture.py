"""A long journal is understood the quick way, which must see what taking event after event sees."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as some

from app.engine.events import (
    Answered,
    Asked,
    Ended,
    Event,
    Failed,
    Finished,
    Pictured,
    Progressed,
    Rehearsed,
    Resumed,
    Row,
    Skipped,
    Spent,
    Started,
    Stopped,
    event,
    row,
)
from app.runs.reading.frozen import freeze, thaw
from app.runs.reading.journal import take_rows
from app.runs.reading.picture import Picture
from app.store.journal import StoredRow

STEPS = ("first", "each", "each/0/a", "each/1/a", "each/2/a", "each/0/b", "each/1/b", "each/1/in/0/c", "each/1/in/1/c")
OUTPUTS: tuple[dict[str, object], ...] = ({}, {"value": 1}, {"rows": [1, 2]})


def told(kind: type[Event], **more: Any) -> some.SearchStrategy[Row]:
    body = {name: each if isinstance(each, some.SearchStrategy) else some.just(each) for name, each in more.items()}
    return some.builds(
        lambda step, given: row(kind, step, **given), some.sampled_from(STEPS), some.fixed_dictionaries(body)
    )


ENDS = told(Finished, ms=some.integers(0, 9), outputs=some.sampled_from(OUTPUTS), by_hand=some.booleans())
EVENTS = some.one_of(
    told(Started),
    ENDS,
    ENDS,
    told(Failed, message="No", hint="Try", ms=2),
    told(Skipped, reason="It was switched off."),
    told(Stopped),
    told(Spent, tokens_in=3, money=0.5),
    told(Pictured, name="page.png", sha256="ab"),
    told(Progressed, done=1, total=3),
    told(Rehearsed, what="Would send"),
    told(Asked, key="k", title="Go on?", choices=["Yes"], sort=some.sampled_from(["question", "rest", "break"])),
    told(Answered, key="k", choice="Yes"),
    some.just(row(Resumed, "")),
    some.sampled_from(["done", "failed", "interrupted"]).map(lambda status: row(Ended, "", status=status)),
)


@given(some.lists(EVENTS, max_size=40), some.integers(1, 12))
def test_the_quick_way_sees_what_one_event_after_the_other_shows(rows: list[Row], part: int) -> None:
    slowly, quickly = Picture(), Picture()
    for each in rows:
        known = event(each)
        assert known is not None
        slowly.take(known)
    stored = [StoredRow(number, *each) for number, each in enumerate(rows)]
    for first in range(0, len(stored), part):
        take_rows(quickly, stored[first : first + part])
    assert list(quickly.lights.items()) == list(slowly.lights.items())
    assert (quickly.questions, quickly.rests, quickly.status) == (slowly.questions, slowly.rests, slowly.status)
    assert quickly.rounds.loops == slowly.rounds.loops


@given(some.lists(EVENTS, max_size=40), some.integers(0, 40))
def test_a_picture_that_was_kept_on_the_way_goes_on_as_if_it_had_never_been_away(rows: list[Row], at: int) -> None:
    stored = [StoredRow(number, *each) for number, each in enumerate(rows)]
    whole, kept = Picture(), Picture()
    take_rows(whole, stored)
    take_rows(kept, stored[:at])
    body = freeze(kept, "run", at)
    assert body is not None
    thawed = thaw(body, "run", at)
    assert thawed is not None
    assert looks(thawed) == looks(kept)
    take_rows(thawed, stored[at:])
    assert looks(thawed) == looks(whole)


def looks(picture: Picture) -> object:
    """Everything that can be seen of a picture, in its order."""
    return (
        list(picture.lights.items()),
        list(picture.questions.items()),
        list(picture.rests.items()),
        (picture.status, picture.message, picture.result, picture.busy),
        picture.rounds.loops,
        {path: steps for path, steps in picture.running.items() if steps},
    )
