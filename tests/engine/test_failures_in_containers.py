"""Error ports, values instead, and Stop, where containers and merges are around them."""

from __future__ import annotations

from typing import Any, cast

import pytest

from app.engine.checks import problems_of
from app.engine.world import World
from flows.model import Retry, Step
from tests.engine.steps import CATALOG
from tests.engine.story import Playing, body, each, flow, flow_of, play, step, story
from tests.engine.test_loops import Lanes


async def test_a_failure_and_what_comes_in_its_place_meet_again() -> None:
    failure = {"message": "No such page", "hint": "Check the address."}
    for a, value in ((step("fail", on_error="port"), failure), (step("say", text="fine", on_error="port"), "fine")):
        made = flow(
            "a.value -> m.ways", "a.error -> m.ways", "m.value -> b.value",
            a=a,
            m=step("control.merge", how="first"), b=step("say"),
        )  # fmt: skip
        assert (await play(made)).outputs("b") == {"value": value}


async def test_a_container_may_fail_by_its_port_too() -> None:
    made = flow(
        "items.value -> each.items", "each.error -> help.value", "each.results -> on.needed",
        items=step("give", value=[1, 2]), help=step("say"), on=step("into"),
        each=each(body(a=step("fail_on", bad=2, value="{{ item }}")), on_error="port"),
    )  # fmt: skip
    played = await play(made)
    assert played.outputs("help")["value"]["message"] == "Item 2 of 2: “A”: 2 is bad"
    assert (played.end.status, "on skipped: “EACH” failed." in played.story) == ("done", True)


async def test_a_failed_step_that_gives_something_instead_opens_the_ways_after_it() -> None:
    a = step("fail", on_error="continue").model_copy(update={"instead": {"value": "instead"}})
    made = flow(
        "a.value -> m.ways", "b.value -> m.ways", "a.value -> c.needed",
        a=a, b=step("say", text="b"), m=step("control.merge"), c=step("into"),
    )  # fmt: skip
    played = await play(made)
    assert (played.outputs("m"), played.outputs("c")) == ({"value": ["instead", "b"]}, {"value": ["instead", None]})
    assert played.end.status == "done"


def test_what_is_given_instead_has_to_be_an_output_of_the_step() -> None:
    a = step("fail", on_error="continue").model_copy(update={"instead": {"text": "x"}})
    assert [str(one) for one in problems_of(flow(a=a), CATALOG)] == [
        "What it gives instead has `text`, which is none of its outputs. It gives `value`."
    ]
    kept = a.model_copy(update={"on_error": "stop"})
    assert problems_of(flow(a=kept), CATALOG) == []


@pytest.mark.parametrize("kind", ["control.try", "control.repeat_until", "control.for_each"])
async def test_stop_ends_the_run_through_every_container(kind: str) -> None:
    inside = body("a -> b", a=step("stop", message="Enough"), b=step("say"))
    settings = {"until": "{{ true }}"} if kind == "control.repeat_until" else {}
    wires = ["items.value -> box.items"] if kind == "control.for_each" else []
    made = flow_of(
        {"items": step("give", value=[1]), "box": step(kind, inside, **settings), "after": step("say")},
        *wires,
        "box -> after",
    )
    assert (await story(made))[-2:] == ["box stopped", "done: Enough"]


async def test_stop_beside_a_merge_ends_it_before_it_has_begun() -> None:
    made = flow(
        "slow.value -> m.ways", "quick.value -> m.ways", "quick -> end",
        slow=step("gated", gate="never"), quick=step("say"), m=step("control.merge"), end=step("stop"),
    )  # fmt: skip
    told = await story(made)
    assert (told[-1], [line for line in told if line.startswith("m ")]) == ("done: That is all", [])


async def test_results_come_in_the_order_of_the_items_or_as_the_rounds_end() -> None:
    for keep_order, results in ((True, ["x", "y"]), (False, ["y", "x"])):
        inside = body(a=step("gated", gate="{{ item }}"), result="a.value")
        playing = Playing(
            flow(
                "items.value -> each.items",
                items=step("give", value=["x", "y"]),
                each=each(inside, at_once=2, keep_order=keep_order),
            )
        )
        playing.shared.world = cast(World, Lanes())
        await playing.until("each/0/a started", "each/1/a started")
        playing.stage.gate("y").set()
        await playing.until("each/1/a finished")
        playing.stage.gate("x").set()
        assert (await playing.ended()).outputs("each")["results"] == results


async def test_failed_rounds_are_left_out_in_either_order() -> None:
    inside = body(a=step("fail_on", bad=2, value="{{ item }}"), result="a.value")

    async def outputs(**settings: Any) -> Any:
        made = flow("items.value -> each.items", items=step("give", value=[3, 2, 1]), each=each(inside, **settings))
        return (await play(made)).outputs("each")

    assert await outputs(on_item_error="skip", keep_order=False) == {"results": [3, 1], "failed": []}
    collected = await outputs(on_item_error="collect", keep_order=False)
    assert collected["failed"] == [{"index": 1, "item": 2, "message": "“A”: 2 is bad"}]


async def test_a_step_inside_a_try_is_tried_again_before_the_try_hears_of_it() -> None:
    flaky: Step = step("flaky", times=1, retry=Retry(times=1, wait=0))
    made = flow_of(
        {
            "try": step(
                "control.try",
                body(
                    a=flaky,
                ),
                on_error="stop",
            )
        }
    )
    assert (await play(made)).outputs("try")["always"] is True
