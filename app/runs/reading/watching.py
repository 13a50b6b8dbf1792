"""Watching runs: those that go on here, those that another start of Weft has, and those that are over."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Container

from app.runs.live import CLOSED
from app.runs.reading.audience import Audience
from app.runs.reading.follow import follow
from app.runs.reading.journal import picture_at
from app.runs.reading.watch import Watch
from app.store.artifacts import Artifacts
from app.store.database import Database
from app.store.runs import Run, Runs


class Watching:
    """Opens watches. `live` are the runs that go on here; `tell` hears of one that has ended elsewhere."""

    def __init__(
        self,
        database: Database,
        artifacts: Artifacts,
        stored: Runs,
        audience: Audience,
        live: Container[str],
        tell: Callable[[str], None],
    ) -> None:
        self._database = database
        self._artifacts = artifacts
        self._stored = stored
        self._audience = audience
        self._live = live
        self._tell = tell
        self._following: set[asyncio.Task[None]] = set()

    async def watch(self, run_id: str, heard: Callable[[set[str]], None]) -> Watch:
        """The run's picture now, and `heard(changed paths)` whenever it changes, until the watch is closed."""
        watch = Watch(heard)
        self._audience.join(run_id, watch)
        watch.begin(*await picture_at(self._database, self._artifacts, run_id))
        record = await self._stored.get(run_id)
        if run_id in self._live:
            return watch
        if self._stored.elsewhere(record):
            following = asyncio.create_task(self._follow(watch, run_id), name=f"follow {run_id}")
            self._following.add(following)
            following.add_done_callback(self._following.discard)
            return watch
        _show_as_kept(watch, record)
        return watch

    def close(self) -> None:
        """Follow nothing any more."""
        for following in self._following:
            following.cancel()

    async def _follow(self, watch: Watch, run_id: str) -> None:
        """Show a run that another start of Weft goes on with, until it ends or that one is gone."""
        record = await follow(self._database, self._artifacts, self._stored, watch, run_id)
        if record is not None and record.status == "running":
            # Whoever had it is gone without a word.
            await self._stored.set_status(run_id, "interrupted", CLOSED)
            watch.picture.status, record = "interrupted", await self._stored.get(run_id)
        if record is not None:
            _show_as_kept(watch, record)
            watch.soon()
            self._tell(run_id)


def _show_as_kept(watch: Watch, record: Run) -> None:
    picture = watch.picture
    picture.status = picture.status if record.status == "running" else record.status
    picture.message = picture.message or record.message
    if record.status != "waiting":
        picture.end_open_steps("interrupted" if record.status in ("interrupted", "running") else "stopped")
