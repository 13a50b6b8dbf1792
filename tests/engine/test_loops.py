"""Containers: what is inside them runs once for each item."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from app.engine.events import Progressed
from app.engine.world import World
from flows.model import Flow, Retry, Step
from tests.engine.steps import lines
from tests.engine.story import Playing, body, each, flow, flow_of, play, step, story


def over(items: Any, container: Step, *wires: str, **more: Step) -> Flow:
    """A flow that gives items to a container called `each`."""
    steps = {"items": step("give", value=items), "each": container, **more}
    return flow_of(steps, "items.value -> each.items", *wires)


async def results(made: Flow) -> Any:
    """What the For each gives."""
    played = await play(made)
    assert played.end.status == "done", played.story
    return played.outputs("each")


async def test_each_item_has_its_round_in_the_order_of_the_list() -> None:
    inside = body("a.value -> b.value", a=step("give", value="{{ item }}"), b=step("say"), result="b.value")
    played = await play(over(["x", "y"], each(inside)))
    assert played.story == [
        "items finished",
        "each started",
        "each/0/a finished",
        "each/0/b finished",
        "each/1/a finished",
        "each/1/b finished",
        "each finished",
        "done",
    ]
    assert played.outputs("each") == {"results": ["x", "y"], "failed": []}


async def test_an_empty_list_has_no_rounds() -> None:
    assert await results(over([], each(body(a=step("say"), result="a.value")))) == {"results": [], "failed": []}


async def test_inside_there_are_the_item_its_number_and_the_steps_around() -> None:
    text = "{{ before.value }} {{ index }} {{ item.name }} {{ inputs.city | default('nowhere') }}"
    inside = body(a=step("say", text=text), result="a.value")
    made = over([{"name": "mug"}, {"name": "cup"}], each(inside), before=step("say", text="no"))
    assert (await results(made))["results"] == ["no 0 mug nowhere", "no 1 cup nowhere"]


async def test_a_step_used_only_inside_is_waited_for() -> None:
    made = over(
        [1], each(body(a=step("say", text="{{ late.value }}"), result="a.value")), late=step("gated", gate="late")
    )
    playing = Playing(made)
    await playing.until("late started")
    assert "each started" not in playing.story
    playing.stage.gate("late").set()
    assert (await playing.ended()).outputs("each")["results"] == ["late"]


async def test_a_loop_in_a_loop_has_items_of_its_own() -> None:
    inner = each(body(c=step("say", text="{{ outer.value }}{{ item }}{{ index }}"), result="c.value"))
    inside = body(
        "list.value -> inner.items",
        list=step("give", value="{{ item }}"),
        outer=step("say", text="{{ index }}"),
        inner=inner,
        result="inner.results",
    )
    assert (await results(over([["a", "b"], ["c"]], each(inside))))["results"] == [["0a0", "0b1"], ["1c0"]]


async def test_several_items_at_once_and_no_more() -> None:
    inside = body(a=step("gated", gate="{{ item }}"))
    playing = Playing(over(["x", "y", "z"], each(inside, at_once=2)))
    lanes = Lanes()
    playing.shared.world = cast(World, lanes)
    await playing.until("each/0/a started", "each/1/a started")
    assert "each/2/a started" not in playing.story
    playing.stage.gate("y").set()
    await playing.until("each/1/a finished", "each/2/a started")
    assert "each/0/a finished" not in playing.story
    for gate in "xz":
        playing.stage.gate(gate).set()
    ended = await playing.ended()
    assert ended.outputs("each")["results"] == [{"value": "x"}, {"value": "y"}, {"value": "z"}]
    assert sorted(lanes.left) == ["each/0/", "each/1/", "each/2/"]


class Lanes:
    """A world of which the lanes are counted."""

    def __init__(self) -> None:
        self.left: list[str] = []

    async def leave(self, lane: str) -> None:
        self.left.append(lane)


FAILS = body(a=step("fail_on", bad=2, value="{{ item }}"), result="a.value")


async def test_a_failing_round_stops_the_loop_and_says_which() -> None:
    assert await story(over([1, 2, 3], each(FAILS), "each -> after", after=step("say"))) == [
        "items finished",
        "each started",
        "each/0/a finished",
        "each/1/a failed: 2 is bad",
        "each failed: Item 2 of 3: “A”: 2 is bad",
        "after skipped: “EACH” did not finish.",
        "failed: “EACH” failed: Item 2 of 3: “A”: 2 is bad",
    ]


async def test_failing_rounds_can_be_skipped_or_collected() -> None:
    assert await results(over([1, 2, 3], each(FAILS, on_item_error="skip"))) == {"results": [1, 3], "failed": []}
    assert await results(over([1, 2, 3], each(FAILS, on_item_error="collect"))) == {
        "results": [1, 3],
        "failed": [{"index": 1, "item": 2, "message": "“A”: 2 is bad"}],
    }


async def test_a_failing_round_stops_the_ones_beside_it_and_says_so() -> None:
    inside = body(a=step("fail_on", bad="x", value="{{ item }}"), b=step("gated"))
    playing = Playing(over(["y", "x"], each(inside, at_once=2)))
    playing.shared.world = cast(World, Lanes())
    # Round 1 fails in its first step, and stays until its second step ends too; then the loop ends round 0.
    await playing.until("each/0/b started", "each/1/b started")
    playing.stage.gate("").set()
    assert (await playing.ended()).story[-2:] == [
        "each failed: Item 2 of 2: “A”: x is bad",
        "failed: “EACH” failed: Item 2 of 2: “A”: x is bad",
    ]


async def test_a_round_without_its_result_gives_nothing_for_it() -> None:
    inside = body(
        "fork.left -> a.value",
        fork=step("fork", way="{{ 'left' if item > 1 else 'right' }}"),
        a=step("say"),
        result="a.value",
    )
    assert (await results(over([1, 2], each(inside))))["results"] == [None, "l"]


async def test_stop_inside_nested_loops_stops_the_whole_run() -> None:
    inner = each(body("a -> b", a=step("stop", message="Found {{ item }}"), b=step("say")))
    inside = body("list.value -> inner.items", list=step("give", value="{{ item }}"), inner=inner)
    made = over([["x"], ["y"]], each(inside), "each -> after", after=step("say"))
    assert await story(made) == [
        "items finished",
        "each started",
        "each/0/list finished",
        "each/0/inner started",
        "each/0/inner/0/a finished",
        "each/0/inner stopped",
        "each stopped",
        "done: Found x",
    ]


async def test_stop_as_failed_stops_what_runs_beside_it() -> None:
    playing = Playing(flow("go -> end", go=step("gated", gate="go"), end=step("stop", failed=True), slow=step("gated")))
    await playing.until("slow started", "go started")
    playing.stage.gate("go").set()
    assert (await playing.ended()).story[-3:] == ["end finished", "slow stopped", "failed: That is all"]


async def test_a_loop_that_is_tried_again_does_not_repeat_what_it_has_written(tmp_path: Path) -> None:
    inside = body(
        "w -> f",
        w=step("write", ledger=str(tmp_path / "ledger"), text="{{ item }}"),
        f=step("flaky", times=1),
        result="w.value",
    )
    played = await play(over(["x", "y"], each(inside, retry=Retry(times=3, wait=0))))
    assert played.outputs("each")["results"] == ["x", "y"]
    assert lines(tmp_path / "ledger") == ["x", "y"]
    assert [line for line in played.story if line.startswith("each ")] == [
        "each started",
        "each tries again: Item 1 of 2: “F”: Not now",
        "each started (2)",
        "each tries again: Item 2 of 2: “F”: Not now",
        "each started (3)",
        "each finished",
    ]


async def test_a_loop_that_is_tried_again_asks_about_what_was_cut_off_in_writing(tmp_path: Path) -> None:
    inside = body(w=step("write_then", ledger=str(tmp_path / "ledger"), then="hang"))
    made = over([1], each(inside, timeout=0.05, retry=Retry(times=1, wait=0)))
    played = await play(made, answer="It happened")
    assert lines(tmp_path / "ledger") == ["each/0/w"]
    assert played.story == [
        "items finished",
        "each started",
        "each/0/w started",
        "each/0/w stopped",
        "each tries again: This step took longer than its limit of 0.05 s.",
        "each started (2)",
        "each/0/w asks: Did “W” happen?",
        "each/0/w is answered: It happened",
        "each/0/w finished",
        "each finished",
        "done",
    ]


async def test_the_last_progress_is_told() -> None:
    played = await play(flow(a=step("chatty", times=1000)))
    told = [each.done for each in played.events if isinstance(each, Progressed)]
    assert (told[0], told[-1]) == (1, 1000)
    assert len(told) < 10


async def test_a_switched_off_loop_needs_nothing_inside() -> None:
    made = over([1], each(body(), disabled=True))
    assert (await story(made))[1:] == ["each skipped: It is switched off.", "done"]
