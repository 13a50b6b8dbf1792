"""A run stands still before a step, shows what it is given, and goes on with what a person leaves there."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from app.engine.asking import STOP
from app.engine.debug import CONTINUE, NEXT, Debug
from app.engine.events import Asked, Event, Started
from app.engine.past import NOTHING, Past
from flows.model import Flow, Retry
from nodes.context import Answer
from tests.engine.steps import Stage, lines
from tests.engine.story import Playing, body, each, flow, past_until, step


def debugged(made: Flow, debug: Debug, *, past: Past = NOTHING, stage: Stage | None = None) -> Playing:
    playing = Playing(made, past=past, stage=stage)
    playing.shared.govern(debug=debug)
    return playing


async def stands(playing: Playing, number: int = 1) -> Asked:
    """The break of this number, once the run stands still there."""
    async with asyncio.timeout(10):
        while len(found := [each for each in playing.notebook.events if isinstance(each, Asked)]) < number:
            assert not playing.task.done(), playing.story
            await asyncio.sleep(0)
    for _ in range(20):  # Whatever wants to begin meanwhile has had its chance.
        await asyncio.sleep(0)
    return found[number - 1]


async def say(playing: Playing, at: Asked, choice: str, payload: Any = None) -> None:
    assert await playing.shared.answer(at.step, at.key, Answer(choice, payload))


def chain(**more: Any) -> Flow:
    return flow(
        "a.value -> b.value", "b.value -> c.value",
        a=step("say", text="one"), b=step("say", **more), c=step("say", text="{{ b.value }}!"),
    )  # fmt: skip


async def test_a_breakpoint_holds_a_step_and_shows_what_it_is_given() -> None:
    playing = debugged(chain(), Debug(frozenset({"b"})))
    at = await stands(playing)
    assert playing.story == ["a finished", "b asks: Stopped before “B”"]
    assert (at.sort, at.choices, at.editable) == ("break", (CONTINUE, NEXT, STOP), True)
    assert at.payload == {"settings": {"text": ""}, "inputs": {"value": "one"}}
    await say(playing, at, CONTINUE)
    played = await playing.ended()
    assert (played.end.status, played.end.result) == ("done", {"value": "one"})


async def test_with_edited_inputs_the_step_goes_on_and_the_journal_has_them() -> None:
    playing = debugged(chain(), Debug(frozenset({"b"})))
    at = await stands(playing)
    await say(playing, at, CONTINUE, {"settings": {"text": ""}, "inputs": {"value": "two"}})
    played = await playing.ended()
    assert (played.outputs("b"), played.outputs("c")) == ({"value": "two"}, {"value": "two"})
    started = next(each for each in played.events if isinstance(each, Started) and each.step == "b")
    assert started.given == {"text": "", "value": "two"}


async def test_with_edited_settings_the_step_goes_on_this_time() -> None:
    inside = body(w=step("say", text="{{ item }}"), result="w.value")
    made = flow("g.value -> l.items", g=step("give", value=["a", "b"]), l=each(inside))
    playing = debugged(made, Debug(frozenset({"l/w"})))
    first = await stands(playing)
    assert (first.step, first.payload) == ("l/0/w", {"settings": {"text": "a"}, "inputs": {}})
    await say(playing, first, CONTINUE, {"settings": {"text": "edited"}})
    second = await stands(playing, 2)
    assert (second.step, second.payload) == ("l/1/w", {"settings": {"text": "b"}, "inputs": {}})
    await say(playing, second, CONTINUE)
    assert (await playing.ended()).end.result == {"results": ["edited", "b"], "failed": []}


async def test_what_does_not_fit_is_said_in_a_sentence_and_the_step_still_stands() -> None:
    made = flow("a.value -> b.text", a=step("say", text="one"), b=step("length"))
    playing = debugged(made, Debug(frozenset({"b"})))
    at = await stands(playing)
    await say(playing, at, CONTINUE, {"settings": {}, "inputs": {"text": ["no", "text"]}})
    again = await stands(playing, 2)
    assert again.text.startswith("`text` needs text, but it was given a list.")
    await say(playing, again, CONTINUE, {"settings": {"size": 3}, "inputs": {"text": "one"}})
    third = await stands(playing, 3)
    assert third.text == "Length has no setting `size`. Nothing was changed."
    await say(playing, third, CONTINUE, {"settings": {}, "inputs": {"text": "four"}})
    assert (await playing.ended()).outputs("b") == {"value": 4}


async def test_next_step_stops_before_the_step_after_it_inside_loops_too() -> None:
    inside = body("x.value -> y.value", x=step("say", text="{{ item }}"), y=step("say"))
    made = flow("g.value -> l.items", "l -> end", g=step("give", value=[1, 2]), l=each(inside), end=step("say"))
    playing = debugged(made, Debug(stepping=True))
    order = []
    for number in range(1, 8):
        at = await stands(playing, number)
        order.append(at.step)
        await say(playing, at, NEXT)
    assert order == ["g", "l", "l/0/x", "l/0/y", "l/1/x", "l/1/y", "end"]
    assert (await playing.ended()).end.status == "done"


async def test_continue_after_stepping_goes_on_to_the_next_breakpoint() -> None:
    playing = debugged(chain(), Debug(frozenset({"c"}), stepping=True))
    await say(playing, await stands(playing), CONTINUE)
    at = await stands(playing, 2)
    assert at.step == "c"
    await say(playing, at, CONTINUE)
    assert (await playing.ended()).end.status == "done"


async def test_it_stops_before_everything_that_writes_or_costs_something(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger"
    made = flow(
        "a -> w", "w -> p", a=step("say"), w=step("write", ledger=str(ledger), text="line"), p=step("pays", money=1)
    )
    playing = debugged(made, Debug(on_writes=True))
    at = await stands(playing)
    assert (at.step, lines(ledger)) == ("w", [])
    await say(playing, at, CONTINUE, {"settings": {"ledger": str(ledger), "text": "another line"}})
    at = await stands(playing, 2)
    assert (at.step, lines(ledger)) == ("p", ["another line"])
    await say(playing, at, STOP)
    played = await playing.ended()
    assert (played.end.status, played.end.message) == ("stopped", "Stopped before “P”.")


async def test_while_one_step_stands_nothing_else_begins_and_what_goes_on_finishes() -> None:
    made = flow(
        "slow -> after", "b -> never",
        slow=step("gated", gate="slow"), b=step("suspends"), after=step("say"), never=step("say"),
    )  # fmt: skip
    playing = debugged(made, Debug(frozenset({"b"})))
    at = await stands(playing)
    playing.stage.gate("slow").set()
    await playing.until("slow finished")
    await stands(playing)
    assert "after finished" not in playing.story
    await say(playing, at, CONTINUE)
    assert (await playing.ended()).end.status == "done"


async def test_breakpoints_can_be_set_and_taken_away_while_it_runs() -> None:
    made = flow("slow -> b", "b -> c", slow=step("gated", gate="slow"), b=step("say"), c=step("say"))
    debug, heard = Debug(frozenset({"b"})), []
    debug.changed = lambda: heard.append(debug.as_json())
    playing = debugged(made, debug)
    await playing.until("slow started")
    debug.set(breakpoints={"c"})
    playing.stage.gate("slow").set()
    assert (await stands(playing)).step == "c"
    assert heard[-1] == {"breakpoints": ["c"], "on_writes": False, "stepping": False}
    assert Debug.from_json(heard[-1]) == debug
    await playing.stop()


async def test_a_run_left_at_a_break_stands_there_again_after_a_restart(tmp_path: Path) -> None:
    ledger, debug = tmp_path / "ledger", Debug(on_writes=True)
    made = flow("a -> w", a=step("say"), w=step("write", ledger=str(ledger), text="line"))
    first = debugged(made, debug)
    await stands(first)
    first.shared.stopped_as = "waiting"
    first.task.cancel()
    await first.task
    past = past_until(made, first.notebook.events)
    assert past.doubt == frozenset()
    again = debugged(made, debug, past=past)
    at = await stands(again)
    await say(again, at, CONTINUE)
    assert (await again.ended()).end.status == "done"
    assert lines(ledger) == ["line"]


async def test_what_was_left_at_a_break_counts_where_the_run_was_cut_off_behind_it(tmp_path: Path) -> None:
    made = flow(a=step("gated", gate="no"))
    debug = Debug(frozenset({"a"}))
    first = debugged(made, debug)
    await say(first, await stands(first), CONTINUE, {"settings": {"gate": "edited"}})
    await first.until("a started")
    events: list[Event] = list(first.notebook.events)
    await first.stop()
    stage = Stage()
    stage.gate("edited").set()
    again = debugged(made, debug, past=past_until(made, events), stage=stage)
    assert (await again.ended()).outputs("a") == {"value": "edited"}


async def test_each_new_try_of_a_container_stands_still_again() -> None:
    inside = body(x=step("flaky", times=1), result="x.value")
    looped = each(inside, retry=Retry(times=1, wait=0))
    made = flow("g.value -> l.items", g=step("give", value=[1]), l=looped)
    playing = debugged(made, Debug(frozenset({"l/x"})))
    await say(playing, await stands(playing), CONTINUE)
    await say(playing, await stands(playing, 2), CONTINUE)
    assert (await playing.ended()).end.status == "done"


async def test_who_stopped_at_a_break_stands_there_again_when_the_run_is_continued() -> None:
    debug = Debug(frozenset({"b"}))
    first = debugged(chain(), debug)
    await say(first, await stands(first), STOP)
    past = (await first.ended()).past
    again = debugged(chain(), debug, past=past)
    await say(again, await stands(again), CONTINUE)
    assert (await again.ended()).end.status == "done"
