"""R01 to R03: killed at any moment, nothing that was finished is lost, and nothing is silently done twice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.engine.asking import STOP
from app.engine.past import AGAIN, HAPPENED
from app.studio import open_studio
from tests.engine.steps import lines
from tests.engine.story import flow_of, past_until, play, step, told
from tests.faults.conftest import needs_kill
from tests.faults.kill_loop import KillLoop
from tests.faults.ledger import Fault, Ledger
from tests.faults.life import Life, free_port
from tests.faults.repeats import times
from tests.faults.studio import Orders
from tests.faults.waiting import becomes
from tests.runs.studio import soon

KILLS = times(12, 300)
PATIENT = times(60, 10)
"""Seconds a start may take: this machine may have other things to do."""

PLACES = ("run.created", "node.claimed", "effect.before", "effect.after_before_commit", "node.committed", "edge.next")


@needs_kill
def test_r01_killed_at_any_moment_no_finished_step_is_lost(tmp_path: Path) -> None:
    report = KillLoop(tmp_path, seed=20, victims=("parent", "group"), usable_within=PATIENT).until(KILLS)
    assert report.good, report
    assert report.kills == KILLS


@needs_kill
@pytest.mark.parametrize("place", PLACES)
def test_r01_killed_at_every_place_where_it_could_matter_no_finished_step_is_lost(place: str, tmp_path: Path) -> None:
    loop = KillLoop(tmp_path, seed=1, usable_within=PATIENT)
    for count in [1] if place == "run.created" else range(3, 3 + times(1, 20)):
        report = loop.at(f"{place}:{min(count, 10)}")
    assert report.good, report


@needs_kill
@pytest.mark.parametrize("count", [1, 6, 11] if times(1, 2) == 1 else list(range(1, 13)))
def test_r02_after_a_restart_a_run_continues_after_its_last_finished_step(count: int, tmp_path: Path) -> None:
    report = KillLoop(tmp_path, seed=1, usable_within=PATIENT).at(f"node.committed:{count}")
    assert report.good, report
    # In the loop a second round may have been on its way.
    assert report.asked <= (1 if 5 <= count <= 10 else 0)


async def test_r02_wherever_it_was_cut_off_only_what_was_left_is_run(tmp_path: Path) -> None:
    steps = {f"s{n}": step("write", ledger=str(tmp_path / "ledger"), text=str(n)) for n in range(1, 21)}
    made = flow_of(steps, *(f"s{n} -> s{n + 1}" for n in range(1, 20)))
    whole = await play(made)
    assert lines(tmp_path / "ledger") == [str(n) for n in range(1, 21)]
    for last in range(1, 21):
        until = told(whole.events).index(f"s{last} finished") + 1
        (tmp_path / "ledger").unlink(missing_ok=True)
        again = await play(made, past=past_until(made, whole.events[:until]))
        assert lines(tmp_path / "ledger") == [str(n) for n in range(last + 1, 21)]
        assert again.end == whole.end


@needs_kill
@pytest.mark.parametrize(
    ("moment", "choice"),
    [
        ("effect.before", AGAIN),
        ("during", HAPPENED),
        ("during", STOP),
        ("effect.after_before_commit", AGAIN),
        ("effect.after_before_commit", HAPPENED),
    ],
)
async def test_r03_a_step_that_touches_the_outside_world_is_never_silently_repeated(
    moment: str, choice: str, ledger: Ledger, live: Callable[..., Life], tmp_path: Path
) -> None:
    order = flow_of({"order": step("web.request", url=f"{ledger.url}/effect/order")}, result="order.status")
    Orders(order, free_port(), ledger.file, tmp_path).write(tmp_path / "orders")
    ledger.next(Fault(delay=2 if moment == "during" else 0))
    life = live(WEFT_FAILPOINT=moment)
    life.until("statuses")
    life.go()
    if moment == "during":
        ledger.until("order")
        life.kill()
    else:
        life.died()
    happened = 0 if moment == "effect.before" else 1
    assert ledger.counts()["order"] == happened

    studio = await open_studio(tmp_path / "home")
    try:
        await studio.runs.recover()
        (run,) = await studio.runs.stored.newest()
        assert run.status == "interrupted"
        await studio.runs.resume(run.id)
        watch = await studio.runs.watch(run.id, lambda _: None)
        await soon(lambda: bool(watch.picture.questions))
        (question,) = watch.picture.questions.values()
        assert question.title == "Did “ORDER” happen?"
        assert "“ORDER” was started on " in question.text
        assert "It is not known whether it happened." in question.text
        assert f"It works on `127.0.0.1:{ledger.port}`." in question.text
        assert all(entry.key in question.text for entry in ledger.entries())
        assert question.choices == (HAPPENED, AGAIN, STOP)
        await becomes(studio.runs, run.id, "waiting")
        assert ledger.counts()["order"] == happened, "Nothing is sent before somebody has chosen."
        assert await studio.runs.answer(run.id, question.step, question.key, choice)
        ended = await studio.runs.wait(run.id)
        watch.close()
    finally:
        await studio.close()
    assert ended.status == ("failed" if choice == STOP else "done")
    assert ledger.counts()["order"] == happened + (choice == AGAIN)
    assert len({entry.key for entry in ledger.entries()}) == len(ledger.entries()), (
        "Whoever says so wants a second one."
    )


@needs_kill
def test_r02_a_flow_that_resumes_by_itself_goes_on_without_a_click_where_nothing_is_in_doubt(
    ledger: Ledger, live: Callable[..., Life], tmp_path: Path
) -> None:
    steps = {name: step("web.request", url=f"{ledger.url}/effect/{name}") for name in ("one", "two", "three")}
    made = flow_of(steps, "one -> two", "two -> three").model_copy(update={"resumes_itself": True})
    Orders(made, free_port(), ledger.file, tmp_path).write(tmp_path / "orders")
    first = live(WEFT_FAILPOINT="node.committed:2")
    first.until("statuses")
    first.go()
    first.died()
    second = live(WEFT_FAILPOINT="effect.after_before_commit")
    assert len(second.until("statuses")["going"]) == 1, "It goes on without anybody."
    second.died()
    assert ledger.names() == ["one", "two", "three"]
    (tmp_path / "home" / "starts.json").unlink()
    third = live()
    assert third.until("statuses")["going"] == [], "The third may have happened: a person has to look."
    third.go()
    assert third.until("answered")["choice"] == HAPPENED
    assert third.until("ended")["ended"] == "done"
    third.end()
    assert ledger.names() == ["one", "two", "three"]
