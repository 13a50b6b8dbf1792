"""Switch: cases by expression, each a way of its own; and ports that depend on settings."""

from __future__ import annotations

from typing import Any

import pytest

from app.engine.checks import problems_of
from flows.model import Flow
from nodes.control.switch import names_of
from tests.engine.steps import CATALOG
from tests.engine.story import flow, play, step, story


def case(name: str, when: Any) -> dict[str, Any]:
    return {"name": name, "when": when}


def sorting(value: Any, *cases: dict[str, Any], **more: Any) -> Flow:
    """A value that goes one of the ways `small`, `big` and `default`."""
    return flow(
        "given.value -> sort.value", "sort.small -> a.value", "sort.big -> b.value", "sort.default -> c.value",
        given=step("give", value=value),
        sort=step(
            "control.switch",
            cases=[*(cases or (case("Small", "{{ given.value < 10 }}"), case("Big!", "{{ given.value > 100 }}")))],
            **more,
        ),
        a=step("say"), b=step("say"), c=step("say"),
    )  # fmt: skip


async def ways(made: Flow) -> dict[str, Any]:
    """What went which way."""
    played = await play(made)
    assert played.end.status == "done", played.story
    return {way: played.outputs(way)["value"] for way in "abc" if f"{way} finished" in played.story}


@pytest.mark.parametrize(("value", "taken"), [(3, "a"), (500, "b"), (50, "c")])
async def test_the_value_travels_the_way_of_the_case_that_is_true(value: int, taken: str) -> None:
    assert await ways(sorting(value)) == {taken: value}


async def test_the_first_match_is_taken_or_every_one() -> None:
    cases = case("small", "{{ given.value < 10 }}"), case("big", True)
    assert await ways(sorting(1, *cases)) == {"a": 1}
    assert await ways(sorting(1, *cases, take="every_match")) == {"a": 1, "b": 1}
    assert await ways(sorting(1, case("small", False), case("big", ""), take="every_match")) == {"c": 1}


async def test_cases_after_the_match_are_not_even_looked_at() -> None:
    # The answer has a body only where it is no error.
    first, second = case("small", "{{ given.value.status == 404 }}"), case("big", "{{ given.value.body.total > 1 }}")
    assert await ways(sorting({"status": 404}, first, second)) == {"a": {"status": 404}}
    played = await play(sorting({"status": 200}, first, second))
    assert played.failure("sort").message.startswith("Cases: ")


async def test_without_a_value_the_name_of_the_case_travels() -> None:
    made = flow("sort.big -> b.value", sort=step("control.switch", cases=[case("Big", True)]), b=step("say"))
    assert (await play(made)).outputs("b") == {"value": "Big"}


async def test_a_way_not_taken_is_named_as_the_person_wrote_it() -> None:
    assert "b skipped: “SORT” did not go the way “Big!”." in await story(sorting(1))


def test_every_case_has_a_port_of_its_own_that_an_expression_can_name() -> None:
    assert names_of(["Too big!", "too big", "", "日本", "2nd", "Default", "error"]) == [
        "too_big", "too_big_2", "case_3", "case_4", "case_2nd", "default_2", "error_2",
    ]  # fmt: skip


def test_wires_and_references_are_checked_against_the_cases() -> None:
    made = flow(
        "sort.huge -> a.value",
        sort=step("control.switch", cases=[case("Big", "{{ nobody.value }}")]),
        a=step("say", text="{{ sort.small }}"),
    )
    assert [f"{each.step}.{each.field}: {each.message} {each.hint}".strip() for each in problems_of(made, CATALOG)] == [
        "sort.cases: `{{ nobody.value }}` refers to `nobody`, which is not known here. Choose a step that runs before "
        "this one, or an input of the flow.",
        "a.text: `{{ sort.small }}` refers to `sort.small`, but `sort` has no output of that name. It gives "
        "`sort.big`, `sort.default`.",
        "a.: The wire sort.huge -> a.value: `sort` has no output `huge`.",
    ]


@pytest.mark.parametrize("cases", [[], "{{ x", [{"name": 3}], 7])
def test_cases_of_another_shape_are_problems_and_not_a_crash(cases: Any) -> None:
    assert problems_of(flow(sort=step("control.switch", cases=cases)), CATALOG)


async def test_a_resumed_run_takes_the_same_way_again() -> None:
    made = flow(
        "sort.small -> a", "sort.big -> b",
        sort=step("control.switch", cases=[case("Small", True), case("Big", True)]),
        a=step("flaky", times=1), b=step("say"),
    )  # fmt: skip
    first = await play(made)
    assert first.end.status == "failed"
    again = await play(made, past=first.past, stage=first.stage)
    assert again.story == ["b skipped: “SORT” did not go the way “Big”.", "a started", "a finished", "done"]
