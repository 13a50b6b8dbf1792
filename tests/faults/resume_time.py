"""How long it takes from the click on Resume to the first new step, in a run with many finished ones."""

from __future__ import annotations

import statistics
import time
from itertools import pairwise
from pathlib import Path

from app.engine.events import Finished, Started
from flows.model import Flow
from tests.engine.story import flow_of, step
from tests.runs.studio import RunStudio


def long_chain(finished: int, missing: Path) -> Flow:
    """So many quick steps one after the other, and then one that fails until a file is there."""
    steps = {f"s{n}": step("say", text=f"step {n} of the run, with some text to be kept") for n in range(finished)}
    steps["last"] = step("missing", path=str(missing))
    return flow_of(steps, *(f"{one} -> {after}" for one, after in pairwise(steps)))


async def seconds_to_first_step(folder: Path, finished: int = 1000, times: int = 5) -> float:
    """The median over several resumes, each in a studio that has just been started."""
    missing = folder / "missing"
    async with RunStudio(folder) as studio:
        run_id = await studio.play(long_chain(finished, missing))
    took: list[float] = []
    for _ in range(times):
        async with RunStudio(folder) as studio:
            await studio.runs.recover()
            began = time.time()
            await studio.runs.resume(run_id)
            await studio.runs.wait(run_id)
            events = await studio.events(run_id)
            assert sum(isinstance(each, Finished) for each in events) == finished
            took.append(max(each.at for each in events if isinstance(each, Started)) - began)
    return statistics.median(took)
