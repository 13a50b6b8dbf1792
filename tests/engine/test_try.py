"""Try: what fails inside is dealt with, and what has to be done in any case is done."""

from __future__ import annotations

from typing import Any

import pytest

from flows.model import Body, Flow
from tests.engine.steps import Stage
from tests.engine.story import Playing, body, each, flow, flow_of, past_until, play, step


def trying(inside: Body, **more: Any) -> Flow:
    """A Try with a step on each of its ways."""
    ways = {name: step("say") for name in ("well", "badly", "anyway")}
    return flow_of(
        {"try": step("control.try", inside, **more), **ways},
        "try.result -> well.value",
        "try.error -> badly.value",
        "try.always -> anyway.value",
    )


async def test_what_went_well_leaves_by_result() -> None:
    played = await play(trying(body(a=step("say", text="fine"), result="a.value")))
    assert played.story == [
        "try started", "try/0/a finished", "try finished", "well finished",
        "badly skipped: “TRY” did not go the way “error”.", "anyway finished", "done",
    ]  # fmt: skip
    assert (played.outputs("well"), played.outputs("anyway")) == ({"value": "fine"}, {"value": True})


async def test_a_failure_leaves_by_error_and_the_run_goes_on() -> None:
    played = await play(trying(body("a -> b", a=step("fail"), b=step("say"))))
    assert played.end.status == "done"
    assert played.outputs("badly") == {"value": {"message": "No such page", "hint": "Check the address.", "step": "A"}}
    assert played.outputs("anyway") == {"value": False}
    assert "well skipped: “TRY” did not go the way “result”." in played.story


async def test_steps_beside_the_failed_one_end_first() -> None:
    playing = Playing(trying(body(a=step("fail"), b=step("gated", gate="b"))))
    await playing.until("try/0/a failed: No such page", "try/0/b started")
    playing.stage.gate("b").set()
    assert "try/0/b finished" in (await playing.ended()).story


async def test_a_result_that_cannot_be_made_is_a_failure_too() -> None:
    played = await play(trying(body(a=step("say", text="x"), result="a.value.y.z")))
    assert played.outputs("try")["error"]["step"] == ""
    assert played.outputs("try")["error"]["message"].startswith("The result cannot be made: ")


async def test_a_fault_of_a_node_is_dealt_with_as_well() -> None:
    played = await play(trying(body(a=step("faulty"))))
    assert played.outputs("try")["error"]["message"].startswith("The node `t.faulty` has a fault")
    assert played.end.status == "done"


async def test_stop_goes_through_a_try() -> None:
    played = await play(trying(body(a=step("stop", message="Enough", failed=True))))
    assert (played.end.status, played.end.message) == ("failed", "Enough")
    assert "anyway finished" not in played.story


async def test_the_error_port_of_a_step_inside_comes_before_the_try() -> None:
    inside = body("a.error -> b.value", a=step("fail", on_error="port"), b=step("say"), result="b.value.message")
    assert (await play(trying(inside))).outputs("well") == {"value": "No such page"}


async def test_what_is_around_is_known_inside() -> None:
    inside = body(t=step("control.try", body(a=step("say", text="{{ item }}{{ index }}"), result="a.value")))
    made = flow("items.value -> each.items", items=step("give", value=["x"]), each=each(inside))
    assert (await play(made)).outputs("each")["results"] == [{"result": "x0", "always": True}]


@pytest.mark.parametrize("gate", ["beside", "after"])
async def test_a_failure_that_was_dealt_with_stays_one_after_a_resume(gate: str) -> None:
    # In the first case the Try itself has not ended yet: what failed in it is still not done again.
    inside = body(a=step("flaky", times=1), b=step("gated", gate="beside"))
    made = flow_of({"try": step("control.try", inside), "g": step("gated", gate="after")}, "try.error -> g")
    stage = Stage()
    if gate == "after":
        stage.gate("beside").set()
    first = Playing(made, stage=stage)
    await first.until("try/0/a failed: Not now", *(["g started"] if gate == "after" else ["try/0/b started"]))
    past = past_until(made, first.notebook.events)
    await first.stop()
    again = Playing(made, past=past, stage=Stage())
    again.stage.gate("beside").set()
    again.stage.gate("after").set()
    played = await again.ended()
    assert played.end.status == "done"
    assert [line for line in played.story if "/a " in line] == (["try/0/a failed: Not now"] if gate == "beside" else [])
    assert played.story[-3:] == ["g started", "g finished", "done"]


async def test_a_failed_round_that_is_collected_stays_so_after_a_resume() -> None:
    made = flow(
        "items.value -> each.items", items=step("give", value=[1]),
        each=each(body("a -> g", a=step("say"), g=step("gated", gate="x"), f=step("flaky", times=1)),
                  on_item_error="collect"),
    )  # fmt: skip
    first = Playing(made)
    await first.until("each/0/f failed: Not now", "each/0/g started")
    past = past_until(made, first.notebook.events)
    await first.stop()
    again = Playing(made, past=past)
    again.stage.gate("x").set()
    played = await again.ended()
    assert played.outputs("each")["failed"] == [{"index": 0, "item": 1, "message": "“F”: Not now"}]
