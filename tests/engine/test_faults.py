"""Whatever a node gives or raises: a sentence at its step, and the studio goes on."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from app.engine.events import Logged
from app.engine.writing import canonical
from nodes.values import File
from tests.engine.steps import Stage
from tests.engine.story import Playing, body, each, flow, play, step, story


async def given(value: Any) -> Any:
    """What the next step gets where a step gives this, or why it cannot be passed on."""
    stage = Stage(give=lambda: value)
    for kind in ("odd", "odd_slow"):
        played = await play(flow("a.value -> b.value", a=step(kind), b=step("say")), stage=stage)
        if played.end.status == "failed":
            said = played.failure("a").message
            assert played.story[-2:] == ["b skipped: “A” did not finish.", f"failed: “A” failed: {said}"]
    return played.outputs("b")["value"] if played.end.status == "done" else said


def cyclic() -> Any:
    made: list[Any] = []
    made.append(made)
    return made


def deep(levels: int) -> Any:
    made: Any = "bottom"
    for _ in range(levels):
        made = {"in": made}
    return made


class Nameless:
    def __repr__(self) -> str:
        raise ValueError("no name")


FILE = File(name="a.txt", sha256="0" * 64, size=3)


@pytest.mark.parametrize(
    ("value", "arrives"),
    [
        ((1, "two"), [1, "two"]),
        ({"b", "a"}, ["a", "b"]),
        (datetime(2026, 1, 31, tzinfo=UTC), "2026-01-31T00:00:00+00:00"),
        ({"file": FILE}, {"file": FILE.model_dump()}),
        ([None, 1.5, True], [None, 1.5, True]),
        ("half a \ud83d letter", "half a � letter"),
        ({"\udc00": ["\ud800x"]}, {"�": ["�x"]}),
        (2**63 - 1, 2**63 - 1),
    ],
)
async def test_values_that_json_can_hold_arrive_as_json(value: Any, arrives: Any) -> None:
    assert await given(value) == arrives


CANNOT = "What this step gave cannot be passed on: "


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (float("nan"), "`value` is not a number that can be written down (NaN or infinite)"),
        ({"rows": [1, {"price": float("inf")}, None]}, "`value.rows[1].price` is not a number that can be written"),
        (10**30, "a whole number in it is too large (more than 64 bits); give it as text"),
        (b"bytes", "a value of the type `bytes` cannot travel on a wire; give text, numbers, lists, records or files"),
        (Decimal("1.1"), "a value of the type `decimal.Decimal` cannot travel"),
        ((number for number in range(3)), "a value of the type `generator` cannot travel"),
        (Nameless(), "a value of the type `Nameless` cannot travel"),
        (cyclic(), "it is nested too deeply, or contains itself"),
        (deep(1000), "it is nested too deeply, or contains itself"),
        ({1: "one"}, "the names of the fields of a record have to be text"),
    ],
    ids=lambda value: type(value).__name__,
)
async def test_values_that_json_cannot_hold_are_refused_in_words(value: Any, why: str) -> None:
    assert (await given(value)).startswith(CANNOT + why)


def test_more_than_can_be_kept_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="it is larger than 100 MB; write it to a file instead"):
        canonical({"value": "x" * 100_000_001})


@pytest.mark.parametrize("value", [None, [], {"other": 1}, {}], ids=str)
async def test_outputs_by_name_have_to_be_those_that_are_promised(value: Any) -> None:
    played = await play(
        flow("a.kept -> b.value", a=step("broken_promise"), b=step("say")), stage=Stage(give=lambda: value)
    )
    assert played.story[0] == (
        "a failed: The node `t.broken_promise` has a fault: TypeError: it promises kept and gave others"
    )
    assert played.failure("a").defect


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ("", "ZeroDivisionError: division by zero"),
        ("exit", "SystemExit: 3"),
        ("cancel", "CancelledError: "),
        ("unsayable", "Unsayable: a Unsayable"),
    ],
)
async def test_a_fault_of_a_node_fails_its_step_and_nothing_else(how: str, says: str) -> None:
    played = await play(flow(a=step("faulty", how=how), b=step("say")))
    assert played.story[:2] == [f"a failed: The node `t.faulty` has a fault: {says}", "b finished"]
    failed = played.failure("a")
    assert (failed.defect, failed.hint) == (
        True,
        "This is not a mistake in your flow. The step's log has the details.",
    )
    (log,) = [each for each in played.events if isinstance(each, Logged)]
    assert (log.level, log.text.startswith("Traceback (most recent call last):")) == ("error", True)


@pytest.mark.parametrize("how", ["exit", "unsayable", ""])
async def test_a_fault_in_a_task_of_its_own_is_no_different(how: str) -> None:
    played = await play(flow(a=step("faulty_later", how=how), b=step("say")))
    assert played.story[1].startswith("a started") or played.failure("a").defect
    assert played.end.status == "failed"


async def test_what_a_person_can_mend_is_found_among_several_errors() -> None:
    assert (await story(flow(a=step("faulty", how="group"))))[0] == "a failed: Said in a group"


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ("cancelled inside", "Something this step waited for was broken off."),
        ("cancel", "Something this step waited for was broken off."),
        ("timeout inside", "Something this step waited for took too long."),
    ],
)
async def test_what_is_broken_off_inside_a_step_fails_it_and_the_run_does_not_hang(how: str, says: str) -> None:
    assert await story(flow(a=step("faulty_later", how=how))) == [
        "a started",
        f"a failed: {says}",
        f"failed: “A” failed: {says}",
    ]


async def test_a_number_goes_where_text_is_needed_and_a_list_does_not() -> None:
    made = flow("a.value -> b.text", a=step("give", value=42), b=step("length"))
    assert (await play(made)).outputs("b") == {"value": 2}
    bad = flow("a.value -> b.text", a=step("give", value=[1]), b=step("length"))
    assert (await story(bad))[1] == "b failed: `text` needs text, but it was given a list."


async def test_an_expression_that_fails_says_so_at_its_setting() -> None:
    played = await play(flow(a=step("give", value={}), b=step("say", text="{{ a.value.name.first }}")))
    assert played.story[1].startswith("b failed: Text: ")


@pytest.mark.parametrize("text", ["half \ud83d", "x" * 100_000])
async def test_whatever_is_said_can_be_written_down(text: str) -> None:
    played = await play(flow(a=step("fail", message=text)))
    assert played.end.status == "failed"
    assert played.failure("a").message.startswith(text[:4])


async def test_stopping_ends_every_kind_of_step_at_once() -> None:
    made = flow(
        "items.value -> each.items",
        items=step("give", value=[1, 2]),
        task=step("gated"),
        thread=step("thread", wait=True),
        ask=step("ask"),
        each=each(body(a=step("gated"))),
    )
    playing = Playing(made)
    await playing.until("task started", "thread started", "ask asks: Go on?", "each/0/a started")
    await asyncio.to_thread(playing.stage.in_thread.wait)
    ended = await playing.stop()
    assert ended.end.status == "stopped"
    assert ended.story[-1] == "stopped: Stopped before the end."
    assert sorted(ended.story[-6:-1]) == [
        "ask stopped",
        "each stopped",
        "each/0/a stopped",
        "task stopped",
        "thread stopped",
    ]
    playing.stage.thread_gate.set()


def test_odd_values_never_loop_for_ever() -> None:
    with pytest.raises((ValueError, RecursionError)):
        canonical({"a": "\ud800", "b": cyclic()})
