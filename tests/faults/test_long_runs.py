"""R27: long runs stay usable, and what waits is never cleaned away."""

from __future__ import annotations

import time
from pathlib import Path

from app.runs.keeping import Keeping
from app.runs.reading.journal import picture_at
from app.store.limits import Limits
from app.store.settings import Settings
from tests.engine.story import body, each, flow, flow_of, step
from tests.faults.repeats import times
from tests.faults.resume_time import seconds_to_first_step
from tests.faults.waiting import becomes
from tests.runs.studio import RunStudio

ROUNDS = 5000
LARGE = "x" * 10_000_000
BYTES_A_STEP = 250
"""What a quick step with a short output adds to the database."""


async def quickest(studio: RunStudio, run_id: str) -> float:
    """Seconds until a window knows what a run looks like, at the best of three times."""
    took = []
    for _ in range(3):
        began = time.perf_counter()
        await picture_at(studio.database, studio.artifacts, run_id)
        took.append(time.perf_counter() - began)
    return min(took)


async def test_r27_a_run_of_ten_thousand_steps_opens_within_a_second(tmp_path: Path) -> None:
    inside = body("a.value -> b.value", a=step("say", text="{{ item }}"), b=step("say"), result="b.value")
    numbers = step("give", value=list(range(ROUNDS)))
    made = flow("items.value -> each.items", items=numbers, each=each(inside), result="each.results | length")
    async with RunStudio(tmp_path) as studio:
        await studio.database.checkpoint()
        before = (tmp_path / "weft.db").stat().st_size
        run_id = await studio.play(made)
        assert (await studio.status(run_id)) == ("done", "")
        await studio.database.checkpoint()
        assert ((tmp_path / "weft.db").stat().st_size - before) / (2 * ROUNDS) < BYTES_A_STEP
        assert await quickest(studio, run_id) < 1
        picture, _ = await picture_at(studio.database, studio.artifacts, run_id)
        assert picture.lights["each/b"].rounds == ROUNDS


async def test_r27_a_run_with_large_outputs_opens_without_reading_them(tmp_path: Path) -> None:
    steps = {f"s{number}": step("say", text=f"{number}{LARGE}") for number in range(times(3, 10))}
    async with RunStudio(tmp_path) as studio:
        run_id = await studio.play(flow_of(steps, result="1"))
        assert (await studio.status(run_id)) == ("done", "")
        assert await quickest(studio, run_id) < 0.2
        picture, _ = await picture_at(studio.database, studio.artifacts, run_id)
        assert {light.status for light in picture.lights.values()} == {"done"}
        assert picture.lights["s0"].ms > 0


async def test_r27_a_run_of_a_thousand_finished_steps_goes_on_within_a_second(tmp_path: Path) -> None:
    assert await seconds_to_first_step(tmp_path) < 1


async def test_r27_what_waits_or_goes_on_is_never_removed(tmp_path: Path) -> None:
    async with RunStudio(tmp_path) as studio:
        asks = flow(a=step("ask"))
        waiting = await studio.runs.start(asks, {})
        await becomes(studio.runs, waiting, "waiting")
        going = await studio.runs.start(flow(g=step("gated")), {})
        ended = [await studio.play(flow(s=step("say"))) for _ in range(5)]
        far_away = time.time() + 400 * 86_400
        keeping = Keeping(
            studio.database, studio.artifacts, Settings(studio.database), tmp_path, now=lambda: far_away, grace=0
        )
        await keeping.put_general(Limits(days=30, runs=1, megabytes=1))
        await keeping.clean()
        left = {card.id for card in await studio.runs.stored.newest()}
        assert {waiting, going} <= left
        assert len(left & set(ended)) <= 1
        await keeping.remove([waiting, going], interrupted_too=True)
        assert {waiting, going} <= {card.id for card in await studio.runs.stored.newest()}
        studio.stage.gate("").set()
        assert await becomes(studio.runs, going, "done") == "done"
