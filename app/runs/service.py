"""Start, stop, resume, answer and watch runs. Work belongs to this service, never to a window."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Literal

from pydantic import JsonValue as Json

from app.engine.debug import Debug
from app.engine.events import Resumed
from app.engine.parts import Parts
from app.engine.past import DOUBT, NOTHING, Past, past_of
from app.engine.plan import Plan, effects_in, plan
from app.engine.reuse import Reuse
from app.engine.usage import Tally, tally_of
from app.engine.writing import written
from app.runs import parts
from app.runs.admission import Admission, queued_because, skipped_because
from app.runs.answering import Answering
from app.runs.failure import AfterFailure, FlowOf, no_flow
from app.runs.governing import Governor
from app.runs.hands import Hands
from app.runs.live import CLOSED, Live, NotStarted, OpenWorld, RunWorld
from app.runs.options import options_text
from app.runs.parking import Waker
from app.runs.player import Player
from app.runs.reading.journal import events_of
from app.runs.reading.watch import Watch
from app.runs.reading.watching import Watching
from app.runs.recovering import Recovery
from app.runs.spending import Spending
from app.runs.taking import NOT_BEGUN, as_option, take_over, wished
from app.store.artifacts import Artifacts
from app.store.database import Database
from app.store.inbox import Decision, Inbox
from app.store.runs import Run, RunCard, Runs
from flows.inputs import checked
from flows.model import Flow
from flows.problems import Problem
from nodes.catalog import Catalog
from nodes.context import Answer
from nodes.values import Effect

__all__ = ["CLOSED", "NotStarted", "RunService", "RunWorld"]

DISCARDED = "Discarded after it was interrupted."

log = logging.getLogger(__name__)


class RunService:
    """All runs of this studio. `clock` is what deadlines and rests go by; it is looked at each `look_again` seconds."""

    def __init__(
        self,
        *,
        database: Database,
        artifacts: Artifacts,
        runs: Runs,
        catalog: Catalog,
        open_world: OpenWorld,
        clock: Callable[[], float] = time.time,
        look_again: float | None = None,
        parts_of: parts.PartsOf = parts.no_parts,
        flow_of: FlowOf = no_flow,
        mask: Callable[[Any], Any] = lambda value: value,
    ) -> None:
        self.stored = runs
        self.mask = mask
        """What a person gave by hand, with every known secret in it masked."""
        self.spending = Spending(database, clock)
        self.after_failure = AfterFailure(runs, flow_of, self.start, tell=self._tell, clock=clock)
        self.catalog = catalog
        self.inbox = Inbox(database, clock)
        self.went_on: list[RunCard] = []
        """What this start of Weft has taken up by itself after a crash."""
        self._database = database
        self._artifacts = artifacts
        self._parts_of = parts_of
        self._hands = Hands()
        self._heard: list[Callable[[str], None]] = []
        self._inbox_heard: list[Callable[[], None]] = []
        self._player = Player(
            database=database,
            artifacts=artifacts,
            stored=runs,
            inbox=self.inbox,
            catalog=catalog,
            open_world=open_world,
            tell=self._tell,
            clock=clock,
            governor=Governor(runs, self.spending),
            ended=self.after_failure.ended,
        )
        self._admission = Admission(self._player.live, self._begin_queued)
        self.parking = self._player.parking
        self._answering = Answering(self.inbox, runs, self._player.live, self._take_up, self._tell)
        self._recovery = Recovery(runs, self.inbox, self.resume, self._answering.wake)
        self.waker = Waker(
            self.inbox,
            wake=self._answering.wake,
            pass_on=self._answering.pass_on,
            find_left=self._find_left,
            changed=self._tell_of_inbox,
        )
        if look_again is not None:
            self._player.look_again = self.waker.look_again = look_again
        self._watching = Watching(database, artifacts, runs, self._player.audience, self._player.live, self._tell)

    @property
    def going(self) -> frozenset[str]:
        """The runs that go on now or wait for their turn; one that was put away while it waits is none of them."""
        return frozenset(self._player.live) | self._admission.queued

    def when_changed(self, heard: Callable[[str], None]) -> Callable[[], None]:
        """Call `heard(run id)` whenever a run starts, waits, goes on or ends; the returned function ends that."""
        self._heard.append(heard)
        return partial(self._heard.remove, heard)

    def when_inbox_changed(self, heard: Callable[[], None]) -> Callable[[], None]:
        """Call `heard` whenever something is asked or decided; the returned function ends that."""
        self._inbox_heard.append(heard)
        return partial(self._inbox_heard.remove, heard)

    async def parts_of(self, flow: Flow) -> Parts:
        """The flows that a flow runs as its steps, as they are now."""
        return await self._parts_of(flow)

    async def start(
        self,
        flow: Flow,
        given: Mapping[str, Json],
        *,
        trigger: str = "window",
        click_id: str | None = None,
        rehearse: bool = False,
        debug: Debug | None = None,
        reuse: Reuse | None = None,
        failure_of: str | None = None,
    ) -> str:
        """The id of the new run. Unrunnable or NotStarted with every problem where the flow cannot run.

        With `rehearse` nothing is written, sent or bought; with `debug` it stands still where that says. With `reuse`
        it does not do again what an earlier run has done. `failure_of` is the run whose failure is its reason. Where
        as many runs of the flow go on as it allows, the new one waits for its turn, or is left out at once.
        """
        others = await self._parts_of(flow)
        planned = await asyncio.to_thread(plan, flow, self.catalog, others)  # Beside the loop: it may take a while.
        values, problems = checked(flow.inputs, given)
        if problems:
            raise NotStarted(problems)
        at_once = flow.limits.at_once
        # Whoever asks for one of these sits before it and waits.
        sits_before_it = rehearse or debug is not None or reuse is not None
        status = "running" if sits_before_it else self.would_be(flow)
        kept = None if reuse is None else as_option(reuse)
        with self._admission.beginning(flow.id):
            record, is_new = await self.stored.create(
                flow_id=flow.id,
                flow_name=flow.name,
                document=flow.model_dump_json(),
                inputs=written(values).decode(),
                trigger="rehearsal" if rehearse else trigger,
                click_id=click_id,
                parts=parts.written(others),
                options=options_text(rehearse=rehearse, debug=debug, reuse=kept, failure_of=failure_of),
                parent=failure_of if reuse is None else reuse.from_run or failure_of,
                status=status,
                message=queued_because(at_once) if status == "queued" else "",
            )
            if not is_new:
                return record.id
            if status == "skipped":
                await self._player.end_put_away(record, skipped_because(at_once), status="skipped")
            elif reuse is not None:
                past, next_seq = await self._taken_over(record.id, reuse)
                await self._begin(record, planned, past, next_seq)
            elif status == "running":
                await self._begin(record, planned, debug=debug)
        if status == "queued":
            self._admission.queue(flow.id, record.id, at_once)
            self._tell(record.id)
        return record.id

    def would_be(self, flow: Flow) -> Literal["running", "queued", "skipped"]:
        """What a run of the flow that is started now would be, by how many of its runs go on at once."""
        if not self._admission.is_full(flow.id, flow.limits.at_once):
            return "running"
        return "queued" if flow.limits.when_full == "queue" else "skipped"

    def debug(self, run_id: str) -> Debug | None:
        """Where a run that goes on stands still, to look at and to change while it runs; None for one that does not."""
        live = self._player.live.get(run_id)
        return self._player.governor.debug_of(live.shared, run_id) if live is not None else None

    async def _begin_queued(self, run_id: str) -> None:
        """Begin a run whose turn it is."""
        record = await self.stored.get(run_id)
        if record.status != "queued":
            return
        try:
            document, kept = await self.stored.version(record)
            flow = Flow.model_validate_json(document)
            planned = await asyncio.to_thread(plan, flow, self.catalog, parts.read(kept))
            await self.stored.go_on(run_id)
            live = await self._begin(record, planned)
            live.shared.tell(Resumed, "")
        except Exception as error:  # noqa: BLE001  one run that cannot begin must not keep the next from it
            log.warning("run %s: %s", run_id, error)
            await self._player.end_put_away(record, f"It could not begin. {error}", status="failed")

    async def _taken_over(self, run_id: str, reuse: Reuse) -> tuple[Past, int]:
        try:
            return await take_over(self._database, self._artifacts, run_id, reuse, time.time())
        except Exception as error:
            await self.stored.set_status(run_id, "interrupted", str(error))
            raise

    async def resume(self, run_id: str, *, only_if_sure: bool = False) -> bool:
        """Continue an ended or interrupted run after its last finished step; whether it goes on now.

        With `only_if_sure` it is left alone where a step may or may not have happened. RunElsewhere where another start
        of Weft goes on with it.
        """
        async with self._hands.on(run_id) as waited:
            if run_id in self._player.live:
                return True
            record = await self.stored.get(run_id)
            if waited and record.status == "done":
                return False  # Whoever was first has gone on with it, and it has ended since.
            return await self._resume(record, only_if_sure=only_if_sure)

    async def _take_up(self, run_id: str) -> None:
        """Go on with a run that was put away, if it still waits when its turn comes."""
        async with self._hands.on(run_id):
            record = await self.stored.get(run_id)
            is_free = run_id not in self._player.live and not self.stored.elsewhere(record)
            if is_free and record.status == "waiting" and not self._admission.closed:
                await self._resume(record, only_if_sure=False)

    async def _resume(self, record: Run, *, only_if_sure: bool) -> bool:
        if record.status == "done":
            raise NotStarted([Problem("This run is done; nothing is left to run.", hint="Run the flow anew.")])
        document, kept = await self.stored.version(record)
        flow = Flow.model_validate_json(document)
        planned = await asyncio.to_thread(plan, flow, self.catalog, parts.read(kept))
        await self.stored.go_on(record.id)
        try:
            events, last = await events_of(self._database, self._artifacts, record.id)
            effects = effects_in(planned)
            before = await asyncio.to_thread(past_of, events, lambda path: effects.get(path, Effect.WRITE))
            past = wished(before, record, events)
            if past is None:
                raise NotStarted([Problem(NOT_BEGUN, hint="Continue the earlier run again.")])
            if only_if_sure and past.doubt:
                await self.stored.set_status(record.id, record.status, record.message)
                return False
            unheard = [(entry.step, entry.key) for entry in await self.inbox.unheard_of(record.id)]
            await self.inbox.heard(record.id, [where for where in unheard if where in past.answers])
            asked = await self.inbox.open_of(record.id)
            for entry in asked:
                if entry.step in past.doubt and not entry.key.startswith(DOUBT):
                    await self.inbox.withdraw(record.id, entry.step, entry.key)  # It is first asked what became of it.
            if record.status == "waiting" and not asked and past.answers.keys() >= set(unheard):
                await self.stored.set_status(record.id, "running")  # It has all its answers, and waits for nothing.
        except Exception as error:
            await self.stored.set_status(record.id, "interrupted", str(error))
            raise
        tally = await asyncio.to_thread(tally_of, events)
        live = await self._begin(record, planned, past, last + 1, tally)
        live.shared.tell(Resumed, "")
        # Whoever looks from now on must not see the questions of before.
        await live.shared.journal.flush()
        return True

    async def stop(self, run_id: str) -> None:
        """Stop a run; returns once it has ended."""
        if self._admission.leave(run_id):
            record = await self.stored.get(run_id)
            await self.stored.go_on(run_id)
            await self._player.end_put_away(record, "Stopped before it began.")
            return
        await self._admission.wait(run_id)
        async with self._hands.on(run_id):
            live = self._player.live.get(run_id)
            if live is not None:
                live.stop()
                await asyncio.wait([live.task])
            record = await self.stored.get(run_id)
            if record.status == "waiting":
                await self.stored.go_on(run_id)
                await self._player.end_put_away(record, "Stopped before the end.")

    async def discard(self, run_id: str, because: str = DISCARDED) -> None:
        """Let go of a run that was interrupted: it ends as stopped, and can still be continued from its own page."""
        async with self._hands.on(run_id):
            record = await self.stored.get(run_id)
            if record.status in ("interrupted", "waiting") and run_id not in self.going:
                await self.stored.go_on(run_id)
                await self._player.end_put_away(record, because)

    async def wait(self, run_id: str) -> Run:
        """The run once it no longer goes on."""
        await self._admission.wait(run_id)
        async with self._hands.on(run_id):
            pass
        live = self._player.live.get(run_id)
        if live is not None:
            await asyncio.wait([live.task])
        return await self.stored.get(run_id)

    async def answer(
        self, run_id: str, step: str, key: str, choice: str, payload: Json = None, *, by: str = "Weft"
    ) -> Decision:
        """Decide a question, once: who comes later hears how it was decided. A run that was put away is taken up.

        `payload` is what the question is about, as it was left; `by` is the place where it was answered. AnswerRefused
        where the question does not take this answer.
        """
        return await self._answering.answer(run_id, step, key, Answer(choice, self.mask(payload), by))

    async def watch(self, run_id: str, heard: Callable[[set[str]], None]) -> Watch:
        """The run's picture now, and `heard(changed paths)` whenever it changes, until the watch is closed."""
        return await self._watching.watch(run_id, heard)

    def say(self, run_id: str, sentence: str) -> None:
        """Show a sentence beside a run that is not in its journal; an empty one takes it away."""
        self._player.audience.say(run_id, sentence)

    async def recover(self, *, wake: bool = True) -> list[Run]:
        """After a start: what one that is gone left running is interrupted, what waited for an answer waits again.

        With `wake` what waits is taken up when it is time, from now on, and so are interrupted runs of flows that
        resume by themselves. The runs that were interrupted come back.
        """
        interrupted = await self._recovery.interrupted()
        await self.inbox.close_left_open()
        if wake:
            self.went_on = await self._recovery.take_up(interrupted)
            self.waker.wakes = True
            await self._queue_again()
        self.waker.start()
        return [run for run in interrupted if run.id not in {each.id for each in self.went_on}]

    async def _find_left(self) -> None:
        """What another start of Weft has left that is gone, a terminal's for example: as after a start of this one."""
        interrupted = await self._recovery.interrupted()
        self.went_on = [*self.went_on, *await self._recovery.take_up(interrupted)]
        await self._queue_again()
        for record in interrupted:
            self._tell(record.id)

    async def _queue_again(self) -> None:
        for record in await self.stored.left_queued():
            try:
                at_once = Flow.model_validate_json(await self.stored.document(record)).limits.at_once
            except ValueError:
                at_once = 1  # Why it cannot begin is said when its turn comes.
            if record.id not in self._admission.queued:
                self._admission.queue(record.flow_id, record.id, at_once)

    async def close(self) -> None:
        """Interrupt every run, so that each can be continued after the next start; what waits for an answer waits."""
        self._admission.closed = self._player.keeper.closed = True
        self.waker.stop()
        self._watching.close()
        await self.after_failure.close()
        live = list(self._player.live.values())
        for each in live:
            each.close()
        if live:
            await asyncio.wait([each.task for each in live], timeout=5)
        await self._player.keeper.close()

    async def _begin(
        self,
        record: Run,
        planned: Plan,
        past: Past = NOTHING,
        next_seq: int = 0,
        tally: Tally | None = None,
        debug: Debug | None = None,
    ) -> Live:
        live = await self._player.begin(record, planned, past, next_seq, tally, debug)
        self.waker.start()
        return live

    def _tell(self, run_id: str) -> None:
        self._admission.look()
        self.waker.poke()  # It may have asked something, or been put away and want to be taken up again soon.
        for heard in tuple(self._heard):
            heard(run_id)

    def _tell_of_inbox(self) -> None:
        for heard in tuple(self._inbox_heard):
            heard()
