"""A failed step is tried again where that is safe, when it is due, and not more often than was said."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from app.engine.attempt import time_limit
from app.engine.events import Event, Retried, Started
from app.engine.plan import plan
from app.engine.retries import LONGEST
from flows.model import Retry, Step
from tests.engine.steps import CATALOG, lines
from tests.engine.story import Playing, each, flow, flow_of, past_until, play, step, told
from tests.engine.story import body as inside


def retried(events: list[Event]) -> list[Retried]:
    return [each for each in events if isinstance(each, Retried)]


async def test_r05_a_writing_step_is_tried_again_only_where_it_certainly_did_nothing(tmp_path: Path) -> None:
    again = Retry(times=3, wait=0)
    sent = await play(flow(w=step("write_then", ledger=str(tmp_path / "sent"), then="fail", retry=again)))
    assert (lines(tmp_path / "sent"), retried(sent.events)) == (["w"], [])
    assert sent.failure("w").hint == "It was not tried again, because it may have happened all the same."
    not_sent = await play(flow(w=step("write_then", ledger=str(tmp_path / "not"), then="not sent", retry=again)))
    assert len(retried(not_sent.events)) == 3


@pytest.mark.parametrize("trouble", ["unreachable", "busy", "timeout", "other"])
async def test_only_the_named_failures_are_tried_again(trouble: str) -> None:
    only = Retry(times=5, wait=0, only=("busy", "timeout"))
    played = await play(flow(a=step("refused", trouble=trouble, retry=only)))
    assert played.end.status == ("done" if trouble in ("busy", "timeout") else "failed")


async def test_r05_what_asks_to_wait_is_waited_for_and_that_is_said() -> None:
    made = flow(a=step("refused", times=2, retry_after=0.15, retry=Retry(times=3, wait=0)))
    began = time.perf_counter()
    played = await play(made)
    assert time.perf_counter() - began >= 0.3
    assert [(each.asked, each.wait >= 0.15, each.left) for each in retried(played.events)] == [
        (True, True, 3),
        (True, True, 2),
    ]


async def test_what_asks_to_wait_for_longer_than_a_day_is_not_tried_again_and_that_is_said() -> None:
    made = flow(a=step("refused", retry_after=LONGEST + 1, retry=Retry(times=3, wait=0)))
    played = await play(made)
    assert played.end.status == "failed"
    assert played.failure("a").hint == "It was not tried again: its waits would come to more than 24 hours."


async def test_r05_two_steps_that_fail_together_do_not_come_again_together() -> None:
    steps = {f"s{number}": step("refused", retry=Retry(times=1, wait=0.05)) for number in range(12)}
    waits = [each.wait for each in retried((await play(flow_of(steps))).events)]
    assert len(set(waits)) > 6
    assert all(0.04 <= wait <= 0.06 for wait in waits)


async def test_a_run_that_was_cut_off_between_two_tries_goes_on_with_those_that_are_left() -> None:
    made = flow(a=step("refused", times=99, retry=Retry(times=3, wait=0)))
    whole = (await play(made)).events
    until = next(index for index, each in enumerate(whole) if told([each]) == ["a started (3)"])
    again = await play(made, past=past_until(made, whole[:until]))
    assert again.story[:3] == ["a started (3)", "a tries again: Refused", "a started (4)"]
    assert again.end.status == "failed"


async def test_what_is_left_of_a_wait_is_waited_after_a_restart() -> None:
    made = flow(a=step("refused", times=0, retry=Retry(times=3, wait=30)))
    before: list[Event] = [Started(time.time(), "a"), Retried(time.time(), "a", message="Refused", wait=0.25)]
    began = time.perf_counter()
    played = await play(made, past=past_until(made, before))
    assert 0.15 < time.perf_counter() - began < 10
    assert played.story == ["a started (2)", "a finished", "done"]


async def test_a_step_that_failed_for_good_has_all_its_tries_when_its_run_is_continued() -> None:
    made = flow(a=step("refused", times=99, retry=Retry(times=1, wait=0)))
    again = await play(made, past=(await play(made)).past)
    assert again.story[0] == "a started"
    assert len(retried(again.events)) == 1


async def test_a_failed_step_gives_the_value_that_is_given_for_this_case_and_says_so() -> None:
    made = flow(
        "a.value -> b.value",
        a=step("fail", on_error="continue", instead={"value": "nothing today"}),
        b=step("say"),
    )
    played = await play(made)
    assert (played.end.status, played.outputs("b")) == ("done", {"value": "nothing today"})
    failed = played.failure("a")
    assert (failed.message, failed.went_on) == (
        "No such page",
        "The flow went on with the value that is given for this case.",
    )


async def test_without_a_value_for_this_case_what_needs_one_is_skipped() -> None:
    made = flow("a.value -> b.value", "a -> c", a=step("fail", on_error="continue"), b=step("length"), c=step("say"))
    made = made.model_copy(update={"wires": tuple(w.model_copy(update={"target_port": "text"}) if w.target == "b" else w
                                                  for w in made.wires)})  # fmt: skip
    played = await play(made)
    assert "c finished" in played.story
    assert "b skipped: “A” failed, and the flow went on without it." in played.story


async def test_the_value_for_a_failure_holds_in_every_round_of_a_loop() -> None:
    bad = step("fail_on", bad=2, value="{{ item }}", on_error="continue", instead={"value": "-"})
    made = flow("g.value -> l.items", g=step("give", value=[1, 2, 3]), l=each(inside(one=bad, result="one.value")))
    assert (await play(made)).end.result == {"results": [1, "-", 3], "failed": []}


def test_r21_every_step_that_uses_the_outside_world_has_a_time_limit() -> None:
    def limit(given: Step) -> float | None:
        made = flow("g.value -> a.items" if given.body else "g -> a", g=step("give", value=[1]), a=given)
        return time_limit(plan(made, CATALOG).scope.steps[1])

    assert limit(step("write")) == 600
    assert limit(step("web.get", url="https://example.com/")) == 600
    assert limit(step("ai.ask", prompt="x")) == 900
    assert limit(step("code.python", code="return 1")) == 600
    assert limit(step("write", timeout=5)) == 5
    assert limit(step("say")) is None
    assert limit(each(inside(w=step("write")))) is None


async def test_r21_the_limit_that_nobody_set_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.engine.attempt.LIMIT", 0.05)
    played = await play(flow(a=step("gated", retry=Retry(times=1, wait=0, only=("timeout",)))))
    assert len(retried(played.events)) == 1
    assert played.failure("a").message == "This step took longer than 0.05 s, the limit where its author has set none."


async def test_a_wait_between_two_tries_ends_when_the_run_is_stopped() -> None:
    playing = Playing(flow(a=step("refused", retry=Retry(times=1, wait=3000))))
    await playing.until("a tries again: Refused")
    async with asyncio.timeout(5):
        assert (await playing.stop()).end.status == "stopped"
