"""Who watches which run: what has reached the disk is told to all of them, a little at a time."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence

from app.engine.events import Row, event
from app.engine.outcomes import RunEnd
from app.runs.reading.watch import Watch

AT_A_TIME = 200
"""Rows that are told before everything else on the loop has its turn: a busy run commits thousands at once."""


class Audience:
    """The watchers of all runs."""

    def __init__(self) -> None:
        self._watches: dict[str, set[Watch]] = {}
        self._news: dict[str, deque[tuple[int, Sequence[Row]]]] = {}
        self._telling: dict[str, asyncio.Task[None]] = {}

    def join(self, run_id: str, watch: Watch) -> None:
        """From now on this watch hears of the run."""
        self._watches[run_id] = {watch, *self.of(run_id)}

    def of(self, run_id: str) -> set[Watch]:
        """Who watches a run; whoever has closed their watch is forgotten."""
        open_ones = {watch for watch in self._watches.pop(run_id, ()) if not watch.closed}
        if open_ones:
            self._watches[run_id] = open_ones
        return open_ones

    def committed(self, run_id: str, first: int, rows: Sequence[Row]) -> None:
        """These rows of a run, numbered from `first`, are on the disk."""
        if not self.of(run_id):
            return
        self._news.setdefault(run_id, deque()).append((first, rows))
        if run_id not in self._telling:
            self._telling[run_id] = asyncio.create_task(self._tell(run_id), name=f"tell of {run_id}")

    async def told(self, run_id: str) -> None:
        """Return once every watcher knows what is on the disk."""
        if (telling := self._telling.get(run_id)) is not None:
            await asyncio.wait([telling])

    def say(self, run_id: str, sentence: str) -> None:
        """Show a sentence beside the run that is not in its journal; an empty one takes it away."""
        for watch in self.of(run_id):
            watch.picture.message = sentence
            watch.soon()

    def ended(self, run_id: str, ending: RunEnd) -> None:
        """The run no longer goes on, whether its journal could be told so or not."""
        for watch in self.of(run_id):
            watch.picture.status, watch.picture.message = ending.status, ending.message
            if ending.status != "waiting":
                watch.end_open_steps(ending.status)
            watch.soon()

    async def _tell(self, run_id: str) -> None:
        news = self._news[run_id]
        try:
            while news:
                first, rows = news.popleft()
                for start in range(0, len(rows), AT_A_TIME):
                    events = [event(row) for row in rows[start : start + AT_A_TIME]]
                    for watch in self.of(run_id):
                        watch.committed(first + start, events)
                    await asyncio.sleep(0)
        finally:
            del self._news[run_id], self._telling[run_id]
