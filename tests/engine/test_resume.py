"""Going on with a run: nothing is done twice, nothing that may have happened is repeated silently."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.engine.events import Event
from app.engine.past import Past
from flows.model import Flow, Retry
from nodes.context import Answer
from tests.engine.steps import Stage, lines
from tests.engine.story import Playing, body, each, flow, past_until, play, step, told


def cut(flow: Flow, events: list[Event], line: str) -> Past:
    """What a run knows that was killed right after this line of its story."""
    for until in range(1, len(events) + 1):
        if told(events[:until])[-1:] == [line]:
            return past_until(flow, events[:until])
    raise AssertionError(told(events))


async def test_once_what_was_missing_is_there_only_what_is_left_is_run(tmp_path: Path) -> None:
    ledger = str(tmp_path / "ledger")
    made = flow(
        "a -> w", "w -> m", "m -> last", "a.value -> other.value",
        a=step("say", text="x"), w=step("write", ledger=ledger, text="once"),
        m=step("missing", path=str(tmp_path / "it")), last=step("write", ledger=ledger, text="last"), other=step("say"),
    )  # fmt: skip
    first = await play(made)
    assert first.end.status == "failed"
    (tmp_path / "it").touch()
    again = await play(made, past=first.past)
    assert again.story == ["m started", "m finished", "last started", "last finished", "done"]
    assert lines(tmp_path / "ledger") == ["once", "last"]
    assert again.end.result == {"other": {"value": "x"}, "last": {"value": "last"}}


async def test_a_loop_goes_on_in_the_round_where_it_broke(tmp_path: Path) -> None:
    inside = body(
        "w -> m",
        w=step("write", ledger=str(tmp_path / "ledger"), text="{{ item }}"),
        m=step("missing", path=str(tmp_path) + "/{{ item }}"),
        result="w.value",
    )
    made = flow("items.value -> each.items", items=step("give", value=["a", "b", "c"]), each=each(inside))
    (tmp_path / "a").touch()
    first = await play(made)
    assert first.end.message == "“EACH” failed: Item 2 of 3: “M”: The file is missing"
    (tmp_path / "b").touch()
    (tmp_path / "c").touch()
    again = await play(made, past=first.past)
    assert lines(tmp_path / "ledger") == ["a", "b", "c"]
    assert [line for line in again.story if line.endswith("finished")] == [
        "each/1/m finished",
        "each/2/w finished",
        "each/2/m finished",
        "each finished",
    ]
    assert again.outputs("each")["results"] == ["a", "b", "c"]


async def test_a_step_that_took_another_way_takes_it_again() -> None:
    made = flow(
        "fork.left -> a", "fork.right -> b", "a -> m", "m -> end",
        fork=step("fork", way="left"), a=step("say"), b=step("say"), m=step("flaky", times=1), end=step("say"),
    )  # fmt: skip
    stage = Stage()
    first = await play(made, stage=stage)
    again = await play(made, stage=stage, past=first.past)
    assert again.story == [
        "b skipped: “FORK” did not go the way “right”.",
        "m started",
        "m finished",
        "end finished",
        "done",
    ]


async def test_a_failure_that_the_flow_has_dealt_with_stays_one() -> None:
    # Else both branches would have run.
    made = flow(
        "a.error -> help.value", "a.value -> next.value", "help -> m",
        a=step("flaky", times=1, on_error="port"), help=step("say"), next=step("say"), m=step("fail"),
    )  # fmt: skip
    stage = Stage()
    first = await play(made, stage=stage)
    again = await play(made, stage=stage, past=first.past)
    assert again.story == [
        "a failed: Not now",
        "next skipped: “A” failed.",
        "m failed: No such page",
        "failed: “M” failed: No such page",
    ]


async def writing(tmp_path: Path, then: str = "hang") -> tuple[Flow, Past]:
    """A flow whose writing step was cut off after it had written, and what its run knows."""
    made = flow(
        "w -> after", "w.value -> needs.needed",
        w=step("write_then", ledger=str(tmp_path / "ledger"), then=then), after=step("say"), needs=step("into"),
    )  # fmt: skip
    playing = Playing(made)
    await playing.stage.gate("w wrote").wait()
    past = past_until(made, playing.notebook.events)
    await playing.stop()
    return made, past


def ending_well(made: Flow, tmp_path: Path) -> Flow:
    w = step("write_then", ledger=str(tmp_path / "ledger")).model_copy(update={"title": "W"})
    return made.model_copy(update={"steps": {**made.steps, "w": w}})


async def test_a_writing_step_in_doubt_asks_and_may_have_happened(tmp_path: Path) -> None:
    made, past = await writing(tmp_path)
    assert past.doubt == {"w"}
    again = await play(made, past=past, answer="It happened")
    assert again.story == [
        "w asks: Did “W” happen?",
        "w is answered: It happened",
        "w finished",
        "after finished",
        "needs skipped: “W” happened before the interruption, and what it gave is not known.",
        "done",
    ]
    assert lines(tmp_path / "ledger") == ["w"]


async def test_a_writing_step_in_doubt_asks_and_is_done_again(tmp_path: Path) -> None:
    made, past = await writing(tmp_path)
    again = await play(ending_well(made, tmp_path), past=past, answer="Do it again")
    assert again.story[:4] == ["w asks: Did “W” happen?", "w is answered: Do it again", "w started", "w finished"]
    assert lines(tmp_path / "ledger") == ["w", "w"]


async def test_a_writing_step_in_doubt_asks_and_the_run_stops(tmp_path: Path) -> None:
    made, past = await writing(tmp_path)
    again = await play(made, past=past, answer="Stop here")
    assert again.story[2:] == [
        "w stopped",
        "failed: Stopped at “W”, because it is not known whether it happened.",
    ]
    assert lines(tmp_path / "ledger") == ["w"]


async def test_whoever_stopped_in_doubt_is_asked_again_when_the_run_goes_on(tmp_path: Path) -> None:
    made, past = await writing(tmp_path)
    first = Playing(made, answer="Stop here", past=past)
    before = (await first.ended()).events
    playing = Playing(made)
    await playing.stage.gate("w wrote").wait()
    started = list(playing.notebook.events)
    await playing.stop()
    third = await play(made, past=past_until(made, [*started, *before]), answer="It happened")
    assert third.story[:2] == ["w asks: Did “W” happen?", "w is answered: It happened"]


async def test_every_doubt_is_asked_about_anew(tmp_path: Path) -> None:
    # "Do it again" is said of one start. If that one is cut off too, it says nothing.
    made, _ = await writing(tmp_path)
    first = Playing(made)
    await first.stage.gate("w wrote").wait()
    events = list(first.notebook.events)
    await first.stop()
    second = Playing(made, past=past_until(made, events), answer="Do it again")
    await second.stage.gate("w wrote").wait()
    events += second.notebook.events
    await second.stop()
    third = await play(made, past=past_until(made, events), answer="It happened")
    assert third.story[:3] == ["w asks: Did “W” happen?", "w is answered: It happened", "w finished"]


async def test_an_answer_to_a_doubt_outlives_the_next_crash(tmp_path: Path) -> None:
    made, _ = await writing(tmp_path)
    first = Playing(made)
    await first.stage.gate("w wrote").wait()
    events = list(first.notebook.events)
    await first.stop()
    second = await play(made, past=past_until(made, events), answer="It happened")
    until = told(second.events).index("w is answered: It happened")
    third = await play(made, past=past_until(made, [*events, *second.events[: until + 1]]))
    assert third.story[0] == "w finished"


async def test_a_stopped_run_leaves_its_writing_step_in_doubt(tmp_path: Path) -> None:
    made = flow(w=step("write_then", ledger=str(tmp_path / "ledger"), then="hang"))
    playing = Playing(made)
    await playing.stage.gate("w wrote").wait()
    assert (await playing.stop()).past.doubt == {"w"}


async def test_a_writing_step_that_failed_or_was_between_two_tries_is_in_no_doubt(tmp_path: Path) -> None:
    made = flow(w=step("write_then", ledger=str(tmp_path / "ledger"), then="fail"))
    assert (await play(made)).past.doubt == frozenset()
    tried = flow(w=step("write_then", ledger=str(tmp_path / "l"), then="not sent", retry=Retry(times=1, wait=0)))
    events = (await play(tried)).events
    assert cut(tried, events, "w tries again: It was not sent").doubt == frozenset()
    assert cut(tried, events, "w started (2)").doubt == {"w"}


async def test_a_step_that_stopped_the_run_is_played_again(tmp_path: Path) -> None:
    made = flow("s -> after", s=step("stop", message="No stock", failed=True), after=step("say"))
    first = await play(made)
    assert (await play(made, past=first.past)).story == ["s finished", "failed: No stock"]
    writes = flow(w=step("write_then", ledger=str(tmp_path / "ledger"), then="stop"))
    assert (await play(writes)).past.doubt == {"w"}


async def test_what_was_worked_out_once_is_not_worked_out_again() -> None:
    stage = Stage()
    made = flow(a=step("once"))
    first = await play(made, stage=stage)
    stage.gate("open").set()
    again = await play(made, stage=stage, past=first.past)
    assert (again.outputs("a"), stage.calls) == ({"value": {"dear": 1}}, ["worked out"])


async def test_what_was_worked_out_once_holds_for_the_next_try_too() -> None:
    played = await play(flow(a=step("once", retry=Retry(times=2, wait=0))))
    assert (played.end.status, played.stage.calls) == ("failed", ["worked out"])


async def test_an_answer_holds_for_the_next_try() -> None:
    played = await play(flow(a=step("ask", then="fail", retry=Retry(times=1, wait=0))), answer="Yes")
    assert played.story == [
        "a started",
        "a asks: Go on?",
        "a is answered: Yes",
        "a tries again: Then it failed",
        "a started (2)",
        "a finished",
        "done",
    ]


async def test_a_question_is_asked_again_after_a_crash_and_its_answer_holds_after_the_next() -> None:
    made = flow(a=step("ask"))
    first = Playing(made)
    await first.until("a asks: Go on?")
    events = list(first.notebook.events)
    await first.stop()
    second = await play(made, past=past_until(made, events), answer="No")
    assert second.story == ["a started", "a asks: Go on?", "a is answered: No", "a finished", "done"]
    answered = cut(made, [*events, *second.events], "a is answered: No")
    assert (await play(made, past=answered)).story == ["a started", "a finished", "done"]


async def test_only_one_of_the_choices_answers_and_only_once() -> None:
    playing = Playing(flow(a=step("ask")))
    await playing.until("a asks: Go on?")
    assert not await playing.shared.answer("a", "1. Go on?", Answer("Perhaps"))
    assert not await playing.shared.answer("a", "2. Go on?", Answer("Yes"))
    assert await playing.shared.answer("a", "1. Go on?", Answer("Yes"))
    assert not await playing.shared.answer("a", "1. Go on?", Answer("No"))
    assert (await playing.ended()).outputs("a") == {"value": "Yes"}


@pytest.mark.parametrize("kind", ["spend", "thread"])
async def test_a_step_that_does_not_write_is_simply_run_again(kind: str) -> None:
    made = flow(a=step(kind))
    events = (await play(made)).events
    past = cut(made, events, "a started")
    assert (await play(made, past=past)).story == ["a started", "a finished", "done"]
