"""Questions and rests inside the engine alone: deadlines, and what becomes of a question nobody waits for."""

from __future__ import annotations

import asyncio

from app.engine.asking import DEADLINE
from app.engine.events import Answered, Asked
from nodes.context import Answer, Question
from tests.engine.story import Playing, flow, step


class Desk:
    """An inbox in memory that has been asked before."""

    def __init__(self, known: Answer | None = None) -> None:
        self.known = known
        self.told: list[str] = []

    async def put(self, step: str, key: str, question: Question, sort: str) -> Answer | None:
        self.told.append(f"{step} asks {question.title}")
        return self.known

    async def expire(self, step: str, key: str, question: Question) -> Answer | None:
        self.told.append(f"{step} is late")
        return Answer("Yes", None, "somebody quicker")

    async def heard(self, step: str, key: str) -> None:
        self.told.append(f"{step} heard")

    def withdraw(self, step: str, key: str) -> None:
        self.told.append(f"{step} is withdrawn")


def desk_of(playing: Playing, desk: Desk) -> None:
    playing.shared.asking._desk = desk


async def test_what_was_decided_while_the_run_was_away_is_not_asked() -> None:
    playing = Playing(flow(a=step("ask")))
    desk = Desk(Answer("Yes", None, "the Inbox", 5.0))
    desk_of(playing, desk)
    played = await playing.ended()
    assert played.story == ["a started", "a asks: Go on?", "a is answered: Yes", "a finished", "done"]
    assert desk.told == ["a asks Go on?", "a heard"]
    (answered,) = (each for each in played.events if isinstance(each, Answered))
    assert (answered.by, answered.decided_at) == ("the Inbox", 5.0)


async def test_a_question_of_a_run_that_is_stopped_is_withdrawn_and_one_of_a_run_that_is_put_away_is_not() -> None:
    for stopped_as, told in (("stopped", ["a asks Go on?", "a is withdrawn"]), ("waiting", ["a asks Go on?"])):
        playing = Playing(flow(a=step("ask")))
        desk = Desk()
        desk_of(playing, desk)
        await playing.until("a asks: Go on?")
        await asyncio.sleep(0.01)
        assert playing.shared.can_be_put_away
        playing.shared.stopped_as = stopped_as
        await playing.stop()
        assert desk.told == told


async def test_at_the_deadline_the_answer_is_the_one_that_counts() -> None:
    approve = step("control.approve", title="Well?", deadline="2020-01-01")
    alone = await Playing(flow("a.timed_out -> b", a=approve, b=step("say"))).ended()
    (answered,) = (each for each in alone.events if isinstance(each, Answered))
    assert (answered.choice, answered.by) == ("The time ran out", DEADLINE)
    playing = Playing(flow(a=approve))
    desk = Desk()
    desk_of(playing, desk)
    played = await playing.ended()
    (answered,) = (each for each in played.events if isinstance(each, Answered))
    assert (answered.choice, answered.by) == ("Yes", "somebody quicker")


async def test_a_long_rest_is_asked_of_the_clock_and_a_short_one_of_nobody() -> None:
    playing = Playing(flow(a=step("control.wait", duration="1 h"), b=step("control.wait", duration="0.01 s")))
    await playing.until("b finished")
    (asked,) = (each for each in playing.notebook.events if isinstance(each, Asked))
    assert (asked.step, asked.sort, asked.choices) == ("a", "rest", ())
    assert playing.shared.can_be_put_away
    await playing.stop()
