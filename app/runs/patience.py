"""A run's journal that waits for a full or locked disk, and says so, where the run would otherwise fail."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from app.engine.events import Row, Unwritten
from app.store.journal import Journal
from app.store.trouble import StoreTrouble

PASSING = ("full", "locked", "read-only")
"""Troubles that a person can end while the run waits."""

AGAIN = 1.0
"""Seconds between two tries."""


class Patience:
    """The engine's journal. `troubled` hears a sentence while the disk takes nothing, and nothing once it does."""

    def __init__(self, journal: Journal, troubled: Callable[[str], None]) -> None:
        self._journal = journal
        self._troubled = troubled
        self._hurried = asyncio.Event()

    def hurry(self) -> None:
        """Wait for the disk no longer."""
        self._hurried.set()

    def append(self, row: Row) -> None:
        self._journal.append(row)

    @property
    def taken(self) -> int:
        """How many rows the journal has taken."""
        return self._journal.taken

    @property
    def crowded(self) -> bool:
        return self._journal.crowded

    async def flush(self) -> None:
        await self.until_written(self._journal.flush)

    async def room(self) -> None:
        await self.until_written(self._journal.room)

    async def close(self) -> None:
        """Flush; afterwards nothing can be appended."""
        try:
            await self.flush()
        finally:
            await self._journal.close()

    async def until_written(self, write: Callable[[], Awaitable[None]]) -> None:
        """Return when it is written; Unwritten where that cannot be, or nobody waits for it any more."""
        waited = False
        while True:
            try:
                await write()
            except StoreTrouble as trouble:
                if trouble.kind not in PASSING or self._hurried.is_set():
                    raise Unwritten(str(trouble)) from trouble
                waited = True
                self._troubled(str(trouble))
                await self._wait()
            else:
                if waited:
                    self._troubled("")
                return

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(AGAIN):
                await self._hurried.wait()
        except TimeoutError:
            return
