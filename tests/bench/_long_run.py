"""A process of its own that plays one long run, with an engine or without, and says how much memory it took."""

from __future__ import annotations

import asyncio
import json
import resource
import sys
from contextlib import suppress
from pathlib import Path

from app.store.refusal import FlowExists
from app.studio import open_studio
from tests.bench._flows import put, rounds
from tests.bench.engine import Rows, bare_loop

STEPS = 10
"""Steps of a round."""
WARM = 50
"""Rounds that are played before, so that all there is to load is loaded."""


def peak() -> float:
    """The most memory that this process has had, in MB."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


async def ours(folder: Path, count: int) -> dict[str, object]:
    """The run as the studio plays it."""
    studio = await open_studio(folder)
    try:
        warm = await studio.runs.start(rounds(WARM, STEPS), {})
        await studio.runs.wait(warm)
        before = peak()
        run_id = await studio.runs.start(rounds(count, STEPS), {})
        ended = await studio.runs.wait(run_id)
        assert ended.status == "done", ended
        events = await studio.database.read(
            lambda connection: connection.execute("SELECT count(*) FROM event WHERE run_id = ?", (run_id,)).fetchone()[
                0
            ]
        )
        return {"megabytes": peak() - before, "run": run_id, "events": events}
    finally:
        await studio.close()


async def floor(folder: Path, count: int) -> dict[str, object]:
    """The same number of rows, and what the rounds give back, with nothing that plays them."""
    rows = Rows(folder / "floor.db")
    await bare_loop(WARM, rows)
    before = peak()
    await bare_loop(count * STEPS // 3, rows)
    results = [{f"s{step}": {"value": number} for step in range(STEPS)} for number in range(count)]
    rows.close()
    return {"megabytes": peak() - before, "run": "", "events": STEPS * len(results)}


def main(name: str, folder: Path, count: int) -> None:
    """Play, and say what it took."""
    if name == "ours":
        with suppress(FlowExists):  # A folder may be used again.
            put(folder, rounds(WARM, STEPS))
        put(folder, rounds(count, STEPS))
    print(json.dumps(asyncio.run((ours if name == "ours" else floor)(folder, count))))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
