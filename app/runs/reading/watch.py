"""Watching a run: the picture so far, then every change, told at most twenty times a second."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from app.engine.events import Event
from app.runs.reading.picture import Picture

EVERY = 0.05
"""Seconds between two reports to one watcher."""


class Watch:
    """One watcher of one run. `heard(changed)` is called with the flow paths of the steps whose light changed."""

    def __init__(self, heard: Callable[[set[str]], None]) -> None:
        self.picture = Picture()
        self._heard = heard
        self._early: list[tuple[int, Sequence[Event | None]]] | None = []
        self.last = -1
        self._changed: set[str] = set()
        self._timer: asyncio.TimerHandle | None = None
        self.closed = False

    def begin(self, picture: Picture, last: int) -> None:
        """Take what is on disk; what was committed meanwhile follows."""
        self.picture = picture
        self.last = last
        early, self._early = self._early or [], None
        for first, events in early:
            self.committed(first, events)

    def committed(self, first: int, events: Sequence[Event | None]) -> None:
        """Take events that have just reached the disk, numbered from `first`; None is one this version cannot read."""
        if self._early is not None:
            self._early.append((first, events))
            return
        for number, told in enumerate(events, first):
            if number > self.last and told is not None:
                self._changed.update(self.picture.take(told))
        self.last = max(self.last, first + len(events) - 1)
        self.soon()

    def soon(self) -> None:
        """Report within the next twentieth of a second."""
        if self._timer is None and not self.closed:
            self._timer = asyncio.get_running_loop().call_later(EVERY, self._tell)

    def end_open_steps(self, status: str) -> None:
        """Show steps that have no end as stopped or interrupted."""
        self._changed |= self.picture.end_open_steps(status)
        self.soon()

    def close(self) -> None:
        """Hear no more."""
        self.closed = True
        if self._timer is not None:
            self._timer.cancel()

    def _tell(self) -> None:
        self._timer = None
        changed, self._changed = self._changed, set()
        self._heard(changed)
