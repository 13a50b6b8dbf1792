"""Continuing a long run: how soon its first new step begins, beside the least that has to be read and written."""

from __future__ import annotations

import asyncio
import asyncio.events
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import cast

from app.engine.context import StepContext
from app.runs.continuing import Continuing
from app.runs.live import RunWorld
from app.runs.service import RunService
from app.store.artifacts import Artifacts
from app.store.database import Database
from app.store.runs import Runs
from flows.model import Flow, Step, Wire
from nodes import Context, Effect, Node
from nodes.catalog import Catalog
from tests.bench.engine import CATALOG as STEPS
from tests.bench.engine import chain, loop
from tests.bench.table import Row


class Now(Node, kind="bench.now", effect=Effect.READ):
    """Say when it begins."""

    async def run(self, ctx: Context) -> float:
        assert isinstance(ctx, StepContext)
        return perf_counter()


CATALOG = Catalog({**STEPS.kinds, Now.spec.kind: Now})


def ending(flow: Flow, last: str) -> Flow:
    """The flow with one more step at its end."""
    return flow.model_copy(
        update={
            "steps": {**flow.steps, "next": Step(kind="bench.now")},
            "wires": (*flow.wires, Wire(source=last, target="next")),
        }
    )


class Nothing:
    """A world in which there is nothing."""

    has_pages = False

    async def close(self) -> None:
        return

    def mask(self, text: str) -> str:
        return text


class Opened:
    """A run service on a folder, with a run that has ended."""

    def __init__(self, folder: Path) -> None:
        self.database = Database(folder / "weft.db")
        artifacts = Artifacts(folder / "artifacts")
        self.runs = RunService(
            database=self.database,
            artifacts=artifacts,
            runs=Runs(self.database, "bench"),
            catalog=CATALOG,
            open_world=self._world,
        )
        self.continuing = Continuing(self.database, artifacts, self.runs)

    async def _world(self, flow: Flow, run_id: str, sessions: str) -> RunWorld:
        return cast(RunWorld, Nothing())

    async def close(self) -> None:
        await self.runs.close()
        await self.database.close()


@contextmanager
def watched() -> Iterator[list[float]]:
    """The longest that one call on the loop computes meanwhile: what else the computer does is left out."""
    plain = asyncio.events.Handle._run
    longest = [0.0]

    def timed(handle: asyncio.Handle) -> None:
        began = time.thread_time()
        plain(handle)
        longest[0] = max(longest[0], time.thread_time() - began)

    asyncio.events.Handle._run = timed  # type: ignore[assignment, method-assign]  # to look on, not to change
    try:
        yield longest
    finally:
        asyncio.events.Handle._run = plain  # type: ignore[method-assign]


async def continued(flow: Flow, folder: Path) -> tuple[float, float]:
    """Seconds from the wish to the first new step, and the longest that one call held the loop meanwhile."""
    opened = Opened(folder)
    await opened.database.open()
    old = await opened.runs.start(flow, {})
    assert (await opened.runs.wait(old)).status == "done"
    began = time.time()
    with watched() as longest:
        new = await opened.continuing.continue_from(old, "next")
        await opened.runs.wait(new)
    record = await opened.runs.stored.get(new)
    assert record.status == "done", record
    first = await opened.database.read(
        lambda connection: connection.execute(
            "SELECT at FROM event WHERE run_id = ? AND step = 'next' AND kind = 'started'", (new,)
        ).fetchone()[0]
    )
    await opened.close()
    return float(first) - began, longest[0]


def copied(folder: Path) -> float:
    """Seconds for reading the same rows and writing them again for another run, in one transaction."""
    connection = sqlite3.connect(folder / "weft.db", isolation_level=None)
    connection.execute("PRAGMA synchronous=FULL")
    (first,) = connection.execute("SELECT id FROM run ORDER BY created_at LIMIT 1").fetchone()
    began = perf_counter()
    rows = connection.execute(
        "SELECT 'copy', seq, at, kind, step, body, artifact FROM event WHERE run_id = ? ORDER BY seq", (first,)
    ).fetchall()
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(
        "INSERT INTO event (run_id, seq, at, kind, step, body, artifact) VALUES (?, ?, ?, ?, ?, ?, ?)", rows
    )
    connection.execute("COMMIT")
    took = perf_counter() - began
    connection.close()
    return took


async def stale(flow: Flow, folder: Path, edits: int = 10) -> list[float]:
    """Seconds to find the steps that an edit has made stale, for one edit after the other."""
    opened = Opened(folder)
    await opened.database.open()
    run_id = await opened.runs.start(flow, {})
    await opened.runs.wait(run_id)
    await opened.continuing.stale_steps(flow, run_id)
    took = []
    for number in range(edits):
        step = Step(kind="bench.add", note="", pinned={"value": number})
        edited = flow.model_copy(update={"steps": {**flow.steps, "s1": step}})
        began = perf_counter()
        found = await opened.continuing.stale_steps(edited, run_id)
        took.append(perf_counter() - began)
        assert len(found) == len(flow.steps) - 1
    await opened.close()
    return took


def _row(name: str, flow: Flow, aim: str, runs: int) -> list[Row]:
    mine: list[float] = []
    waits: list[float] = []
    floors: list[float] = []
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as folder:
            took, held = asyncio.run(continued(flow, Path(folder)))
            mine.append(took)
            waits.append(held)
            floors.append(copied(Path(folder)))
    took, base = statistics.median(mine), statistics.median(floors)
    return [
        Row(name, f"{took * 1000:.0f} ms", f"{base * 1000:.0f} ms", f"{took / base:.1f}", aim),
        Row("  meanwhile one call computes at most", f"{statistics.median(waits) * 1000:.0f} ms", "", "", "≤ 50 ms"),
    ]


def measure(runs: int = 5) -> list[Row]:
    """Continuing after 1,000 finished steps and after a long loop, and the marks of steps that an edit made stale."""
    rows = [
        *_row("Continue after 1,000 finished steps: first new step", ending(chain(1000), "s999"), "< 1 s", runs),
        *_row("Continue after 10,000 rounds of 3 steps: first new step", ending(loop(10_000), "each"), "< 2 s", 3),
    ]
    with tempfile.TemporaryDirectory() as folder:
        took = asyncio.run(stale(chain(1000), Path(folder)))
    rows.append(
        Row("Stale steps after an edit, 1,000 steps", f"{statistics.median(took) * 1000:.0f} ms", "", "", "≤ 30 ms")
    )
    return rows
