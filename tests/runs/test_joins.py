"""A join says in words what it waits for, from how the steps before it stand."""

from __future__ import annotations

import pytest

from app.runs.reading.joins import Joins
from app.runs.reading.picture import Light
from flows.model import Body, Flow, Step, Wire
from nodes.catalog import built_in


def compose(title: str, text: str = "") -> Step:
    return Step(kind="data.compose", title=title, settings={"text": text})


MEETING = Body(
    steps={
        "table": compose("Read table"),
        "shop": compose("Open shop"),
        "mail": compose("Read mail"),
        "all": Step(kind="control.merge"),
        "first": Step(kind="control.merge", settings={"how": "first"}),
        "says": compose("Say", "{{ table.value }}{{ shop.value }}"),
        "after": compose("After"),
    },
    wires=tuple(
        Wire.parse(text)
        for text in (
            "table.value -> all.ways", "shop.value -> all.ways", "mail.value -> all.ways",
            "table.value -> first.ways", "shop.value -> first.ways", "all -> after",
        )
    ),
)  # fmt: skip
FLOW = Flow(
    id="f", name="F", steps={**MEETING.steps, "each": Step(kind="control.for_each", body=MEETING)}, wires=MEETING.wires
)
JOINS = Joins(FLOW, built_in())


@pytest.mark.parametrize(
    ("path", "lights", "words"),
    [
        ("all", {"shop": "done"}, "Waits for “Read table” and “Read mail”; “Open shop” is there."),
        ("all", {"shop": "done", "mail": "done"}, "Waits for “Read table”; “Open shop” and “Read mail” are there."),
        (
            "all",
            {"shop": "done", "mail": "skipped", "table": "running"},
            "Waits for “Read table”; “Open shop” is there; “Read mail” will not come.",
        ),
        ("all", {"shop": "done", "mail": "done", "table": "failed"}, ""),
        ("first", {"mail": "done"}, "Waits for the first of “Read table” and “Open shop”."),
        ("first", {"table": "skipped"}, "Waits for “Open shop”; “Read table” will not come."),
        ("says", {"table": "done"}, "Waits for “Open shop”; “Read table” is there."),
        ("after", {"all": "waiting"}, "Waits for “Merge”."),
        ("table", {}, ""),
        ("each/all", {"each/shop": "done"}, "Waits for “Read table” and “Read mail”; “Open shop” is there."),
        ("nowhere", {}, ""),
    ],
)
def test_what_a_step_waits_for(path: str, lights: dict[str, str], words: str) -> None:
    assert JOINS.words(path, {at: Light(status) for at, status in lights.items()}) == words


def test_a_join_says_nothing_before_somebody_came_to_it() -> None:
    assert JOINS.words_of_join("all", {"shop": Light("running")}) == ""
    assert JOINS.words_of_join("all", {"shop": Light("done")}).startswith("Waits for ")
    assert JOINS.words_of_join("after", {}) == ""


def test_only_joins_are_told_of_the_steps_before_them() -> None:
    assert JOINS.joins_after(["shop"]) == {"all", "first", "says"}
    assert JOINS.joins_after(["all"]) == set()
    assert JOINS.joins_after(["each/mail"]) == {"each/all"}


def test_many_names_are_counted() -> None:
    steps = {f"s{number}": compose(f"S{number}") for number in range(6)}
    wires = tuple(Wire.parse(f"s{number}.value -> m.ways") for number in range(6))
    joins = Joins(Flow(id="g", name="G", steps={**steps, "m": Step(kind="control.merge")}, wires=wires), built_in())
    assert joins.words("m", {"s0": Light("done")}) == "Waits for “S1”, “S2” and 3 others; “S0” is there."
