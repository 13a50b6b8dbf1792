"""How the rounds of a container stand, and the strip that shows them: one mark a round, or the worst of several."""

from __future__ import annotations

from typing import Any

from app.engine.events import (
    Answered,
    Asked,
    Ended,
    Event,
    Failed,
    Finished,
    Progressed,
    Resumed,
    Skipped,
    Started,
    Stopped,
)
from app.runs.reading.picture import Picture
from app.runs.reading.rounds import Rounds, Shape, shapes_of
from app.runs.reading.strip import FAILED, Strip
from flows.model import Body, Step

TWO = Shape(2, frozenset())


def at(kind: type[Event], step: str, **more: Any) -> Event:
    return kind(1.0, step, **more)


def after(*events: Event) -> Picture:
    picture = Picture()
    picture.take_all(events)
    return picture


def marks(picture: Picture, loop: str = "each", shape: Shape = TWO) -> object:
    return Strip(picture.rounds.loops[loop], shape).all()["marks"]


def ended(round: int, *kinds: type[Event], loop: str = "each") -> list[Event]:
    return [at(kind, f"{loop}/{round}/{name}") for kind, name in zip(kinds, "abcdef", strict=False)]


def test_a_round_runs_until_each_of_its_steps_has_ended() -> None:
    begun = [at(Started, "each/0/a")]
    assert marks(after(*begun)) == "r"
    assert marks(after(*begun, at(Finished, "each/0/a"))) == "r"
    assert marks(after(*begun, *ended(0, Finished, Finished))) == "d"


def test_a_round_is_as_bad_as_what_happened_in_it() -> None:
    picture = after(
        *ended(0, Finished, Finished), *ended(1, Failed, Skipped), *ended(2, Skipped, Skipped),
        *ended(3, Finished, Skipped), *ended(4, Finished, Stopped), *ended(5, Finished), at(Asked, "each/5/b", key="k"),
    )  # fmt: skip
    assert marks(picture) == "dfsdxa"
    picture.take(at(Answered, "each/5/b", key="k"))
    assert marks(picture) == "dfsdxr"


def test_a_rest_asks_nobody() -> None:
    picture = after(at(Started, "each/0/a"), at(Asked, "each/0/a", key="k", sort="rest", title="Until eight"))
    assert (marks(picture), picture.questions, picture.lights["each/a"].reason) == ("r", {}, "Until eight")


def test_a_failure_that_the_flow_goes_on_without_does_not_fail_its_round() -> None:
    body = Body(steps={"a": Step(kind="k", on_error="continue"), "b": Step(kind="k")})
    shape = shapes_of(Body(steps={"each": Step(kind="k", body=body)}))["each"]
    assert marks(after(*ended(0, Failed, Finished), *ended(1, Finished, Failed)), shape=shape) == "df"


def test_rounds_without_an_end_were_stopped_with_their_container_or_their_run() -> None:
    begun = [*ended(0, Finished, Finished), *ended(1, Finished), at(Started, "each/2/a")]
    assert marks(after(*begun, at(Failed, "each"))) == "dxx"
    assert marks(after(*begun, at(Ended, "", status="stopped"))) == "dxx"


def test_a_run_that_goes_on_has_its_other_rounds_before_it() -> None:
    picture = after(
        at(Started, "each"), *ended(0, Finished, Finished), *ended(1, Finished, Failed), *ended(2, Finished),
        at(Failed, "each"), at(Ended, "", status="failed"), at(Resumed, ""),
    )  # fmt: skip
    assert marks(picture) == "d--"
    picture.take_all([at(Started, "each"), at(Started, "each/1/b")])
    assert marks(picture) == "dr-"
    assert picture.rounds.newest("each") == "1"
    picture.take(at(Finished, "each/1/b"))
    assert marks(picture) == "dd-"


def test_the_rounds_of_a_container_that_was_done_stay_when_its_run_goes_on() -> None:
    picture = after(*ended(0, Finished, Failed), at(Finished, "each"), at(Ended, "", status="failed"), at(Resumed, ""))
    assert marks(picture) == "f"


def test_each_playing_of_an_inner_container_has_rounds_of_its_own() -> None:
    picture = after(*ended(0, Finished, Finished, loop="o/0/each"), *ended(0, Finished, Failed, loop="o/1/each"))
    assert (marks(picture, "o/0/each"), marks(picture, "o/1/each")) == ("d", "f")
    assert picture.rounds.newest("o") == "0"


def test_the_strip_tells_only_what_is_new() -> None:
    rounds = Rounds()
    rounds.begin_changes()
    rounds.take(at(Started, "each/0/a"))
    strip = Strip(rounds.loops["each"], TWO)
    assert strip.all() == {"count": 1, "each": 1, "marks": "r"}
    rounds.take_changes()
    for event in (at(Progressed, "each", done=1, total=4), *ended(0, Finished, Finished), *ended(1, Finished)):
        rounds.take(event)
    changed = rounds.take_changes()
    assert changed == {"each": {-1, 0, 1}}
    assert strip.news(changed["each"]) == {"count": 4, "changes": [(0, "dr--")]}
    assert strip.news(set()) == {}


def test_beyond_two_hundred_rounds_a_mark_is_the_worst_of_several() -> None:
    events = [
        event for number in range(1000) for event in ended(number, Finished, Failed if number == 42 else Finished)
    ]
    picture = after(*events, at(Progressed, "each", done=1000, total=1000))
    strip = Strip(picture.rounds.loops["each"], TWO)
    told = strip.all()
    assert (told["count"], told["each"], told["marks"]) == (1000, 5, "d" * 8 + "f" + "d" * 191)
    assert [strip.chosen_by_mark(mark) for mark in (0, 8, 199, 200)] == [0, 42, 995, None]
    assert strip.of(FAILED) == 1


def test_while_nobody_knows_how_many_will_come_the_marks_double_now_and_then() -> None:
    rounds = Rounds()
    rounds.begin_changes()
    rounds.take(at(Started, "each/0/a"))
    strip = Strip(rounds.loops["each"], Shape(1, frozenset()))
    whole = 0
    for number in range(1000):
        rounds.take(at(Finished, f"each/{number}/a"))
        whole += "marks" in strip.news(rounds.take_changes().get("each", set()))
    assert (whole, strip.each, strip.all()["marks"]) == (3, 8, "d" * 125)


def test_one_walks_from_round_to_round_and_from_failure_to_failure() -> None:
    events = [
        event for number in (0, 1, 2, 5, 6) for event in ended(number, Finished, Failed if number % 5 else Finished)
    ]
    strip = Strip(after(*events).rounds.loops["each"], TWO)
    assert strip.all()["marks"] == "dff--df"
    assert [strip.beside(2, 1), strip.beside(5, -1), strip.beside(6, 1), strip.beside(0, -1)] == [5, 2, 6, 0]
    assert [strip.failed_beside(2, 1), strip.failed_beside(6, -1), strip.failed_beside(6, 1)] == [6, 2, 6]
