"""While a person waits for an answer, busy runs leave the loop to it, and not for longer than they go on again."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from itertools import pairwise
from time import perf_counter

from app.engine.turns import BACK, Turns


@contextlib.asynccontextmanager
async def busy(turns: Turns) -> AsyncIterator[list[float]]:
    """A run that takes turn after turn; the times at which it had one."""
    had: list[float] = []

    async def run() -> None:
        while True:
            until = await turns.next()
            had.append(perf_counter())
            while perf_counter() < until:
                pass

    task = asyncio.create_task(run())
    try:
        yield had
    finally:
        task.cancel()


async def test_after_a_gesture_no_run_has_a_turn_for_a_moment() -> None:
    turns = Turns()
    async with busy(turns) as had:
        await asyncio.sleep(0.05)
        turns.person_waits()
        began = perf_counter()
        await asyncio.sleep(3 * BACK)
    # The turn that was just about to begin is still taken.
    after = [each for each in had if each > began + 0.02]
    assert after
    assert after[0] >= began + BACK * 0.9


async def test_gesture_after_gesture_leaves_the_runs_half_of_the_time() -> None:
    turns = Turns()
    async with busy(turns) as had:
        ends = perf_counter() + 10 * BACK
        while perf_counter() < ends:
            turns.person_waits()
            await asyncio.sleep(0.01)
    rests = sum(later - earlier for earlier, later in pairwise(had) if later - earlier > BACK / 2)
    assert BACK <= rests <= 6 * BACK
