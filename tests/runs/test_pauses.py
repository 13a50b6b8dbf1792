"""A loop that rests between its rounds: the run is put away meanwhile, and no round is played twice."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from tests.engine.steps import lines
from tests.engine.story import body, flow, step
from tests.runs.studio import RunStudio, soon
from tests.runs.test_waiting import BEGAN, Clock, put_away


def _has(ledger: Path, count: int) -> bool:
    return len(lines(ledger)) == count


async def test_a_loop_rests_for_hours_through_restarts(tmp_path: Path) -> None:
    clock, ledger = Clock(), tmp_path / "ledger"
    inside = body(w=step("write", ledger=str(ledger), text="{{ index }}"), result="w.value")
    made = flow(rep=step("control.repeat_until", inside, until="{{ index == 3 }}", pause=3600))
    async with RunStudio(tmp_path, clock=clock) as studio:
        run_id = await put_away(studio, made)
        assert lines(ledger) == ["0"]
    for hour in (1, 2, 3):
        clock.now = BEGAN + hour * 3600 + hour
        async with RunStudio(tmp_path, clock=clock) as studio:
            studio.runs.parking.after = 0
            await studio.runs.recover()
            await soon(partial(_has, ledger, hour + 1))
            await soon(lambda: run_id not in studio.runs.going)
            assert (await studio.status(run_id))[0] == ("done" if hour == 3 else "waiting")
    assert lines(ledger) == ["0", "1", "2", "3"]
