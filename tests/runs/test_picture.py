"""What a run looks like: one light a step, also where a step has many rounds."""

from __future__ import annotations

import re
from typing import Any

from app.engine.events import (
    Answered,
    Asked,
    Ended,
    Event,
    Failed,
    Finished,
    Rehearsed,
    Resumed,
    Skipped,
    Started,
    Stopped,
)
from app.runs.reading.picture import Picture
from app.ui.lighting import light_of


def after(*events: Event) -> Picture:
    picture = Picture()
    picture.take_all(events)
    return picture


def at(kind: type[Event], step: str, **more: Any) -> Event:
    return kind(1.0, step, **more)


def shown(picture: Picture, path: str) -> tuple[Any, ...]:
    light = picture.lights[path]
    return light.status, light.rounds, light.failed_rounds


def test_a_step_in_a_loop_runs_as_long_as_one_of_its_rounds_does() -> None:
    begun = [at(Started, "each/0/a"), at(Started, "each/1/a")]
    assert shown(after(*begun, at(Finished, "each/0/a")), "each/a") == ("running", 1, 0)
    assert shown(after(*begun, at(Failed, "each/0/a", message="No")), "each/a") == ("running", 1, 1)
    assert shown(after(*begun, at(Finished, "each/0/a"), at(Finished, "each/1/a")), "each/a") == ("done", 2, 0)


def test_a_failed_round_stays_seen_after_others_that_went_well() -> None:
    picture = after(at(Failed, "each/0/a", message="No", hint="Try"), at(Finished, "each/1/a"))
    assert shown(picture, "each/a") == ("failed", 2, 1)
    assert (picture.lights["each/a"].message, picture.lights["each/a"].hint) == ("No", "Try")


def test_a_failed_round_stays_seen_when_it_stops_the_others() -> None:
    begun = [at(Started, "each/0/a"), at(Failed, "each/0/a", message="No", hint="Try"), at(Started, "each/1/a")]
    picture = after(*begun, at(Stopped, "each/1/a"))
    assert shown(picture, "each/a") == ("failed", 1, 1)
    assert (picture.lights["each/a"].message, picture.lights["each/a"].hint) == ("No", "Try")


def test_a_step_asks_as_long_as_one_of_its_rounds_does() -> None:
    def asked(number: int) -> Event:
        return at(Asked, f"each/{number}/a", key="k", title=f"Question {number}?", choices=("Yes",))

    picture = after(at(Started, "each/0/a"), at(Started, "each/1/a"), asked(0), asked(1))
    picture.take(at(Answered, "each/0/a", key="k", choice="Yes"))
    assert (picture.lights["each/a"].status, picture.lights["each/a"].message) == ("asked", "Question 1?")
    picture.take(at(Finished, "each/0/a"))
    assert picture.lights["each/a"].status == "asked"
    picture.take(at(Answered, "each/1/a", key="k", choice="Yes"))
    assert (picture.lights["each/a"].status, picture.lights["each/a"].message) == ("running", "")
    assert picture.questions == {}


def test_a_round_that_is_skipped_does_not_hide_the_others() -> None:
    assert shown(after(at(Finished, "each/0/a"), at(Skipped, "each/1/a", reason="no")), "each/a") == ("done", 1, 0)
    assert shown(after(at(Skipped, "each/0/a", reason="no"), at(Finished, "each/1/a")), "each/a") == ("done", 1, 0)


def test_at_the_end_nothing_seems_to_run_or_ask() -> None:
    begun = [at(Started, "a"), at(Started, "b"), at(Asked, "b", key="k", title="?"), at(Finished, "c")]
    for status, light in (("done", "stopped"), ("stopped", "stopped"), ("interrupted", "interrupted")):
        picture = after(*begun, at(Ended, "", status=status))
        assert {path: each.status for path, each in picture.lights.items()} == {"a": light, "b": light, "c": "done"}
        assert (picture.questions, picture.status) == ({}, status)


def test_a_stopped_step_is_stopped() -> None:
    assert shown(after(at(Started, "a"), at(Stopped, "a")), "a") == ("stopped", 0, 0)


def test_a_run_that_goes_on_counts_the_rounds_that_were_done() -> None:
    picture = after(
        at(Finished, "each/0/a"), at(Finished, "each/1/a"), at(Failed, "each/2/a", message="No"), at(Failed, "each"),
        at(Skipped, "after", reason="“Each” did not finish."), at(Finished, "before"), at(Ended, "", status="failed"),
    )  # fmt: skip
    changed = picture.take(at(Resumed, ""))
    assert set(changed) == {"each/a", "each", "after"}
    assert (picture.status, picture.message) == ("running", "")
    assert shown(picture, "each/a") == ("done", 2, 0)
    assert {path: light.status for path, light in picture.lights.items()} == {
        "each/a": "done", "each": "waiting", "after": "waiting", "before": "done",
    }  # fmt: skip
    picture.take(at(Finished, "each/2/a"))
    assert shown(picture, "each/a") == ("done", 3, 0)


def test_a_step_that_failed_and_went_well_the_second_time_is_done() -> None:
    picture = after(at(Failed, "a", message="No"), at(Resumed, ""), at(Started, "a"), at(Finished, "a"))
    assert (picture.lights["a"].status, picture.lights["a"].message) == ("done", "")


def test_a_step_that_rests_says_until_when_and_asks_nobody() -> None:
    rest = at(Asked, "a", key="k", sort="rest", title="The pause before round 3.", deadline=61.0)
    picture = after(at(Started, "a"), rest)
    assert (picture.lights["a"].status, picture.questions, picture.busy) == ("waiting", {}, False)
    assert re.fullmatch(r"The pause before round 3, until \d\d:\d\d:01\.", picture.lights["a"].reason)
    picture.take(at(Answered, "a", key="k"))
    assert (picture.lights["a"].status, picture.lights["a"].reason) == ("running", "")


def test_a_step_at_which_the_debugger_stands_is_paused() -> None:
    picture = after(at(Started, "a"), at(Asked, "a", key="k", sort="break", title="Stopped before “A”"))
    assert (picture.lights["a"].status, picture.lights["a"].message) == ("paused", "Stopped before “A”")
    picture.take(at(Ended, "", status="stopped"))
    assert picture.lights["a"].status == "stopped"


def test_a_rehearsed_step_says_what_it_would_have_done() -> None:
    picture = after(at(Started, "a"), at(Rehearsed, "a", what="Write file: out.txt"), at(Finished, "a"))
    assert (picture.lights["a"].status, picture.lights["a"].would) == ("rehearsed", "Write file: out.txt")


def test_what_was_taken_over_or_given_by_hand_says_so() -> None:
    picture = after(at(Finished, "a", reused="run 1"), at(Finished, "b", by_hand=True), at(Finished, "c"))
    assert [(picture.lights[path].reused, picture.lights[path].by_hand) for path in "abc"] == [
        (True, False),
        (False, True),
        (False, False),
    ]


def test_the_items_of_outputs_that_are_lists_are_counted() -> None:
    picture = after(at(Finished, "read", outputs={"rows": [1, 2, 3], "first": "a"}), at(Finished, "each/0/a"))
    assert dict(picture.lights["read"].counts) == {"rows": 3}
    assert picture.lights["each/a"].counts == ()
    light = light_of(picture, "read", ())
    assert light is not None
    assert light["counts"] == {"rows": 3}


def test_items_are_not_counted_over_many_rounds() -> None:
    rounds = [at(Finished, f"each/{number}/a", outputs={"rows": [1, 2]}) for number in range(2)]
    light = light_of(after(*rounds), "each/a", ())
    assert light is not None
    assert "counts" not in light
