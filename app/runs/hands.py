"""One hand on a run at a time: whoever takes it up, stops it or lets go of it finds it as the last one left it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary


class Hands:
    """The turns on each run."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def on(self, run_id: str) -> AsyncIterator[bool]:
        """In here nobody else has a hand on the run; gives whether somebody had one when this one came."""
        lock = self._locks.setdefault(run_id, asyncio.Lock())
        waited = lock.locked()
        async with lock:
            yield waited
