"""However many runs go on at once, together they leave the loop to the window as often as one alone."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from flows.model import Limits
from tests.engine.story import body, each, flow, step
from tests.runs.studio import RunStudio

RUNS = 50


async def test_fifty_runs_at_once_share_one_turn_of_the_loop(tmp_path: Path) -> None:
    inside = body("a.value -> b.value", a=step("say", text="{{ index }}"), b=step("say"))
    made = flow("items.value -> each.items", items=step("give", value=[0] * 300), each=each(inside))
    made = made.model_copy(update={"limits": Limits(at_once=RUNS)})
    computed: list[float] = []
    over = False

    async def look() -> None:
        while not over:
            began = time.thread_time()
            await asyncio.sleep(0)
            computed.append(time.thread_time() - began)

    async with RunStudio(tmp_path) as studio:
        looking = asyncio.create_task(look())
        ids = await asyncio.gather(*(studio.runs.start(made, {}) for _ in range(RUNS)))
        assert {(await studio.runs.wait(run_id)).status for run_id in ids} == {"done"}
        over = True
        await looking
    assert sorted(computed)[-3] < 0.05, "With a turn of its own for each run, some took several times as long."
