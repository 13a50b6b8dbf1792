"""A run stops at its limits, asks, and goes on from the same point: nothing begins meanwhile, nothing runs twice."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from app.engine.asking import STOP
from app.engine.budget import MORE, Budget, Caps, Day
from app.engine.events import Answered, Asked, Ended, Event, Finished, Spent, Started
from app.engine.past import NOTHING, Past
from app.engine.usage import Tally, Used, WorkClock, tally_of
from flows.model import Flow, Limits
from nodes.context import Answer
from tests.engine.steps import Stage
from tests.engine.story import Playing, body, each, flow, past_until, step


def governed(
    made: Flow, limits: Limits, *, past: Past = NOTHING, events: list[Event] | None = None, **more: Any
) -> Playing:
    """A run with these limits, which goes on after these events."""
    playing = Playing(made, stage=more.pop("stage", None), past=past)
    playing.shared.govern(budget=Budget(limits, tally_of(events or []), answers=past.answers, **more))
    return playing


async def asked(playing: Playing, number: int = 1) -> Asked:
    """The question of this number, once it is asked."""
    async with asyncio.timeout(10):
        while len(found := [each for each in playing.notebook.events if isinstance(each, Asked)]) < number:
            assert not playing.task.done(), playing.story
            await asyncio.sleep(0)
    return found[number - 1]


async def say(playing: Playing, question: Asked, choice: str, payload: Any = None) -> None:
    assert await playing.shared.answer(question.step, question.key, Answer(choice, payload))


def agent(rounds: int, **settings: Any) -> Flow:
    """Calls something that costs money again and again."""
    calls = body(pay=step("pays", **settings), result="pay.value")
    return flow("g.value -> l.items", g=step("give", value=list(range(rounds))), l=each(calls))


async def test_r29_an_agent_that_loops_stops_at_its_limit_in_money_and_keeps_what_it_has() -> None:
    playing = governed(agent(1000, money=0.1), Limits(money=0.35))
    question = await asked(playing)
    assert (question.step, question.sort, question.title) == (
        "",
        "budget",
        "The run's limit of $0.35 is reached. Go on?",
    )
    assert (question.choices, question.editable, question.payload) == ((MORE, STOP), True, {"limit": 0.8})
    assert len(playing.stage.calls) == 4
    await say(playing, question, STOP)
    played = await playing.ended()
    assert (played.end.status, played.end.message) == ("stopped", "Stopped at the run's limit of $0.35.")
    assert sum(isinstance(each, Finished) and each.step.endswith("pay") for each in played.events) == 4


async def test_r29_an_agent_that_loops_stops_at_its_limit_in_steps() -> None:
    playing = governed(agent(1000, money=0), Limits(steps=12))
    await asked(playing)
    assert len(playing.stage.calls) == 10
    assert len([each for each in playing.notebook.events if isinstance(each, Started)]) == 11


async def test_r29_quick_steps_count_too_and_wait_at_the_limit() -> None:
    inside = body("a.value -> b.value", a=step("say", text="x"), b=step("say"))
    made = flow("g.value -> l.items", g=step("give", value=list(range(500))), l=each(inside))
    playing = governed(made, Limits(steps=42))
    question = await asked(playing)
    finished = [each for each in playing.notebook.events if isinstance(each, Finished)]
    assert len(finished) == 41  # And the loop that goes on around them.
    await say(playing, question, MORE, {"limit": 5000})
    assert (await playing.ended()).end.status == "done"


async def test_with_more_the_run_goes_on_from_the_same_point() -> None:
    playing = governed(agent(10, money=0.1), Limits(money=0.35))
    await say(playing, await asked(playing), MORE, {"limit": 0.65})
    await say(playing, question := await asked(playing, 2), MORE, {"limit": 50})
    assert question.title == "The run's limit of $0.65 is reached. Go on?"
    played = await playing.ended()
    assert (played.end.status, len(played.stage.calls), len(set(played.stage.calls))) == ("done", 10, 10)


async def test_a_limit_below_what_is_used_is_asked_for_again_with_a_sentence() -> None:
    playing = governed(agent(5, money=0.1), Limits(money=0.35))
    await say(playing, await asked(playing), MORE, {"limit": 0.2})
    again = await asked(playing, 2)
    assert again.text.startswith("The limit has to be a number above $0.40.")
    await say(playing, again, MORE, {"limit": "$9"})
    assert (await playing.ended()).end.status == "done"


async def test_what_goes_on_finishes_while_nothing_new_begins() -> None:
    made = flow("p -> q", p=step("pays", money=1), q=step("say"), slow=step("gated", gate="slow"))
    playing = governed(made, Limits(money=1))
    question = await asked(playing)
    playing.stage.gate("slow").set()
    await playing.until("slow finished")
    assert "q finished" not in playing.story
    await say(playing, question, MORE)
    assert (await playing.ended()).end.status == "done"


async def test_calls_of_unknown_cost_are_said_and_never_count_as_nothing() -> None:
    inside = body(free=step("pays"), pay=step("pays", money=0.1))
    made = flow("g.value -> l.items", g=step("give", value=[1, 2, 3, 4, 5]), l=each(inside))
    playing = governed(made, Limits(money=0.3))
    question = await asked(playing)
    assert "To that come 3 calls of unknown cost." in question.text
    await say(playing, question, STOP)
    played = await playing.ended()
    assert played.end.message == "Stopped at the run's limit of $0.30, with 3 calls of unknown cost besides."
    said = [each for each in played.events if "is not known" in getattr(each, "text", "")]
    assert len(said) == 1


async def test_after_a_restart_all_that_was_used_counts_and_what_was_allowed_holds() -> None:
    made, limits = agent(10, money=0.1), Limits(money=0.35)
    first = governed(made, limits)
    await say(first, await asked(first), MORE, {"limit": 0.65})
    await asked(first, 2)
    first.task.cancel()
    await first.task
    events = [each for each in first.notebook.events if not isinstance(each, Ended)]
    assert round(tally_of(events).used.money, 6) == 0.7
    stage = Stage()
    again = governed(made, limits, past=past_until(made, events), events=events, stage=stage)
    question = await asked(again)
    assert question.title == "The run's limit of $0.65 is reached. Go on?"
    await say(again, question, MORE, {"limit": 9})
    assert (await again.ended()).end.status == "done"
    assert len(stage.calls) == 3


async def test_who_stopped_at_a_limit_is_asked_again_when_the_run_is_continued() -> None:
    made, limits = agent(4, money=0.1), Limits(money=0.15)
    first = governed(made, limits)
    await say(first, await asked(first), STOP)
    events = (await first.ended()).events
    again = governed(made, limits, past=past_until(made, events), events=events)
    await say(again, await asked(again), MORE)
    assert (await again.ended()).end.status == "done"


async def test_the_limits_of_a_day_count_all_runs() -> None:
    day = Day(flow=Used(money=0.9), studio=Used(money=5.0), caps=Caps(money=100))
    playing = governed(agent(10, money=0.1), Limits(money_a_day=1), day=lambda: day)
    assert (await asked(playing)).title == "The flow's limit for a day of $1.00 is reached. Go on?"
    assert (round(day.flow.money, 6), round(day.studio.money, 6)) == (1.0, 5.1)
    await playing.stop()
    day = Day(studio=Used(tokens=95), caps=Caps(tokens=100))
    playing = governed(agent(10, tokens=3, money=0), Limits(), day=lambda: day)
    question = await asked(playing)
    assert question.title == "The limit of all flows for a day of 100 tokens is reached. Go on?"
    assert question.text.startswith("All runs of today together have used 101 tokens.")
    await playing.stop()


class Hands:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


async def test_the_time_that_a_person_takes_is_no_time_at_work() -> None:
    hands = Hands()
    made = flow("ask -> slow", "slow -> end", ask=step("ask"), slow=step("gated", gate="slow"), end=step("say"))
    playing = governed(made, Limits(seconds=60), now=hands)
    question = await asked(playing)
    hands.now += 86_400
    await say(playing, question, "Yes")
    await playing.until("slow started")
    hands.now += 61
    playing.stage.gate("slow").set()
    limit = await asked(playing, 2)
    assert limit.title == "The run's limit of 60 s at work is reached. Go on?"
    hands.now += 86_400
    await say(playing, limit, MORE)
    assert (await playing.ended()).end.status == "done"


def test_the_clock_stands_still_only_while_everything_waits() -> None:
    hands = Hands()
    clock = WorkClock(now=hands)
    clock.begins("a")
    clock.begins("b")
    with clock.waiting("a"):
        hands.now += 10
        clock.ends("b")
        hands.now += 1000
    hands.now += 1
    assert clock.seconds == 11


def test_a_call_holds_back_the_most_that_it_may_use() -> None:
    budget = Budget(Limits(tokens=100))
    assert budget.reached(tokens=60) is None
    budget.reserve("first", 60)
    reached = budget.reached(tokens=60)
    assert reached is not None
    assert reached.used == 120
    budget.spend(10, 10, None)
    budget.release("first")
    assert budget.reached(tokens=60) is None


def test_the_journal_tells_what_was_used() -> None:
    def at(second: float, make: Callable[[float], Event]) -> Event:
        return make(second)

    events = [
        at(0, lambda now: Started(now, "l")),
        at(1, lambda now: Started(now, "l/0/a")),
        at(2, lambda now: Spent(now, "l/0/a", tokens_in=5, tokens_out=6, money=None)),
        at(3, lambda now: Asked(now, "l/0/a", key="1", title="?")),
        at(1003, lambda now: Answered(now, "l/0/a", key="1", choice="Yes")),
        at(1005, lambda now: Started(now, "l/0/a", attempt=2)),
        at(1006, lambda now: Finished(now, "l/0/a")),
        at(1007, lambda now: Finished(now, "l/0/quick")),
        at(1008, lambda now: Finished(now, "l/1/old", reused="another run")),
        at(1009, lambda now: Finished(now, "l")),
    ]
    tally = tally_of(events)
    assert (tally.steps, tally.seconds) == (3, 9)
    assert tally == Tally(Used(tokens=11, unpriced=1), 3, 9)
