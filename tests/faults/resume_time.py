"""How long it takes from the click on Resume to the first new step, in a run with many finished ones."""

from __future__ import annotations

import asyncio
import statistics
import time
from pathlib import Path

from app.engine.events import Finished
from flows.model import Flow
from tests.engine.story import flow_of, step
from tests.runs.studio import RunStudio


def long_chain(finished: int, missing: Path) -> Flow:
    """So many quick steps one after the other, and then one that fails until a file is there."""
    steps = {f"s{n}": step("say", text=f"step {n} of the run, with some text to be kept") for n in range(finished)}
    steps["last"] = step("missing", path=str(missing))
    names = list(steps)
    return flow_of(steps, *(f"{one} -> {after}" for one, after in zip(names, names[1:], strict=False)))


async def seconds_to_first_step(folder: Path, finished: int = 1000, times: int = 5) -> float:
    """The median over several resumes, each in a studio that has just been started."""
    missing = folder / "missing"
    async with RunStudio(folder) as studio:
        run_id = await studio.play(long_chain(finished, missing))
    took: list[float] = []
    for _ in range(times):
        async with RunStudio(folder) as studio:
            await studio.runs.recover()
            before = sum(isinstance(each, Finished) for each in await studio.events(run_id))
            assert before == finished
            calls = studio.stage.calls
            began = time.perf_counter()
            await studio.runs.resume(run_id)
            while not calls:
                await asyncio.sleep(0)
            took.append(time.perf_counter() - began)
            await studio.runs.wait(run_id)
    return statistics.median(took)
