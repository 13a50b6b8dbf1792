"""What all runs have used since midnight, in tokens and in money, and what they may use."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime

import orjson

from app.engine.budget import Caps, Day
from app.engine.usage import Used
from app.store.database import Database
from app.store.settings import Settings

CAPS = "budgets_of_a_day"


@dataclass(frozen=True)
class Today:
    """What was used since midnight: by the whole studio, and by each flow by its id."""

    all: Used
    flows: dict[str, Used]


@dataclass
class _Sums:
    midnight: float
    studio: Used = field(default_factory=Used)
    flows: defaultdict[str, Used] = field(default_factory=lambda: defaultdict(Used))


class Spending:
    """Counts as runs spend. What was spent before this start of Weft is read from the journals when first needed.

    What another start of Weft spends at the same time, a terminal's for example, counts in `today` at once, and for
    the caps from the next start on.
    """

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._settings = Settings(database)
        self._clock = clock
        self._began = clock()
        self._sums = _Sums(midnight(self._began))
        self._caps: Caps | None = None
        self._read = False
        self._reading = asyncio.Lock()

    async def caps(self) -> Caps:
        """What all runs of a day may use."""
        if self._caps is None:
            kept = await self._settings.get(CAPS, {})
            self._caps = Caps(kept.get("tokens"), kept.get("money"))
        return self._caps

    async def put_caps(self, caps: Caps) -> None:
        """From now on, for the runs that go on too: before their next step that takes time."""
        await self._settings.put(CAPS, asdict(caps))
        self._caps = caps

    async def today(self) -> Today:
        """The sums by what is in the journals."""
        flows = await self._database.read(lambda connection: _spent(connection, midnight(self._clock()), None))
        return Today(_together(flows), flows)

    async def day_of(self, flow_id: str, *, limited: bool) -> Callable[[], Day]:
        """The day of a flow's run, counted as it goes on. `limited` is True where the flow has limits for a day."""
        if (limited or await self.caps() != Caps()) and not self._read:
            async with self._reading:
                await self._read_earlier()
        return lambda: self._day(flow_id)

    def _day(self, flow_id: str) -> Day:
        sums = self._sums
        if self._clock() >= sums.midnight + 86_400:
            now = midnight(self._clock())
            if now > sums.midnight:
                sums = self._sums = _Sums(now)
        return Day(sums.flows[flow_id], sums.studio, self._caps or Caps())

    async def _read_earlier(self) -> None:
        if self._read:
            return
        since = self._sums.midnight
        earlier = await self._database.read(lambda connection: _spent(connection, since, self._began))
        if self._sums.midnight == since:
            for flow_id, used in earlier.items():
                _add(self._sums.flows[flow_id], used)
            _add(self._sums.studio, _together(earlier))
        self._read = True


def midnight(now: float) -> float:
    """When today began, on this computer's clock."""
    return datetime.fromtimestamp(now).replace(hour=0, minute=0, second=0, microsecond=0).timestamp()


def _spent(connection: object, since: float, until: float | None) -> dict[str, Used]:
    rows = connection.execute(  # type: ignore[attr-defined]  # what the database gives to its readers
        "SELECT run.flow_id, event.body FROM run JOIN event ON event.run_id = run.id"
        " WHERE (run.ended_at IS NULL OR run.ended_at >= ?)"
        " AND event.kind = 'spent' AND event.at >= ? AND event.at < ?",
        (since, since, until if until is not None else 1e18),
    )
    found: dict[str, Used] = {}
    for flow_id, body in rows:
        told = orjson.loads(body)
        found.setdefault(flow_id, Used()).add(told.get("tokens_in"), told.get("tokens_out"), told.get("money"))
    return found


def _together(flows: dict[str, Used]) -> Used:
    total = Used()
    for used in flows.values():
        _add(total, used)
    return total


def _add(total: Used, more: Used) -> None:
    total.tokens += more.tokens
    total.money += more.money
    total.uncounted += more.uncounted
    total.unpriced += more.unpriced
