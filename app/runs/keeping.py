"""How long runs are kept: what is over the limits goes by itself once an hour, the rest when a person says so."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from app.store.artifacts import Artifacts
from app.store.cleaning import GRACE, Cleaning, Freed
from app.store.database import Database
from app.store.limits import CAN_BE_CONTINUED, DAY, Going, Limits, Policy, as_json, of_flow, of_ids, over
from app.store.settings import Settings
from app.store.space import InDatabase, OnDisk, in_database, on_disk, size_of

POLICY = "how_long_runs_are_kept"
LAST = "last_cleaned"
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Cleaned:
    """When Weft last cleaned up by itself, and what went."""

    at: float
    runs: int
    files: int
    bytes: int


class Keeping:
    """One of them for the studio. Removing is done here, never in a window, and one at a time."""

    def __init__(
        self,
        database: Database,
        artifacts: Artifacts,
        settings: Settings,
        folder: Path,
        now: Callable[[], float] = time.time,
        grace: float = GRACE,
    ) -> None:
        self._database = database
        self._artifacts = artifacts
        self._settings = settings
        self._folder = folder
        self._now = now
        self._cleaning = Cleaning(database, artifacts, now, grace)
        self._turn = asyncio.Lock()
        self._looked_at = float("-inf")
        self._heard: list[Callable[[Sequence[str]], None]] = []
        self._heard_of_cleaning: list[Callable[[], None]] = []

    def when_removed(self, heard: Callable[[Sequence[str]], None]) -> Callable[[], None]:
        """Call `heard(run ids)` whenever runs are gone; the returned function ends that."""
        self._heard.append(heard)
        return partial(self._heard.remove, heard)

    def when_cleaned(self, heard: Callable[[], None]) -> Callable[[], None]:
        """Call `heard` whenever Weft has cleaned up, whether anything went or not; the returned function ends that."""
        self._heard_of_cleaning.append(heard)
        return partial(self._heard_of_cleaning.remove, heard)

    async def policy(self) -> Policy:
        """The limits now."""
        return _policy(await self._settings.get(POLICY))

    async def put_general(self, limits: Limits) -> None:
        """These are the limits from now on, for every flow that has none of its own."""
        await self._settings.put(POLICY, as_json(replace(await self.policy(), general=limits)))

    async def put_own(self, flow_id: str, limits: Limits | None) -> None:
        """These are the limits of this flow from now on; None are the general ones."""
        policy = await self.policy()
        own = {flow: each for flow, each in policy.own.items() if flow != flow_id}
        await self._settings.put(POLICY, as_json(replace(policy, own=own | ({flow_id: limits} if limits else {}))))

    async def over(self, policy: Policy | None = None) -> Going:
        """What goes with the next cleaning up, or would with these limits."""
        return await over(self._database, policy or await self.policy(), self._now())

    async def of_flow(self, flow_id: str, *, older_than: int | None = None, but_newest: int = 0) -> Going:
        """What would go of a flow: its runs older than so many days, and all but so many of the newest."""
        return await of_flow(self._database, flow_id, self._now(), older_than=older_than, but_newest=but_newest)

    async def of_ids(self, ids: Iterable[str]) -> Going:
        """What would go of these runs."""
        return await of_ids(self._database, list(ids))

    async def remove(self, ids: Iterable[str], *, interrupted_too: bool = False) -> Freed:
        """Remove these runs, but for those that go on or wait, and, unless they are meant too, those that can still be
        continued because they were interrupted in the last week."""
        async with self._turn:
            freed = await self._remove(ids, float("inf") if interrupted_too else self._now() - CAN_BE_CONTINUED)
            await self._cleaning.shrink()
            return freed

    async def clean(self) -> Freed:
        """What Weft does by itself: remove what is over the limits, and what nobody refers to."""
        async with self._turn:
            freed = await self._cleaning.clear()  # What an earlier start did not get done.
            going = await self.over()
            freed += await self._remove(going.ids, self._now() - CAN_BE_CONTINUED)
            if self._now() - self._looked_at > DAY:
                freed += await self._cleaning.collect_all()
                self._looked_at = self._now()
            await self._cleaning.shrink()
            await self._settings.put(LAST, asdict(Cleaned(self._now(), freed.runs, freed.files, freed.bytes)))
        for heard in tuple(self._heard_of_cleaning):
            heard()
        return freed

    async def last(self) -> Cleaned | None:
        """When Weft last cleaned up by itself; None where it never has."""
        said = await self._settings.get(LAST)
        return Cleaned(**said) if said else None

    async def in_database(self) -> InDatabase:
        """What the database holds."""
        return await in_database(self._database)

    async def on_disk(self) -> OnDisk:
        """What lies beside the database."""
        return await asyncio.to_thread(on_disk, self._folder, self._database.path, self._artifacts)

    async def remove_files(self, paths: Sequence[Path]) -> Freed:
        """Remove files that Weft has made beside the database: older backups, copies of a damaged one."""

        def removed() -> Freed:
            sizes = [size_of(path) for path in paths]
            for path in paths:
                path.unlink(missing_ok=True)
            return Freed(files=len(sizes), bytes=sum(sizes))

        return await asyncio.to_thread(removed)

    async def _remove(self, ids: Iterable[str], interrupted_before: float) -> Freed:
        gone = await self._cleaning.remove(ids, interrupted_before)
        if gone:
            for heard in tuple(self._heard):
                heard(gone)
        return Freed(runs=len(gone)) + await self._cleaning.clear()


def _policy(said: Any) -> Policy:
    if said is None:
        return Policy()
    return Policy(Limits(**said["general"]), {flow: Limits(**each) for flow, each in said["own"].items()})
