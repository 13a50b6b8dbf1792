"""What a run has used: counted while it goes on, and folded back from its journal."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from app.engine.events import Answered, Asked, Ended, Event, Failed, Finished, Resumed, Skipped, Spent, Started, Stopped


@dataclass
class Used:
    """What was used. Calls of which nobody knows the tokens or the money are counted apart, never as nothing."""

    tokens: int = 0
    money: float = 0.0
    uncounted: int = 0
    unpriced: int = 0

    def add(self, tokens_in: int | None, tokens_out: int | None, money: float | None) -> None:
        """Count what one call has used."""
        self.tokens += (tokens_in or 0) + (tokens_out or 0)
        self.money += money or 0.0
        self.unpriced += money is None
        self.uncounted += tokens_in is None and tokens_out is None and money is None


@dataclass
class Tally:
    """What a run has used before it goes on."""

    used: Used = field(default_factory=Used)
    steps: int = 0
    seconds: float = 0.0


class WorkClock:
    """The seconds a run is at work: they stand still while all that goes on in it waits for a person."""

    def __init__(self, before: float = 0.0, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._counted = before
        self._since: float | None = now()
        self._open: set[str] = set()
        self._waiting: dict[str, int] = {}

    @property
    def seconds(self) -> float:
        """So many until now."""
        return self._counted + (self._now() - self._since if self._since is not None else 0.0)

    def begins(self, step: str) -> None:
        """A step begins that is no container of others."""
        self._open.add(step)
        self._settle()

    def ends(self, step: str) -> None:
        self._open.discard(step)
        self._settle()

    @contextmanager
    def waiting(self, step: str) -> Iterator[None]:
        """While a question of this step, or with an empty path of the run, is open."""
        self._waiting[step] = self._waiting.get(step, 0) + 1
        self._settle()
        try:
            yield
        finally:
            self._waiting[step] -= 1
            if not self._waiting[step]:
                del self._waiting[step]
            self._settle()

    def _settle(self) -> None:
        goes = not self._waiting or bool(self._open - self._waiting.keys())
        if goes and self._since is None:
            self._since = self._now()
        elif not goes and self._since is not None:
            self._counted += self._now() - self._since
            self._since = None


def tally_of(events: Iterable[Event]) -> Tally:
    """What a run has used by what its journal says, so that it goes on counting after a restart."""
    tally = Tally()
    open_steps: set[str] = set()
    containers: set[str] = set()
    asking: dict[str, int] = {}
    last: float | None = None
    for event in events:
        if isinstance(event, Resumed | Ended):
            # Between an end and a going on nothing was at work.
            last = None
            open_steps.clear()
            asking.clear()
            continue
        if last is not None and (not asking or open_steps - containers - asking.keys()):
            tally.seconds += max(0.0, event.at - last)
        last = event.at
        match event:
            case Started(step=step, attempt=attempt):
                tally.steps += step not in open_steps and attempt == 1
                open_steps.add(step)
                containers.add(step.rpartition("/")[0].rpartition("/")[0])
            case Finished(step=step) | Failed(step=step):
                taken_over = isinstance(event, Finished) and (event.reused or event.by_hand)
                tally.steps += step not in open_steps and not taken_over
                open_steps.discard(step)
            case Skipped(step=step) | Stopped(step=step):
                open_steps.discard(step)
            case Asked(step=step):
                asking[step] = asking.get(step, 0) + 1
            case Answered(step=step) if asking.get(step):
                asking[step] -= 1
                asking = {where: count for where, count in asking.items() if count}
            case Spent(tokens_in=tokens_in, tokens_out=tokens_out, money=money):
                tally.used.add(tokens_in, tokens_out, money)
            case _:
                pass
    return tally
