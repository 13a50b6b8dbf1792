"""How many runs of a flow go on at the same time, and in which order those begin that have to wait.

A run that waits for a person or for a time does not count: it may do so for days. A rehearsal neither counts nor waits.
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager

from app.runs.live import Live

Begin = Callable[[str], Awaitable[None]]


def skipped_because(at_once: int) -> str:
    """Why a run was left out."""
    if at_once == 1:
        return "Left out, because another run of this flow went on already."
    return f"Left out, because {at_once} runs of this flow went on already."


def queued_because(at_once: int) -> str:
    """What a run waits for that is not begun yet."""
    if at_once == 1:
        return "It begins by itself once the run that goes on has ended."
    return f"It begins by itself once one of the {at_once} runs that go on has ended."


class Admission:
    """The queues. `begin` begins the run of this id that is first in a queue."""

    def __init__(self, live: Mapping[str, Live], begin: Begin) -> None:
        self._live = live
        self._begin = begin
        self._queues: dict[str, deque[tuple[str, int]]] = {}
        self._beginning: Counter[str] = Counter()
        self._left: dict[str, asyncio.Event] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.closed = False

    @property
    def queued(self) -> frozenset[str]:
        """The runs that wait for their turn."""
        return frozenset(self._left)

    def is_full(self, flow_id: str, at_once: int) -> bool:
        """True where another run of the flow has to wait, behind others that wait or for one that goes on."""
        return bool(self._queues.get(flow_id)) or not self._has_room(flow_id, at_once)

    @contextmanager
    def beginning(self, flow_id: str) -> Iterator[None]:
        """While a run is about to begin: it counts already."""
        self._beginning[flow_id] += 1
        try:
            yield
        finally:
            self._beginning[flow_id] -= 1

    def queue(self, flow_id: str, run_id: str, at_once: int) -> None:
        """Let a run wait for its turn."""
        self._queues.setdefault(flow_id, deque()).append((run_id, at_once))
        self._left[run_id] = asyncio.Event()
        self.look()

    def leave(self, run_id: str) -> bool:
        """Take a run out of its queue; False where it is in none."""
        for queue in self._queues.values():
            for entry in queue:
                if entry[0] == run_id:
                    queue.remove(entry)
                    self._gone(run_id)
                    return True
        return False

    async def wait(self, run_id: str) -> None:
        """Return once the run is in no queue, and begun if it was its turn."""
        if (left := self._left.get(run_id)) is not None:
            await left.wait()

    def look(self) -> None:
        """Let those begin for which there is room now."""
        if self.closed:
            return
        for flow_id, queue in self._queues.items():
            while queue and self._has_room(flow_id, queue[0][1]):
                run_id, _ = queue.popleft()
                self._beginning[flow_id] += 1
                task = asyncio.ensure_future(self._begun(flow_id, run_id))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
        self._queues = {flow_id: queue for flow_id, queue in self._queues.items() if queue}

    async def _begun(self, flow_id: str, run_id: str) -> None:
        try:
            await self._begin(run_id)
        finally:
            self._beginning[flow_id] -= 1
            self._gone(run_id)
            self.look()

    def _gone(self, run_id: str) -> None:
        if (left := self._left.pop(run_id, None)) is not None:
            left.set()

    def _has_room(self, flow_id: str, at_once: int) -> bool:
        at_work = sum(
            1
            for live in self._live.values()
            if live.record.flow_id == flow_id and not live.shared.rehearsing and not live.shared.quiet
        )
        return at_work + self._beginning[flow_id] < at_once
