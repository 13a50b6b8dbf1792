"""Run flow: another flow as a step of this one, in the same run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.engine.checks import problems_of
from app.engine.parts import Parts, called_by
from flows.model import Flow, Input, Retry, Step
from tests.engine.steps import CATALOG, lines
from tests.engine.story import Playing, body, each, flow, flow_of, past_until, play, step, story


def named(made: Flow, title: str, /, **inputs: Input) -> Flow:
    """The flow as another one."""
    return made.model_copy(update={"id": title.lower(), "name": title, "inputs": inputs})


def call(called: str, on_error: Any = "stop", **inputs: Any) -> Step:
    """A step that runs another flow."""
    return step("control.run_flow", flow=called, inputs=inputs, on_error=on_error)


def parts(*flows: Flow) -> Parts:
    return {each.id: each for each in flows}


GREET = named(
    flow(a=step("say", text="Hello {{ inputs.who }}, {{ inputs.times + 1 }}"), result="a.value"),
    "Greet",
    who=Input(label="Who"),
    times=Input(type="number", default=1),
)


async def test_its_steps_are_part_of_this_run_and_its_result_is_the_value() -> None:
    made = flow("call.value -> b.value", call=call("greet", who="{{ inputs.name }}"), b=step("say"))
    made = made.model_copy(update={"inputs": {"name": Input()}})
    played = await play(made, parts=parts(GREET), inputs={"name": "Ada"})
    assert played.story == ["call started", "call/0/a finished", "call finished", "b finished", "done"]
    assert played.outputs("b") == {"value": "Hello Ada, 2"}


async def test_what_an_expression_gives_is_read_as_what_the_input_asks_for() -> None:
    made = flow(n=step("give", value="41"), call=call("greet", who="x", times="{{ n.value }}"))
    assert (await play(made, parts=parts(GREET))).outputs("call") == {"value": "Hello x, 42"}
    made = flow(n=step("give", value="many"), call=call("greet", who="x", times="{{ n.value }}"))
    assert (await play(made, parts=parts(GREET))).failure("call").message == (
        "“Greet”: times has to be a number, not “many”."
    )


async def test_it_knows_its_own_inputs_and_nothing_of_the_flow_around() -> None:
    inner = named(flow(a=step("say", text="{{ outside.value }}")), "Inner")
    made = flow(outside=step("say"), call=call("inner"))
    assert said(made, inner) == [
        "call.flow: “Inner” cannot run yet: `{{ outside.value }}` refers to `outside`, which is not known here. "
        "Mend it there."
    ]


def said(made: Flow, *others: Flow) -> list[str]:
    """What is wrong with a flow that runs these."""
    return [f"{one.step}.{one.field}: {one}" for one in problems_of(made, CATALOG, parts(*others))]


@pytest.mark.parametrize(
    ("inputs", "problem"),
    [
        ({}, "call.inputs: “Greet”: Who is missing. Give `who` a value."),
        ({"who": "x", "when": 1}, "call.inputs: “Greet” has no input `when`. Its inputs are: who, times."),
        (
            {"who": "x", "times": "often"},
            "call.inputs: “Greet”: times has to be a number, not “often”. Change what this step gives as `times`.",
        ),
    ],
)
def test_inputs_that_are_missing_unknown_or_of_another_type_are_said_before_it_runs(
    inputs: dict[str, Any], problem: str
) -> None:
    assert said(flow(call=call("greet", **inputs)), GREET) == [problem]


def test_a_flow_that_is_not_here_cannot_be_run() -> None:
    made = flow(call=call("gone"))
    assert said(made) == ["call.flow: The flow that this step runs is not here. Choose another one."]
    # Whoever edits it may not know yet which flows there are.
    assert problems_of(made, CATALOG) == []
    assert [str(one) for one in problems_of(flow(call=call("")), CATALOG)] == ["Flow is empty."]


def test_flows_that_run_each_other_are_named() -> None:
    made = flow(call=call("two"))
    two = named(flow(three=call("three")), "Two")
    three = named(flow(one=call("f")), "Three")
    circle = "“Flow” → “Two” → “Three” → “Flow”"
    assert said(made, two, three) == [f"call.flow: These flows run each other: {circle}."]
    assert said(flow(call=call("f"))) == ["call.flow: A flow cannot run itself. To repeat steps, use Repeat until."]
    # A circle that this flow is not part of.
    around = named(flow(two=call("two")), "Three")
    assert said(made, two, around) == ["call.flow: These flows run each other: “Two” → “Three” → “Two”."]


def test_flows_that_run_too_much_of_each_other_are_refused() -> None:
    twice = {"a": call("n1"), "b": call("n1")}
    chain = [named(flow_of({f"{x}{n}": call(f"n{n + 1}") for x in "ab"}), f"N{n}") for n in range(1, 12)]
    last = named(flow_of({f"s{n}": step("say") for n in range(60)}), "N12")
    (first, *_) = said(flow_of(twice), *chain, last)
    assert first == "a.flow: “N1” and the flows that it runs have more than 100,000 steps."
    straight = [named(flow_of({f"a{n}": call(f"n{n + 1}")}), f"N{n}") for n in range(1, 14)]
    (first,) = said(flow(a=call("n1")), *straight, named(flow(s=step("say")), "N14"))
    assert first == "a.flow: More than 12 flows would run one inside the other."


async def test_a_failure_inside_is_the_steps_own() -> None:
    inner = named(flow(a=step("fail")), "Inner")
    assert await story(flow(call=call("inner")), parts=parts(inner)) == [
        "call started",
        "call/0/a failed: No such page",
        "call failed: “A”: No such page",
        "failed: “CALL” failed: “A”: No such page",
    ]
    made = flow("call.error -> b.value", call=call("inner", on_error="port"), b=step("say"))
    assert (await play(made, parts=parts(inner))).outputs("b")["value"]["message"] == "“A”: No such page"


async def test_stop_in_it_ends_the_whole_run() -> None:
    inner = named(flow(s=step("stop", message="Enough")), "Inner")
    made = flow("call -> b", call=call("inner"), b=step("say"))
    assert (await story(made, parts=parts(inner)))[-2:] == ["call stopped", "done: Enough"]


async def test_flows_in_flows_and_in_loops_have_paths_of_their_own() -> None:
    outer = named(
        flow(call=call("greet", who="{{ inputs.name }}"), result="call.value"), "Outer", name=Input(required=True)
    )
    inside = body(run=call("outer", name="{{ item }}"), result="run.value")
    made = flow("items.value -> each.items", items=step("give", value=["a", "b"]), each=each(inside))
    played = await play(made, parts=parts(outer, GREET))
    assert played.outputs("each")["results"] == ["Hello a, 2", "Hello b, 2"]
    assert "each/1/run/0/call/0/a finished" in played.story


async def test_a_resumed_run_goes_on_inside_and_asks_only_about_what_writes(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger"
    inner = named(
        flow("w -> g", w=step("write", ledger=str(ledger), text="once"), g=step("gated", gate="g"), result="w.value"),
        "Inner",
    )
    made = flow(call=call("inner"))
    first = Playing(made, parts=parts(inner))
    await first.until("call/0/w finished", "call/0/g started")
    past = past_until(made, first.notebook.events, parts(inner))
    await first.stop()
    assert past.doubt == frozenset()
    again = Playing(made, past=past, parts=parts(inner))
    again.stage.gate("g").set()
    played = await again.ended()
    assert played.story == ["call started", "call/0/g started", "call/0/g finished", "call finished", "done"]
    assert played.outputs("call") == {"value": "once"}
    assert lines(ledger) == ["once"]


async def test_a_run_flow_that_is_tried_again_keeps_what_has_finished(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger"
    inner = named(flow("w -> f", w=step("write", ledger=str(ledger), text="once"), f=step("flaky", times=1)), "Inner")
    made = flow(call=call("inner").model_copy(update={"retry": Retry(times=2, wait=0)}))
    assert (await play(made, parts=parts(inner))).end.status == "done"
    assert lines(ledger) == ["once"]


def test_what_a_flow_runs_is_found_at_any_depth() -> None:
    made = flow(a=call("x"), loop_=each(body(b=call("y"), c=call("x"))))
    assert called_by(made, CATALOG) == ("x", "y")
