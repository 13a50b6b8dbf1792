"""Start, stop, resume, answer and watch runs. Work belongs to this service, never to a window."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Protocol

import orjson
from pydantic import JsonValue as Json

from app.engine.checks import roots_in
from app.engine.events import Resumed, Unwritten
from app.engine.past import NOTHING, Past, past_of
from app.engine.plan import Plan, plan
from app.engine.run import RunEnd, run
from app.engine.shared import Shared
from app.engine.world import World
from app.engine.writing import written
from app.runs.audience import Audience
from app.runs.ending import ending_of
from app.runs.follow import follow
from app.runs.patience import Patience
from app.runs.reading import events_of, picture_at
from app.runs.watch import Watch
from app.store.artifacts import Artifacts
from app.store.database import Database
from app.store.journal import Journal
from app.store.runs import Run, Runs
from app.store.trouble import StoreTrouble
from flows.inputs import checked
from flows.model import Flow, walk
from flows.problems import Problem
from nodes.catalog import Catalog
from nodes.context import Answer
from nodes.values import Effect

CLOSED = "Weft was closed while this ran. Continue it after its last finished step, or run it anew."
ENDS_WITHIN = 4.8
"""Seconds from Stop to the end of everything."""

log = logging.getLogger(__name__)


class RunWorld(World, Protocol):
    """A world that knows the practice shop and can be closed."""

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
class _Live:
    shared: Shared
    journal: Patience
    task: asyncio.Task[None]
    noting: asyncio.Task[None] | None = None
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    stopped_at: float | None = None

    def stop(self) -> None:
        """Let the run end; what puts its things away is not broken off by it."""
        self.journal.hurry()
        self.stopping.set()
        self.stopped_at = self.stopped_at or time.monotonic()

    @property
    def seconds_left(self) -> float | None:
        """For putting things away, of a run that was stopped."""
        return None if self.stopped_at is None else max(0.5, ENDS_WITHIN - (time.monotonic() - self.stopped_at))


class RunService:
    """All runs of this studio."""

    def __init__(
        self, *, database: Database, artifacts: Artifacts, runs: Runs, catalog: Catalog, open_world: OpenWorld
    ) -> None:
        self.stored = runs
        self.catalog = catalog
        self._database = database
        self._artifacts = artifacts
        self._open_world = open_world
        self._live: dict[str, _Live] = {}
        self._resuming: set[str] = set()
        self._following: set[asyncio.Task[None]] = set()
        self._audience = Audience()
        self._heard: list[Callable[[str], None]] = []

    @property
    def going(self) -> frozenset[str]:
        """The runs that go on now."""
        return frozenset(self._live)

    def when_changed(self, heard: Callable[[str], None]) -> Callable[[], None]:
        """Call `heard(run id)` whenever a run starts, waits, goes on or ends; the returned function ends that."""
        self._heard.append(heard)
        return partial(self._heard.remove, heard)

    async def start(
        self, flow: Flow, given: Mapping[str, Json], *, trigger: str = "window", click_id: str | None = None
    ) -> str:
        """The id of the new run. Unrunnable or NotStarted with every problem where the flow cannot run."""
        planned = await asyncio.to_thread(plan, flow, self.catalog)  # Beside the loop, as a large flow takes a while.
        values, problems = checked(flow.inputs, given)
        if problems:
            raise NotStarted(problems)
        record, is_new = await self.stored.create(
            flow_id=flow.id,
            flow_name=flow.name,
            document=flow.model_dump_json(),
            inputs=written(values).decode(),
            trigger=trigger,
            click_id=click_id,
        )
        if is_new:
            await self._begin(record, planned, NOTHING, 0)
        return record.id

    async def resume(self, run_id: str) -> None:
        """Continue an ended or interrupted run after its last finished step. RunElsewhere where it goes on already."""
        if run_id in self._live or run_id in self._resuming:
            return
        self._resuming.add(run_id)
        try:
            await self._resume(await self.stored.get(run_id))
        finally:
            self._resuming.discard(run_id)

    async def _resume(self, record: Run) -> None:
        if record.status == "done":
            raise NotStarted([Problem("This run is done; nothing is left to run.", hint="Run the flow anew.")])
        flow = Flow.model_validate_json(await self.stored.document(record))
        planned = await asyncio.to_thread(plan, flow, self.catalog)
        await self.stored.go_on(record.id)
        try:
            events, last = await events_of(self._database, self._artifacts, record.id)
            effects = {path: self._effect(step.kind) for path, step in walk(flow)}
            past = await asyncio.to_thread(past_of, events, lambda path: effects.get(path, Effect.WRITE))
        except Exception as error:
            await self.stored.set_status(record.id, "interrupted", str(error))
            raise
        await self._begin(record, planned, past, last + 1)
        live = self._live[record.id]
        live.shared.tell(Resumed, "")
        # Whoever looks from now on must not see the questions of before.
        await live.shared.journal.flush()

    async def stop(self, run_id: str) -> None:
        """Stop a run; returns once it has ended."""
        live = self._live.get(run_id)
        if live is not None:
            live.stop()
            await asyncio.wait([live.task])

    async def wait(self, run_id: str) -> Run:
        """The run once it no longer goes on."""
        live = self._live.get(run_id)
        if live is not None:
            await asyncio.wait([live.task])
        return await self.stored.get(run_id)

    async def answer(self, run_id: str, step: str, key: str, choice: str) -> bool:
        """Answer an open question. False where nobody asks any more."""
        live = self._live.get(run_id)
        return live is not None and await live.shared.answer(step, key, Answer(choice))

    async def watch(self, run_id: str, heard: Callable[[set[str]], None]) -> Watch:
        """The run's picture now, and `heard(changed paths)` whenever it changes, until the watch is closed."""
        watch = Watch(heard)
        self._audience.join(run_id, watch)
        watch.begin(*await picture_at(self._database, self._artifacts, run_id))
        record = await self.stored.get(run_id)
        if run_id in self._live:
            return watch
        if self.stored.elsewhere(record):
            following = asyncio.create_task(self._follow(watch, run_id), name=f"follow {run_id}")
            self._following.add(following)
            following.add_done_callback(self._following.discard)
            return watch
        self._show_as_kept(watch, record)
        return watch

    async def recover(self, *, wake: bool = True) -> list[Run]:
        """After a start: what one that is gone left running is interrupted, what waited for an answer waits again."""
        interrupted = await self.stored.interrupted()
        for record in interrupted:
            await self.stored.set_status(record.id, "interrupted", CLOSED)
        for card in await self.stored.newest(status="waiting", limit=1000) if wake else ():
            if self.stored.elsewhere(await self.stored.get(card.id)):
                continue
            try:
                await self.resume(card.id)
            except Exception as error:  # noqa: BLE001  one run that cannot go on must not keep the studio from starting
                log.warning("run %s: %s", card.id, error)
                await self.stored.set_status(card.id, "interrupted", f"It could not wait on. {error}")
        return interrupted

    async def close(self) -> None:
        """Interrupt every run, so that each can be continued after the next start; what waits for an answer waits."""
        for following in self._following:
            following.cancel()
        for live in self._live.values():
            live.shared.stopped_as = "waiting" if live.shared.asks else "interrupted"
            live.shared.stopped_because = CLOSED
            live.stop()
        if self._live:
            await asyncio.wait([live.task for live in self._live.values()], timeout=5)

    def _effect(self, kind: str) -> Effect:
        node = self.catalog.kinds.get(kind)
        return node.spec.effect if node is not None else Effect.WRITE

    async def _begin(self, record: Run, planned: Plan, past: Past, next_seq: int) -> None:
        try:
            world = await self._open_world(planned.flow, record.id, past.sessions)
        except Exception as error:
            await self.stored.set_status(record.id, "interrupted", str(error))
            raise
        kept = Journal(
            self._database,
            record.id,
            artifacts=self._artifacts,
            next_seq=next_seq,
            committed=partial(self._audience.committed, record.id),
        )
        journal = Patience(kept, partial(self._audience.say, record.id))
        shared = Shared(world, journal, past, waiting=partial(self._waits, record.id), run_id=record.id)
        task = asyncio.create_task(self._play(record, planned, shared, world, journal), name=f"run {record.id}")
        self._live[record.id] = _Live(shared, journal, task)
        self._tell(record.id)

    async def _play(self, record: Run, planned: Plan, shared: Shared, world: RunWorld, journal: Patience) -> None:
        """Play a run to its end, and write down how it ended whatever happens."""
        live = self._live[record.id]
        ending = await ending_of(self._played(record, planned, shared, world), shared, live.stopping, record.id)
        try:
            async with asyncio.timeout(live.seconds_left):
                await world.close()
        except Exception:
            log.exception("run %s: closing its world", record.id)
        try:
            await journal.close()
            await self._audience.told(record.id)
            if live.noting is not None:
                await asyncio.wait([live.noting])  # Else it could come later, and say of an ended run that it goes on.
            await journal.until_written(lambda: self._note_end(record.id, ending))
        except (Unwritten, StoreTrouble) as trouble:
            ending = RunEnd("interrupted", str(trouble))
            log.warning("run %s: %s", record.id, trouble)
        finally:
            del self._live[record.id]
            self._audience.ended(record.id, ending)
            self._tell(record.id)

    async def _note_end(self, run_id: str, ending: RunEnd) -> None:
        if ending.status == "waiting":
            await self.stored.set_status(run_id, "waiting")
        else:
            result = None if ending.result is None else orjson.dumps(ending.result).decode()
            await self.stored.end(run_id, ending.status, ending.message, result)

    async def _played(self, record: Run, planned: Plan, shared: Shared, world: RunWorld) -> RunEnd:
        names: dict[str, Json] = {
            "inputs": orjson.loads(record.inputs),
            "now": datetime.fromtimestamp(record.created_at).astimezone().isoformat(timespec="seconds"),
        }
        if "practice" in roots_in(planned.flow, self.catalog):
            names["practice"] = await world.practice()
        return await run(planned, shared, names)

    async def _follow(self, watch: Watch, run_id: str) -> None:
        """Show a run that another start of Weft goes on with, until it ends or that one is gone."""
        record = await follow(self._database, self._artifacts, self.stored, watch, run_id)
        if record is not None and record.status == "running":
            # Whoever had it is gone without a word.
            await self.stored.set_status(run_id, "interrupted", CLOSED)
            watch.picture.status, record = "interrupted", await self.stored.get(run_id)
        if record is not None:
            self._show_as_kept(watch, record)
            watch.soon()
            self._tell(run_id)

    def _show_as_kept(self, watch: Watch, record: Run) -> None:
        picture = watch.picture
        picture.status = picture.status if record.status == "running" else record.status
        picture.message = picture.message or record.message
        if record.status != "waiting":
            picture.end_open_steps("interrupted" if record.status in ("interrupted", "running") else "stopped")

    def _waits(self, run_id: str, questions: int) -> None:
        live = self._live.get(run_id)
        if live is not None:
            live.noting = asyncio.create_task(self._note_waiting(run_id, questions, live.noting))

    async def _note_waiting(self, run_id: str, questions: int, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.wait([before])
        if run_id in self._live:
            try:
                await self.stored.set_status(run_id, "waiting" if questions else "running")
            except StoreTrouble as trouble:
                log.warning("run %s: %s", run_id, trouble)
            self._tell(run_id)

    def _tell(self, run_id: str) -> None:
        for heard in tuple(self._heard):
            heard(run_id)
