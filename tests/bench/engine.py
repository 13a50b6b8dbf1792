"""The engine with its journal on, against the same graph as bare awaits and one SQLite row a step."""

from __future__ import annotations

import asyncio
import sqlite3
import statistics
import tempfile
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import cast

import orjson

from app.engine.plan import Plan, plan
from app.engine.run import run
from app.engine.shared import Shared
from app.engine.world import World
from app.store.artifacts import Artifacts
from app.store.database import Database
from app.store.journal import Journal
from app.store.runs import Runs
from flows.model import Body, Flow, Step, Wire
from nodes import Context, Effect, Json, Node
from nodes.catalog import Catalog, built_in
from tests.bench.table import Row

BATCH = 500
"""Rows the floor writes in one transaction."""

PUTS = 200
"""Steps that write; the floor commits twice for each of them."""


class Add(Node, kind="bench.add", effect=Effect.NONE):
    """Add one."""

    async def run(self, ctx: Context, value: Json = None) -> int:
        return cast(int, value or 0) + 1


class Count(Node, kind="bench.count", effect=Effect.NONE):
    """Count up to a number."""

    upto: int

    async def run(self, ctx: Context) -> list[int]:
        return list(range(self.upto))


class Put(Node, kind="bench.put", effect=Effect.WRITE):
    """Stands for a step that writes: its start is on the disk before it runs, its end before what follows."""

    async def run(self, ctx: Context, value: Json = None) -> int:
        return cast(int, value or 0) + 1


class Total(Node, kind="bench.total", effect=Effect.NONE):
    """Say that everything before has ended."""

    async def run(self, ctx: Context) -> int:
        return 1


CATALOG = Catalog({**built_in().kinds, **{node.spec.kind: node for node in (Add, Count, Put, Total)}})


def chain(length: int, kind: str = "bench.add") -> Flow:
    """Steps in a row, each adding one to what the one before gave."""
    return Flow(
        id="chain",
        name="Chain",
        steps={f"s{number}": Step(kind=kind) for number in range(length)},
        wires=tuple(Wire.parse(f"s{number}.value -> s{number + 1}.value") for number in range(length - 1)),
    )


def fan(width: int) -> Flow:
    """One step, as many after it at once, and one after all of them."""
    middle = [f"s{number}" for number in range(width)]
    return Flow(
        id="fan",
        name="Fan",
        steps={
            "first": Step(kind="bench.add"),
            **{name: Step(kind="bench.add") for name in middle},
            "last": Step(kind="bench.total"),
        },
        wires=(
            *(Wire.parse(f"first.value -> {name}.value") for name in middle),
            *(Wire.parse(f"{name} -> last") for name in middle),
        ),
    )


def loop(items: int, at_once: int = 1) -> Flow:
    """Three steps for each item."""
    body = Body(
        steps={"a": Step(kind="bench.add"), "b": Step(kind="bench.add"), "c": Step(kind="bench.add")},
        wires=(Wire.parse("a.value -> b.value"), Wire.parse("b.value -> c.value")),
        result="c.value",
    )
    return Flow(
        id="loop",
        name="Loop",
        steps={
            "items": Step(kind="bench.count", settings={"upto": items}),
            "each": Step(kind="control.for_each", settings={"at_once": at_once}, body=body),
        },
        wires=(Wire.parse("items.value -> each.items"),),
    )


class Rows:
    """The floor's journal: one row a step, in transactions of BATCH rows, as durable as ours."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=FULL")
        self._connection.execute("CREATE TABLE step (name TEXT, ended REAL, outputs TEXT)")
        self._waiting: list[tuple[str, float, bytes]] = []

    def add(self, name: str, outputs: object) -> None:
        self._waiting.append((name, perf_counter(), orjson.dumps(outputs)))
        if len(self._waiting) >= BATCH:
            self.commit()

    def commit(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.executemany("INSERT INTO step VALUES (?, ?, ?)", self._waiting)
        self._connection.execute("COMMIT")
        self._waiting.clear()

    def close(self) -> None:
        self.commit()
        self._connection.close()


async def bare_add(value: int) -> int:
    return value + 1


async def bare_chain(length: int, rows: Rows) -> None:
    value = 0
    for number in range(length):
        value = await bare_add(value)
        rows.add(f"s{number}", {"value": value})


async def bare_fan(width: int, rows: Rows) -> None:
    first = await bare_add(0)
    rows.add("first", {"value": first})
    for number, value in enumerate(await asyncio.gather(*(bare_add(first) for _ in range(width)))):
        rows.add(f"s{number}", {"value": value})
    rows.add("last", {"value": 1})


async def bare_loop(items: int, rows: Rows) -> None:
    for number in range(items):
        value = number
        for name in "abc":
            value = await bare_add(value)
            rows.add(f"each/{number}/{name}", {"value": value})


async def bare_loop_at_once(items: int, at_once: int, rows: Rows) -> None:
    waiting = iter(range(items))

    async def worker() -> None:
        for number in waiting:
            value = number
            for name in "abc":
                value = await bare_add(value)
                rows.add(f"each/{number}/{name}", {"value": value})

    await asyncio.gather(*(worker() for _ in range(at_once)))


async def bare_puts(length: int, rows: Rows) -> None:
    value = 0
    for number in range(length):
        rows.add(f"s{number}", {"started": True})
        rows.commit()
        value = await bare_add(value)
        rows.add(f"s{number}", {"value": value})
        rows.commit()


class Nowhere:
    """A world that nothing is opened in."""

    async def leave(self, lane: str) -> None: ...


async def ours(planned: Plan, folder: Path) -> float:
    """Seconds for one run with its journal on disk, from the first step to the last row."""
    database = Database(folder / "weft.db")
    await database.open()
    runs = Runs(database, "bench")
    record, _ = await runs.create(
        flow_id=planned.flow.id, flow_name="", document=planned.flow.id, inputs="{}", trigger="bench"
    )
    journal = Journal(database, record.id, artifacts=Artifacts(folder / "artifacts"))
    began = perf_counter()
    ending = await run(planned, Shared(cast(World, Nowhere()), journal), {"inputs": {}})
    took = perf_counter() - began
    assert ending.status == "done", ending
    await journal.close()
    await database.close()
    return took


async def floor(bare: Callable[[Rows], Awaitable[None]], folder: Path) -> float:
    """Seconds for the same work without an engine."""
    rows = Rows(folder / "floor.db")
    began = perf_counter()
    await bare(rows)
    rows.commit()
    took = perf_counter() - began
    rows.close()
    return took


def compare(name: str, flow: Flow, steps: int, bare: Callable[[Rows], Awaitable[None]], aim: str, runs: int) -> Row:
    """Medians of several runs of both, taken in turns."""
    planned = plan(flow, CATALOG)
    mine: list[float] = []
    theirs: list[float] = []
    for _ in range(runs):
        for measured in ("ours", "floor"):
            with tempfile.TemporaryDirectory() as folder:
                if measured == "ours":
                    mine.append(asyncio.run(ours(planned, Path(folder))))
                else:
                    theirs.append(asyncio.run(floor(bare, Path(folder))))
    us, base = (statistics.median(each) / steps * 1e6 for each in (mine, theirs))
    return Row(name, f"{us:.1f} µs a step", f"{base:.1f} µs a step", f"{us / base:.2f}", aim)


def measure(runs: int = 5) -> list[Row]:
    """Chain, fan-out, loops and steps that write against their floors, and how the cost of a chain grows."""
    rows = [
        compare("Chain of 1,000 pure steps", chain(1000), 1000, partial(bare_chain, 1000), "≤ 60 µs, ≤ 4", runs),
        compare("Fan-out 1 → 1,000 → 1", fan(1000), 1002, partial(bare_fan, 1000), "≤ 4", runs),
        compare("For each of 10,000 items, 3 steps", loop(10_000), 30_000, partial(bare_loop, 10_000), "≤ 4", runs),
        compare(
            "The same, 20 at a time", loop(10_000, 20), 30_000, partial(bare_loop_at_once, 10_000, 20), "≤ 4", runs
        ),
    ]
    writes = chain(PUTS, "bench.put")
    rows.append(compare(f"Chain of {PUTS} steps that write", writes, PUTS, partial(bare_puts, PUTS), "≤ 2", runs))
    for length in (100, 5000):
        name = f"Chain of {length:,}"
        rows.append(compare(name, chain(length), length, partial(bare_chain, length), "linear", runs))
    return rows
