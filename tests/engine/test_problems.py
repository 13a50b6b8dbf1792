"""What keeps a flow from running: a sentence for each, at its step."""

from __future__ import annotations

from typing import Any

import pytest

from app.engine.checks import problems_of
from app.engine.plan import Unrunnable, plan
from flows.model import Flow, Input, Step
from tests.engine.steps import CATALOG
from tests.engine.story import body, each, flow, flow_of, step


def problems(made: Flow) -> list[str]:
    return [
        f"{each.step}{f'.{each.field}' if each.field else ''}: {each.message}" for each in problems_of(made, CATALOG)
    ]


SAY = step("say")
INSIDE = body(a=step("say"))


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (flow(), [": This flow has no steps yet."]),
        (flow(a=Step(kind="x.unknown")), ["a: There is no node called `x.unknown` here."]),
        (flow(a=Step(kind="t.say", version=9)), ["a: This step was made with a newer version of `t.say`."]),
        (flow(item=SAY), ["item: `item` has a meaning of its own in expressions."]),
        (flow(a=SAY, each=each(INSIDE)), None),
        (flow(a=step("say", colour="red")), ["a.colour: Say has no setting `colour`."]),
        (flow(a=step("say", colour="{{ now }}")), ["a.colour: Say has no setting `colour`."]),
        (flow(a=step("say", text="{{ a b }}")), None),
        (flow(a=step("length")), ["a: `text` needs text."]),
        (flow("a -> a", a=SAY), ["a: This step is connected to itself."]),
        (flow("a -> b", "b -> a", a=SAY, b=SAY), ["a: These steps wait for each other: a → b → a."]),
        (
            flow("a -> b", a=step("say", text="{{ b.value }}"), b=SAY),
            ["a: These steps wait for each other: a → b → a."],
        ),
        (flow("a -> gone", a=SAY), ["a: The wire a -> gone leads to `gone`, which is not there."]),
        (flow("gone -> a", a=SAY), ["a: The wire gone -> a leads to `gone`, which is not there."]),
        (
            flow("a.other -> b.value", a=SAY, b=SAY),
            ["b: The wire a.other -> b.value: `a` has no output `other`."],
        ),
        (
            flow("a.value -> b.other", a=SAY, b=SAY),
            ["b: The wire a.value -> b.other: `b` has no input `other`."],
        ),
        (
            flow("a.value -> b.text", a=step("both"), b=step("length")),
            ["b: The wire a.value -> b.text: a list does not fit where text is needed."],
        ),
        (flow("a -> b", "a -> b", a=SAY, b=SAY), ["b: The wire a -> b is there 2 times."]),
        (
            flow("a.value -> c.value", "b.value -> c.value", a=SAY, b=SAY, c=SAY),
            ["c: 2 wires end at `value`, which takes one."],
        ),
        (
            flow(a=step("say", text="{{ gone.value }}")),
            ["a.text: `{{ gone.value }}` refers to `gone`, which is not known here."],
        ),
        (
            flow(a=step("say", text="{{ a.value }}")),
            ["a.text: This step refers to itself in `{{ a.value }}`."],
        ),
        (
            flow(a=SAY, b=step("say", text="{{ a.colour }}")),
            ["b.text: `{{ a.colour }}` refers to `a.colour`, but `a` has no output of that name."],
        ),
        (
            flow(b=step("say", text="{{ inputs.city }}")),
            ["b.text: `{{ inputs.city }}` refers to `inputs.city`, but the flow has no such input."],
        ),
        (flow(a=SAY, result="a.value +"), None),
        (flow(a=SAY, result="b.value"), [".result: `{{ b.value }}` refers to `b`, which is not known here."]),
    ],
)
def test_every_problem_is_a_sentence_at_its_step(made: Flow, said: list[str] | None) -> None:
    found = problems(made)
    assert found if said is None else found == said
    assert all(line.split(": ", 1)[1].strip() for line in found)
    with pytest.raises(Unrunnable):
        plan(made, CATALOG)


def over(inside: Any, **more: Step) -> Flow:
    return flow_of({"items": step("give", value=[]), "each": each(inside), **more}, "items.value -> each.items")


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (over(body()), ["each: There is nothing inside this step to run."]),
        (over(body(items=step("say"))), ["each/items: `items` and this step have the same name."]),
        (
            over(body(a=step("say", text="{{ each.results }}"))),
            ["each/a.text: `{{ each.results }}` refers to `each`, which this step is inside of."],
        ),
        (
            over(body(a=step("say"), result="each.results")),
            ["each.result: `{{ each.results }}` refers to `each`, which this step is inside of."],
        ),
        (
            over(body(a=step("say")), b=step("say", text="{{ a.value }}")),
            ["b.text: `{{ a.value }}` refers to `a`, which is not known here. It is inside `each`."],
        ),
        (
            over(body(a=step("say", text="{{ b.value }}")), b=step("say", text="{{ each.results }}")),
            ["each: These steps wait for each other: each → b → each."],
        ),
        (
            flow(a=step("say", text="{{ item }}")),
            ["a.text: `{{ item }}` refers to `item`, which is not known here."],
        ),
        (flow(a=step("say", body(b=step("say")))), ["a: Nothing inside this step would ever run."]),
    ],
)
def test_what_is_inside_containers_is_checked_with_what_is_around(made: Flow, said: list[str]) -> None:
    assert problems(made) == said


@pytest.mark.parametrize(
    "made",
    [
        flow(a=step("say", text="{{ b.value | default('') }}"), b=step("say")),
        flow(a=step("say", disabled=True, text="{{ gone }}")),
        flow(a=step("fail", on_error="port"), b=step("say", text="{{ a.error.message }}")),
        flow(a=step("say", pinned={"colour": 1}), b=step("say", text="{{ a.colour }}")),
        over(body("a -> b", a=step("say", text="{{ item }} {{ index }}"), b=step("say"), result="[a.value, item]")),
        over(body(a=step("say", text="{{ gone }}", disabled=True))),
    ],
)
def test_nothing_is_said_of_what_is_right(made: Flow) -> None:
    assert problems(made) == []


def test_every_problem_is_told_at_once() -> None:
    made = flow("a -> b", "b -> a", a=step("say", text="{{ gone.x }}"), b=step("length"), c=Step(kind="x.y"))
    assert len(problems(made)) == 4


def test_a_flow_may_use_the_inputs_it_declares() -> None:
    made = flow(a=step("say", text="{{ inputs.city }}")).model_copy(update={"inputs": {"city": Input()}})
    assert problems(made) == []


def test_an_edited_step_is_checked_anew_and_the_others_are_not() -> None:
    made = flow_of({f"s{number}": step("say") for number in range(3)})
    assert problems(made) == []
    edited = made.model_copy(update={"steps": {**made.steps, "s1": step("say", wrong=1)}})
    assert problems(edited) == ["s1.wrong: Say has no setting `wrong`."]
    assert problems(made) == []
