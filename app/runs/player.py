"""Plays runs, each in a task of its own, and writes down how they stand and how they ended."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial

import orjson
from pydantic import JsonValue as Json

from app.engine.asking import LOOK_AGAIN
from app.engine.checks import roots_in
from app.engine.debug import Debug
from app.engine.events import Ended, Unwritten, row
from app.engine.outcomes import RunEnd
from app.engine.past import Past
from app.engine.plan import Plan
from app.engine.shared import Shared
from app.engine.usage import Tally
from app.runs.ending import ending_of
from app.runs.governing import Governor
from app.runs.inbox import RunDesk
from app.runs.live import Live, OpenWorld, RunWorld, waits_for
from app.runs.parking import Parking
from app.runs.patience import Patience
from app.runs.reading.audience import Audience
from app.runs.reading.keeper import Keeper
from app.store.artifacts import Artifacts
from app.store.database import Database
from app.store.inbox import Inbox
from app.store.journal import Journal, next_seq
from app.store.runs import Run, Runs
from app.store.trouble import StoreTrouble
from flows.model import Flow
from nodes.catalog import Catalog

log = logging.getLogger(__name__)


class Player:
    """The runs that go on. `tell` hears of each that starts, waits, goes on or ends."""

    def __init__(
        self,
        *,
        database: Database,
        artifacts: Artifacts,
        stored: Runs,
        inbox: Inbox,
        catalog: Catalog,
        open_world: OpenWorld,
        tell: Callable[[str], None],
        governor: Governor,
        ended: Callable[[Run, Flow, RunEnd], None],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.governor = governor
        self._ended = ended
        self.live: dict[str, Live] = {}
        self.audience = Audience()
        self.keeper = Keeper(database, artifacts)
        self.parking = Parking()
        self.look_again = LOOK_AGAIN
        """Seconds after which a waiting run looks at the clock again."""
        self._database = database
        self._artifacts = artifacts
        self._stored = stored
        self._inbox = inbox
        self._catalog = catalog
        self._open_world = open_world
        self._tell = tell
        self._clock = clock

    async def begin(
        self,
        record: Run,
        planned: Plan,
        past: Past,
        next_seq: int,
        tally: Tally | None = None,
        debug: Debug | None = None,
    ) -> Live:
        """Let a run begin, or go on after its past, in which it has used what `tally` says."""
        try:
            world = await self._open_world(planned.flow, record.id, past.sessions)
        except Exception as error:
            await self._stored.set_status(record.id, "interrupted", str(error))
            raise
        kept = Journal(
            self._database,
            record.id,
            artifacts=self._artifacts,
            next_seq=next_seq,
            committed=partial(self.audience.committed, record.id),
        )
        journal = Patience(kept, partial(self.audience.say, record.id))
        shared = Shared(
            world,
            journal,
            past,
            waiting=partial(self._waits, record.id),
            run_id=record.id,
            clock=self._clock,
            desk=RunDesk(self._inbox, record.id, journal, partial(self._tell, record.id)),
        )
        try:
            await self.governor.rule(shared, world, record, planned.flow, past, tally, debug)
        except Exception as error:
            await world.close()
            await self._stored.set_status(record.id, "interrupted", str(error))
            raise
        shared.asking.look_again = self.look_again
        task = asyncio.create_task(self._play(record, planned, shared, world, journal), name=f"run {record.id}")
        live = self.live[record.id] = Live(record, shared, world, journal, task)
        self._tell(record.id)
        return live

    async def end_put_away(self, record: Run, message: str, status: str = "stopped") -> None:
        """End a run that nobody has in memory, as stopped where nothing else is said."""
        journal = Journal(
            self._database,
            record.id,
            artifacts=self._artifacts,
            next_seq=await next_seq(self._database, record.id),
            committed=partial(self.audience.committed, record.id),
        )
        journal.append(row(Ended, "", status=status, message=message))
        await journal.close()
        await self.audience.told(record.id)
        await self._note_end(record.id, RunEnd(status, message))
        self.audience.ended(record.id, RunEnd(status, message))
        self._tell(record.id)

    async def _play(self, record: Run, planned: Plan, shared: Shared, world: RunWorld, journal: Patience) -> None:
        """Play a run to its end, and write down how it ended whatever happens."""
        live = self.live[record.id]
        ending = await ending_of(self._played(record, planned, shared, world), shared, live.stopping, record.id)
        try:
            async with asyncio.timeout(live.seconds_left):
                await world.close()
        except Exception:
            log.exception("run %s: closing its world", record.id)
        try:
            await journal.close()
            await self.audience.told(record.id)
            if live.noting is not None:
                await asyncio.wait([live.noting])  # Else it could come later, and say of an ended run that it goes on.
            if live.away is not None:
                await journal.until_written(lambda: self._inbox.keep_only(record.id, live.asked))
            await journal.until_written(lambda: self._note_end(record.id, ending, live.away))
        except (Unwritten, StoreTrouble) as trouble:
            ending = RunEnd("interrupted", str(trouble))
            log.warning("run %s: %s", record.id, trouble)
        finally:
            self.parking.forget(record.id)
            del self.live[record.id]
            self.audience.ended(record.id, ending)
            self._ended(record, planned.flow, ending)
            if ending.status != "waiting":
                self.keeper.ended(record.id, journal.taken)
            self._tell(record.id)

    async def _note_end(self, run_id: str, ending: RunEnd, away: str | None = None) -> None:
        """Write down how it ended; `away` is what it waits for, where it was put away."""
        if ending.status != "waiting":
            result = None if ending.result is None else orjson.dumps(ending.result).decode()
            await self._stored.end(run_id, ending.status, ending.message, result)
            await self._inbox.close(run_id, ended=ending.status != "interrupted")
        elif away is None:
            await self._stored.set_status(run_id, "waiting")
        else:
            await self._stored.put_away(run_id, away)

    async def _played(self, record: Run, planned: Plan, shared: Shared, world: RunWorld) -> RunEnd:
        from app.engine.run import run

        names: dict[str, Json] = {
            "inputs": orjson.loads(record.inputs),
            "now": datetime.fromtimestamp(record.created_at).astimezone().isoformat(timespec="seconds"),
        }
        if any("practice" in roots_in(each, self._catalog) for each in (planned.flow, *planned.parts.values())):
            names["practice"] = await world.practice()
        return await run(planned, shared, names)

    def _waits(self, run_id: str, questions: int) -> None:
        live = self.live.get(run_id)
        if live is not None:
            live.noting = asyncio.create_task(self._note_waiting(run_id, questions, live.noting))
            self.parking.changed(live)

    async def _note_waiting(self, run_id: str, questions: int, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.wait([before])
        if (live := self.live.get(run_id)) is not None:
            try:
                await self._stored.set_status(run_id, "waiting" if questions else "running", waits_for(live.shared))
            except StoreTrouble as trouble:
                log.warning("run %s: %s", run_id, trouble)
            self._tell(run_id)
