"""A run that goes on now, with all it has in memory."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from app.engine.asking import REST
from app.engine.shared import Shared
from app.engine.world import World
from app.runs.patience import Patience
from app.store.runs import Run
from flows.model import Flow
from flows.problems import Problem

CLOSED = "Weft was closed while this ran. Continue it after its last finished step, or run it anew."
RESTS = "Rests until"
"""How the message of a run begins that only waits for the clock."""

ENDS_WITHIN = 4.8
"""Seconds from Stop to the end of everything."""


class RunWorld(World, Protocol):
    """A world that knows the practice shop and can be closed."""

    @property
    def has_pages(self) -> bool:
        """True while a browser is open for this run."""
        ...

    def rehearse(self) -> None:
        """From now on nothing is written, sent or bought."""
        ...

    async def practice(self) -> str:
        """The address of the practice shop, started when first asked for."""
        ...

    async def close(self) -> None:
        """Give back everything that was opened, within 5 s."""
        ...


OpenWorld = Callable[[Flow, str, str], Awaitable[RunWorld]]
"""A world for a flow, a run id, and the sealed browser sessions of the run's past."""


class NotStarted(Exception):
    """A run that cannot start yet, with every problem."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(" ".join(str(problem) for problem in problems[:3]))
        self.problems = list(problems)


@dataclass
class Live:
    """What is in memory of a run, until it has ended or is put away."""

    record: Run
    shared: Shared
    world: RunWorld
    journal: Patience
    task: asyncio.Task[None]
    noting: asyncio.Task[None] | None = None
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    stopped_at: float | None = None
    quiet_since: float = 0.0
    away: str | None = None
    """What it waits for, once it is being put away: whoever answers, or the clock, takes it up again."""
    asked: frozenset[tuple[str, str]] = frozenset()
    """The questions it is put away with."""

    def stop(self) -> None:
        """Let the run end; what puts its things away is not broken off by it."""
        self.journal.hurry()
        self.stopping.set()
        self.stopped_at = self.stopped_at or time.monotonic()

    def close(self) -> None:
        """Let it end because Weft is closed: what waits goes on waiting, the rest is interrupted."""
        if self.away is None and self.shared.can_be_put_away:
            self.away, self.asked = waits_for(self.shared), frozenset(self.shared.asking.unanswered)
        self.shared.stopped_as = "waiting" if self.shared.asks else "interrupted"
        self.shared.stopped_because = CLOSED
        self.stop()

    def put_away(self) -> None:
        """Let it end without an end: what it waits for is in the inbox, and what it has done in its journal."""
        self.away, self.asked = waits_for(self.shared), frozenset(self.shared.asking.unanswered)
        self.shared.stopped_as = "waiting"
        self.stopping.set()

    @property
    def seconds_left(self) -> float | None:
        """For putting things away, of a run that was stopped."""
        return None if self.stopped_at is None else max(0.5, ENDS_WITHIN - (time.monotonic() - self.stopped_at))


def waits_for(shared: Shared) -> str:
    """What a run waits for, as one line of a list."""
    posed = list(shared.asking.unanswered.values())
    asked = next((each.question.title for each in posed if each.sort != REST), "")
    if asked or not posed:
        return asked
    until = min(each.question.deadline or 0.0 for each in posed)
    return f"Rests until {datetime.fromtimestamp(until):%d %B %Y, %H:%M}."
