"""What a long run looks like is kept when it ends, so that not even the first window on it reads all its journal."""

from __future__ import annotations

import asyncio
import logging

from app.runs.reading.journal import MANY, picture_at
from app.store.artifacts import Artifacts
from app.store.database import Database
from app.store.refusal import Refusal
from app.store.trouble import StoreTrouble

CLOSES_WITHIN = 1.0
"""Seconds that are given to what is being kept when the studio closes."""

log = logging.getLogger(__name__)


class Keeper:
    """One for the studio. Runs are looked at one after the other, beside everything else."""

    def __init__(self, database: Database, artifacts: Artifacts) -> None:
        self._database, self._artifacts = database, artifacts
        self._turn = asyncio.Lock()
        self._keeping: set[asyncio.Task[None]] = set()
        self.closed = False
        """Begin with no more of them: the studio closes."""

    def ended(self, run_id: str, rows: int) -> None:
        """A run with so many rows in its journal goes on no more."""
        if rows > MANY and not self.closed:
            keeping = asyncio.create_task(self._keep(run_id), name=f"keep the picture of {run_id}")
            self._keeping.add(keeping)
            keeping.add_done_callback(self._keeping.discard)

    async def close(self) -> None:
        """Let go. What was not kept in time is kept when the run is first opened."""
        self.closed = True
        if self._keeping:
            _, late = await asyncio.wait(self._keeping, timeout=CLOSES_WITHIN)
            for keeping in late:
                keeping.cancel()

    async def _keep(self, run_id: str) -> None:
        async with self._turn:
            try:
                await picture_at(self._database, self._artifacts, run_id)
            except (Refusal, StoreTrouble, OSError) as trouble:
                log.warning("run %s: %s", run_id, trouble)
