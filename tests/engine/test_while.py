"""While and Repeat until: rounds that know the one before, with a bound."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.engine.checks import problems_of
from flows.model import Body, Flow, Retry, Step
from tests.engine.steps import CATALOG, Stage, lines
from tests.engine.story import Playing, body, each, flow, flow_of, past_until, play, step, story


def until(inside: Body, expression: str, **more: Any) -> Step:
    return step("control.repeat_until", inside, until=expression, **more)


COUNTS = body(a=step("give", value="{{ index }}"), result="a.value")
GROWS = body(a=step("say", text="{{ last | default('', true) }}x"), result="a.value")


async def test_rounds_go_on_until_the_expression_is_true() -> None:
    played = await play(flow(rep=until(COUNTS, "{{ last == 2 }}")))
    assert played.story == [
        "rep started",
        "rep/0/a finished",
        "rep/1/a finished",
        "rep/2/a finished",
        "rep finished",
        "done",
    ]
    assert played.outputs("rep") == {"last": 2, "results": [0, 1, 2], "rounds": 3}


async def test_each_round_knows_what_the_one_before_gave() -> None:
    made = flow("s.value -> rep.start", s=step("say", text="go"), rep=until(GROWS, "{{ last | length > 4 }}"))
    assert (await play(made)).outputs("rep")["results"] == ["gox", "goxx", "goxxx"]


async def test_the_expression_is_worked_out_anew_from_the_steps_inside_and_around() -> None:
    inside = body(a=step("give", value={"page": "{{ index }}"}), b=step("say"))
    made = flow(
        top=step("give", value=1), rep=until(inside, "{{ a.value.page >= top.value and b is defined and index > 0 }}")
    )
    assert (await play(made)).outputs("rep")["rounds"] == 2


async def test_it_waits_for_the_steps_that_only_its_expression_names() -> None:
    playing = Playing(flow(late=step("gated", gate="late"), rep=until(COUNTS, "{{ late.value == 'late' }}")))
    await playing.until("late started")
    assert "rep started" not in playing.story
    playing.stage.gate("late").set()
    assert (await playing.ended()).outputs("rep")["rounds"] == 1


async def test_while_looks_before_the_first_round() -> None:
    rep = step("control.while", COUNTS, condition="{{ index < times.value }}")
    played = await play(flow(times=step("give", value=0), rep=rep))
    assert played.outputs("rep") == {"last": None, "results": [], "rounds": 0}
    assert (await play(flow(times=step("give", value=3), rep=rep))).outputs("rep")["results"] == [0, 1, 2]


async def test_while_knows_the_steps_inside_once_a_round_was_played() -> None:
    rep = step("control.while", COUNTS, condition="{{ a is not defined or a.value < 2 }}")
    assert (await play(flow(rep=rep))).outputs("rep")["results"] == [0, 1, 2]


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("repeat_until", "“{{ index < 0 }}” was still not true after 3 rounds."),
        ("while", "“{{ index >= 0 }}” was still true after 3 rounds."),
    ],
)
async def test_running_out_of_rounds_is_a_failure_or_a_way(kind: str, said: str) -> None:
    condition = {"until": "{{ index < 0 }}"} if kind == "repeat_until" else {"condition": "{{ index >= 0 }}"}
    made = flow(rep=step(f"control.{kind}", COUNTS, at_most=3, **condition))
    assert (await story(made))[-2] == f"rep failed: {said}"
    made = flow(
        "rep.ran_out -> out.value", "rep.last -> well.value",
        rep=step(f"control.{kind}", COUNTS, at_most=3, ran_out="go_on", **condition),
        out=step("say"), well=step("say"),
    )  # fmt: skip
    played = await play(made)
    assert played.outputs("out") == {"value": 2}
    assert "well skipped: “REP” did not go the way “last”." in played.story


def test_there_is_a_way_out_only_where_running_out_is_no_failure() -> None:
    made = flow("rep.ran_out -> b", rep=until(COUNTS, "{{ true }}"), b=step("say"))
    assert [str(each) for each in problems_of(made, CATALOG)] == [
        "The wire rep.ran_out -> b: `rep` has no output `ran_out`."
    ]


async def test_a_failing_round_says_which() -> None:
    inside = body(a=step("fail_on", bad=1, value="{{ index }}"))
    assert (await story(flow(rep=until(inside, "{{ false }}"))))[-2:] == [
        "rep failed: Round 2: “A”: 1 is bad",
        "failed: “REP” failed: Round 2: “A”: 1 is bad",
    ]


async def test_an_expression_that_cannot_be_worked_out_fails_the_step() -> None:
    assert (await play(flow(rep=until(COUNTS, "{{ last.next.page }}")))).failure("rep").message.startswith("Until: ")


async def test_stop_inside_ends_the_run() -> None:
    inside = body(s=step("stop", message="Found it"))
    assert (await story(flow(rep=until(inside, "{{ false }}"))))[-1] == "done: Found it"


async def test_rounds_that_were_played_are_not_played_again(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger"
    inside = body(
        "w -> g", w=step("write", ledger=str(ledger), text="{{ index }}"), g=step("gated", gate="g{{ index }}"),
        result="w.value",
    )  # fmt: skip
    made = flow(rep=until(inside, "{{ index == 3 }}"))
    first = Playing(made)
    first.stage.gate("g0").set()
    first.stage.gate("g1").set()
    await first.until("rep/2/w finished", "rep/2/g started")
    past = past_until(made, first.notebook.events)
    await first.stop()
    again = Playing(made, past=past, stage=Stage())
    for gate in "0123":
        again.stage.gate(f"g{gate}").set()
    played = await again.ended()
    assert lines(ledger) == ["0", "1", "2", "3"]
    assert played.story == [
        "rep started",
        "rep/2/g started",
        "rep/2/g finished",
        "rep/3/w started",
        "rep/3/w finished",
        "rep/3/g started",
        "rep/3/g finished",
        "rep finished",
        "done",
    ]
    assert played.outputs("rep")["results"] == ["0", "1", "2", "3"]


async def test_a_loop_that_is_tried_again_keeps_the_rounds_it_has_done(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger"
    inside = body("w -> f", w=step("write", ledger=str(ledger), text="{{ index }}"), f=step("flaky", times=1))
    played = await play(flow(rep=until(inside, "{{ index == 1 }}", retry=Retry(times=3, wait=0))))
    assert played.outputs("rep")["rounds"] == 2
    assert lines(ledger) == ["0", "1"]


async def test_loops_in_loops_have_rounds_of_their_own() -> None:
    inner = until(body(a=step("say", text="{{ item }}{{ index }}{{ last }}"), result="a.value"), "{{ index == 1 }}")
    made = flow_of(
        {
            "items": step("give", value=["x", "y"]),
            "each": each(body(rep=inner, result="rep.results"), at_once=1),
        },
        "items.value -> each.items",
    )
    assert (await play(made)).outputs("each")["results"] == [["x0", "x1x0"], ["y0", "y1y0"]]


def test_inside_a_repetition_there_is_no_item() -> None:
    made = flow(rep=until(body(a=step("say", text="{{ item }}")), "{{ item }}"))
    assert [f"{each.step}: {each.message}" for each in problems_of(made, CATALOG)] == [
        "rep: `{{ item }}` refers to `item`, which is not known here.",
        "rep/a: `{{ item }}` refers to `item`, which is not known here.",
    ]


def test_a_step_cannot_be_called_as_what_a_round_knows() -> None:
    made = flow(last=step("say"), rep=until(COUNTS, "{{ true }}"))
    assert [f"{each.step}: {each}" for each in problems_of(made, CATALOG)] == [
        "last: `last` has a meaning of its own in expressions. Rename this step."
    ]
    assert problems_of(flow(last=step("say")), CATALOG) == []


async def test_a_pause_rests_between_two_rounds() -> None:
    playing = Playing(flow(rep=until(COUNTS, "{{ index == 1 }}", pause=0.01)))
    assert (await playing.ended()).outputs("rep")["rounds"] == 2


async def test_a_hundred_thousand_rounds_are_the_most() -> None:
    made: Flow = flow(rep=until(COUNTS, "{{ true }}", at_most=100_001))
    assert [str(each) for each in problems_of(made, CATALOG)] == ["At most has to be 100000 or less."]


@pytest.mark.parametrize("text", ["page.next is none", "index > 3"])
def test_an_expression_without_its_braces_is_a_problem_and_not_true_for_ever(text: str) -> None:
    said = f"`{text}` is only a text. Write it inside braces, as in {{{{ {text} }}}}."
    assert [str(each) for each in problems_of(flow(rep=until(COUNTS, text)), CATALOG)] == [said]
    switch = step("control.switch", cases=[{"name": "a", "when": text}])
    assert [f"{each.field}: {each}" for each in problems_of(flow(s=switch), CATALOG)] == [f"cases: {said}"]
    assert problems_of(flow(rep=until(COUNTS, "yes")), CATALOG) == []
