"""A run service on a real database, with the test nodes of the engine and a world that only knows keys."""

from __future__ import annotations

import asyncio
import secrets
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from app.engine.context import StepContext
from app.engine.events import Event
from app.runs.reading.journal import events_of
from app.runs.service import RunService, RunWorld
from app.secrets.masks import Masker
from app.store.artifacts import Artifacts
from app.store.database import Database
from app.store.runs import Runs
from flows.model import Flow
from nodes.context import Context
from tests.engine.steps import CATALOG, STAGE, Stage
from tests.engine.story import told

KEYS = {"shop": "s3cret-value", "bad": "faulty", "number": "48151623"}


PATIENCE = 1000


async def soon(holds: Callable[[], bool]) -> None:
    """Return once it holds."""
    for _ in range(PATIENCE):
        if holds():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("It never came to hold.")


class Keys:
    """A world with a few keys and nothing else."""

    def __init__(self) -> None:
        self.masks = Masker()
        self.closed = 0
        self.rehearsing = False
        self.has_pages = False

    async def secret(self, ctx: Context, name: str) -> str:
        assert isinstance(ctx, StepContext)
        self.masks.add(KEYS[name])
        return KEYS[name]

    def mask(self, text: str) -> str:
        return self.masks.mask_json(text.encode()).decode() if text[:1] in "{[" else self.masks.mask(text)

    async def leave(self, lane: str) -> None:
        return

    def rehearse(self) -> None:
        self.rehearsing = True

    async def practice(self) -> str:
        return "http://127.0.0.1:1"

    async def close(self) -> None:
        self.closed += 1


class RunStudio:
    """One start of Weft on a folder."""

    def __init__(self, folder: Path, stage: Stage | None = None, clock: Callable[[], float] = time.time) -> None:
        self.folder = folder
        self.stage = stage or Stage()
        STAGE.set(self.stage)
        self.database = Database(folder / "weft.db")
        self.artifacts = Artifacts(folder / "artifacts")
        self.worlds: list[Keys] = []
        self.opening: Callable[[], None] = lambda: None
        self.runs = RunService(
            database=self.database,
            artifacts=self.artifacts,
            runs=Runs(self.database, secrets.token_hex(4)),
            catalog=CATALOG,
            open_world=self._world,
            clock=clock,
            look_again=None if clock is time.time else 0.01,
        )

    async def __aenter__(self) -> RunStudio:
        await self.database.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.stage.thread_gate.set()
        await self.runs.close()
        await self.database.close()

    async def _world(self, flow: Flow, run_id: str, sessions: str) -> RunWorld:
        await asyncio.sleep(0)
        self.opening()
        world = Keys()
        self.worlds.append(world)
        return cast(RunWorld, world)

    async def play(self, flow: Flow, **given: Any) -> str:
        """The id of a run of this flow that has ended."""
        run_id = await self.runs.start(flow, given)
        await self.runs.wait(run_id)
        return run_id

    async def events(self, run_id: str) -> list[Event]:
        """What is on the disk."""
        return (await events_of(self.database, self.artifacts, run_id))[0]

    async def story(self, run_id: str) -> list[str]:
        """The same in lines."""
        return told(await self.events(run_id))

    async def until(self, run_id: str, *lines: str) -> None:
        """Return once the journal on the disk has these lines."""
        for _ in range(PATIENCE):
            story = await self.story(run_id)
            if all(line in story for line in lines):
                return
            await asyncio.sleep(0.01)
        raise AssertionError(story)

    async def status(self, run_id: str) -> tuple[str, str]:
        record = await self.runs.stored.get(run_id)
        return record.status, record.message

    def raw(self) -> str:
        """Every text in the database, as a stranger would read it."""
        connection = sqlite3.connect(self.folder / "weft.db")
        try:
            return "\n".join(connection.iterdump())
        finally:
            connection.close()
