"""When steps start, and why some do not."""

from __future__ import annotations

import asyncio
from pathlib import Path

from flows.model import Retry
from nodes.context import Answer
from tests.engine.story import Playing, body, each, flow, flow_of, play, step, story


async def test_steps_run_one_after_the_other_along_their_wires() -> None:
    made = flow("a.value -> b.value", "b -> c", a=step("say", text="x"), b=step("say"), c=step("say"))
    assert await story(made) == ["a finished", "b finished", "c finished", "done"]


async def test_a_step_starts_the_moment_its_inputs_are_there_and_waits_for_no_level() -> None:
    # Two arms of two steps. The first of the one arm never ends before the second of the other has.
    made = flow(
        "slow -> after_slow",
        "quick -> after_quick",
        slow=step("gated", gate="slow"),
        quick=step("gated", gate="quick"),
        after_slow=step("say"),
        after_quick=step("gated", gate="after_quick"),
    )
    playing = Playing(made)
    await playing.until("slow started", "quick started")
    playing.stage.gate("quick").set()
    await playing.until("after_quick started")
    playing.stage.gate("after_quick").set()
    await playing.until("after_quick finished")
    assert "slow finished" not in playing.story
    playing.stage.gate("slow").set()
    assert (await playing.ended()).story[-3:] == ["slow finished", "after_slow finished", "done"]


async def test_a_reference_is_waited_for_like_a_wire() -> None:
    made = flow(b=step("say", text="{{ a.value }}!"), a=step("say", text="x"))
    played = await play(made)
    assert played.story == ["a finished", "b finished", "done"]
    assert played.outputs("b") == {"value": "x!"}


async def test_a_pure_step_that_takes_its_time_is_told_once() -> None:
    assert await story(flow(a=step("suspends"))) == ["a started", "a finished", "done"]


async def test_a_step_in_a_thread_can_write_into_its_log() -> None:
    played = await play(flow("a -> b", a=step("thread"), b=step("say")))
    assert played.story == ["a started", "a finished", "b finished", "done"]
    assert [getattr(each, "text", None) for each in played.events if hasattr(each, "level")] == [
        "not the loop's thread: True"
    ]


async def test_a_failure_spreads_to_what_depends_on_it_and_its_siblings_finish() -> None:
    made = flow(
        "a -> b", "b -> c", "a -> d", "d -> e",
        a=step("say"), b=step("fail"), c=step("say"), d=step("say"), e=step("say"),
    )  # fmt: skip
    assert await story(made) == [
        "a finished",
        "b failed: No such page",
        "d finished",
        "c skipped: “B” did not finish.",
        "e finished",
        "failed: “B” failed: No such page",
    ]


async def test_siblings_that_take_time_finish_after_a_failure() -> None:
    playing = Playing(flow(slow=step("gated", gate="slow"), bad=step("fail")))
    await playing.until("bad failed: No such page")
    playing.stage.gate("slow").set()
    assert (await playing.ended()).story[-2:] == ["slow finished", "failed: “BAD” failed: No such page"]


async def test_a_way_not_taken_starves_what_needs_it_and_a_join_by_order_still_fires() -> None:
    made = flow(
        "fork.left -> a.value", "fork.right -> b.value", "a -> join", "b -> join",
        fork=step("fork", way="left"), a=step("say"), b=step("say"), join=step("say"),
    )  # fmt: skip
    assert await story(made) == [
        "fork finished",
        "a finished",
        "b skipped: “FORK” did not go the way “right”.",
        "join finished",
        "done",
    ]


async def test_a_join_after_no_way_at_all_is_skipped() -> None:
    made = flow(
        "fork.left -> a", "fork.right -> b", "a -> join", "b -> join",
        fork=step("fork", way=""), a=step("say"), b=step("say"), join=step("say"),
    )  # fmt: skip
    assert await story(made) == [
        "fork finished",
        "a skipped: “FORK” did not go the way “left”.",
        "b skipped: “FORK” did not go the way “right”.",
        "join skipped: “A” was skipped.",
        "done",
    ]


async def test_an_order_wire_after_a_way_not_taken_holds_even_if_a_value_is_there() -> None:
    made = flow(
        "fork.left -> a", "a -> last", "x.value -> last.needed",
        fork=step("fork", way="right"), a=step("say"), x=step("say"), last=step("into"),
    )  # fmt: skip
    assert (await story(made))[-2:] == ["last skipped: “A” was skipped.", "done"]


async def test_ways_join_whether_they_carry_a_value_or_not() -> None:
    made = flow(
        "fork.left -> a", "fork.right -> b", "a -> join", "b.value -> join.a",
        fork=step("fork", way="right"), a=step("say"), b=step("say", text="b"), join=step("both"),
    )  # fmt: skip
    assert (await play(made)).outputs("join") == {"value": ["b", None]}


async def test_an_optional_input_alone_on_a_way_not_taken_skips_its_step() -> None:
    made = flow("fork.left -> a.value", fork=step("fork", way="right"), a=step("say"))
    assert (await story(made))[1:] == ["a skipped: “FORK” did not go the way “left”.", "done"]


async def test_optional_inputs_join_two_ways() -> None:
    made = flow("fork.left -> join.a", "fork.right -> join.b", fork=step("fork", way="right"), join=step("both"))
    assert (await play(made)).outputs("join") == {"value": [None, "r"]}


async def test_an_optional_input_beside_a_value_that_is_there_may_stay_empty() -> None:
    made = flow(
        "x.value -> a.needed", "fork.left -> a.extra", x=step("say", text="x"), fork=step("fork", way="right"),
        a=step("into"),
    )  # fmt: skip
    assert (await play(made)).outputs("a") == {"value": ["x", None]}


async def test_a_reference_to_a_way_not_taken_skips_like_a_wire() -> None:
    made = flow(fork=step("fork", way="right"), a=step("say", text="{{ fork.left }}"))
    assert (await story(made))[1:] == ["a skipped: “FORK” did not go the way “left”.", "done"]


async def test_a_reference_to_either_way_runs_on_the_one_that_was_taken() -> None:
    text = "{{ fork.left if fork.left is defined else fork.right }}"
    made = flow(fork=step("fork", way="right"), a=step("say", text=text))
    assert (await play(made)).outputs("a") == {"value": "r"}


async def test_a_reference_with_a_default_is_waited_for_and_not_needed() -> None:
    made = flow(
        "fork.left -> a", a=step("say", text="x"), fork=step("fork", way="right"),
        b=step("say", text="{{ a.value | default('nothing') }}"),
    )  # fmt: skip
    played = await play(made)
    assert played.story == ["fork finished", "a skipped: “FORK” did not go the way “left”.", "b finished", "done"]
    assert played.outputs("b") == {"value": "nothing"}


async def test_a_step_that_is_switched_off_lets_the_order_through_and_no_value() -> None:
    made = flow(
        "off -> after", "off.value -> needs.needed",
        off=step("say", disabled=True), after=step("say"), needs=step("into"),
        refers=step("say", text="{{ off.value }}"),
    )  # fmt: skip
    assert await story(made) == [
        "off skipped: It is switched off.",
        "after finished",
        "needs skipped: “OFF” is switched off.",
        "refers skipped: “OFF” is switched off.",
        "done",
    ]


async def test_a_pinned_output_stands_for_a_run(tmp_path: Path) -> None:
    made = flow(
        "w.value -> a.value",
        w=step("write", ledger=str(tmp_path / "l"), pinned={"value": "as it was"}),
        a=step("say"),
    )
    played = await play(made)
    assert (played.story, played.outputs("a")) == (["w finished", "a finished", "done"], {"value": "as it was"})
    assert not (tmp_path / "l").exists()


async def test_a_pinned_output_that_lacks_what_is_needed_skips_in_words() -> None:
    made = flow("p.value -> a.needed", p=step("say", pinned={"other": 1}), a=step("into"))
    assert (await story(made))[1:] == ["a skipped: “P” did not go the way “value”.", "done"]


async def test_at_the_error_port_the_run_goes_on_there_and_nowhere_else() -> None:
    made = flow(
        "a.error -> help.value", "a.value -> next.value", "a -> after",
        a=step("fail", on_error="port"), help=step("say"), next=step("say"), after=step("say"),
    )  # fmt: skip
    played = await play(made)
    assert played.story == [
        "a failed: No such page",
        "help finished",
        "next skipped: “A” failed.",
        "after skipped: “A” failed.",
        "done",
    ]
    assert played.outputs("help") == {"value": {"message": "No such page", "hint": "Check the address."}}


async def test_without_a_failure_the_error_port_is_a_way_not_taken() -> None:
    made = flow("a.error -> help.value", a=step("say", on_error="port"), help=step("say"))
    assert (await story(made))[1:] == ["help skipped: “A” did not go the way “error”.", "done"]


async def test_a_failure_that_is_passed_over_takes_only_its_value_away() -> None:
    made = flow(
        "a -> after", "a.value -> needs.needed",
        a=step("fail", on_error="continue"), after=step("say"), needs=step("into"),
    )  # fmt: skip
    assert await story(made) == [
        "a failed: No such page",
        "after finished",
        "needs skipped: “A” failed, and the flow went on without it.",
        "done",
    ]


async def test_a_failing_step_is_tried_again_and_each_wait_is_longer() -> None:
    waits = Retry(times=3, wait=0.001, backoff=2)
    played = await play(flow(a=step("flaky", times=2, retry=waits)))
    assert played.story == [
        "a started",
        "a tries again: Not now",
        "a started (2)",
        "a tries again: Not now",
        "a started (3)",
        "a finished",
        "done",
    ]


async def test_after_the_last_try_the_failure_stands() -> None:
    played = await play(flow(a=step("flaky", times=9, retry=Retry(times=1, wait=0))))
    assert played.story[-2:] == ["a failed: Not now", "failed: “A” failed: Not now"]
    assert len(played.stage.calls) == 2


async def test_what_trying_again_cannot_mend_is_not_tried_again() -> None:
    played = await play(flow(a=step("flaky", times=9, final=True, retry=Retry(times=5, wait=0))))
    assert (played.story[1], len(played.stage.calls)) == ("a failed: Not now", 1)


async def test_a_step_has_its_time_limit() -> None:
    made = flow(a=step("gated", timeout=0.05), b=step("say"))
    played = await play(made)
    assert played.story[-2:] == [
        "a failed: This step took longer than its limit of 0.05 s.",
        "failed: “A” failed: This step took longer than its limit of 0.05 s.",
    ]
    assert played.failure("a").hint == "Raise the limit."


async def test_a_writing_step_that_took_too_long_is_not_tried_again(tmp_path: Path) -> None:
    slow = step("write_then", ledger=str(tmp_path / "l"), then="hang", timeout=0.05, retry=Retry(times=3, wait=0))
    played = await play(flow(a=slow))
    assert played.story[1:2] == ["a failed: This step took longer than its limit of 0.05 s."]
    assert played.failure("a").hint == "It may have happened all the same: look, then raise the limit."


async def test_the_time_a_person_takes_counts_for_no_time_limit() -> None:
    inside = body(ask=step("ask", timeout=0.1))
    made = flow("g.value -> each.items", g=step("give", value=[1]), each=each(inside, timeout=0.2))
    playing = Playing(made)
    await playing.until("each/0/ask asks: Go on?")
    await asyncio.sleep(0.4)
    assert await playing.shared.answer("each/0/ask", "1. Go on?", Answer("Yes"))
    assert (await playing.ended()).story[-3:] == ["each/0/ask finished", "each finished", "done"]


async def test_the_result_is_what_the_last_steps_give() -> None:
    one = flow("a -> b", a=step("say", text="x"), b=step("say", text="y"))
    assert (await play(one)).end.result == {"value": "y"}
    two = flow(a=step("say", text="x"), b=step("say", text="y"))
    assert (await play(two)).end.result == {"a": {"value": "x"}, "b": {"value": "y"}}
    named = flow(a=step("say", text="x"), b=step("say", text="y"), result="[a.value, b.value]")
    assert (await play(named)).end.result == ["x", "y"]


async def test_the_result_is_nothing_where_the_step_it_needs_was_skipped() -> None:
    made = flow(fork=step("fork", way="left"), a=step("say", text="{{ fork.right }}"), result="a.value")
    assert (await play(made)).end.result is None
    other = flow(fork=step("fork", way="left"), result="fork.right")
    assert (await play(other)).end.result is None


async def test_a_result_that_cannot_be_made_fails_in_words() -> None:
    made = flow(a=step("say", text="x"), result="a.value - 1")
    assert (await story(made))[-1].startswith("failed: The result cannot be made:")


async def test_a_thousand_steps_that_take_time_run_side_by_side() -> None:
    playing = Playing(flow_of({f"s{number}": step("gated", gate="all") for number in range(1000)}))
    await playing.until(*(f"s{number} started" for number in (0, 500, 999)))
    assert not any("finished" in line for line in playing.story)
    playing.stage.gate("all").set()
    assert (await playing.ended()).end.status == "done"
