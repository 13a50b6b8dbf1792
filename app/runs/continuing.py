"""Fix and resume: a new run from any step of an ended one, and the runs of a part of a flow that the editor offers.

What comes before, has ended and is unchanged is taken over; nothing of it happens twice. A new run names the one it
goes on from as its `parent`, and its journal begins with what it takes over, so that whoever reads it finds all of it.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

import orjson
from pydantic import JsonValue as Json

from app.engine.fingerprint import traced
from app.engine.parts import Parts
from app.engine.past import plain
from app.engine.plan import Unrunnable
from app.engine.ran import Ran, ran_of
from app.engine.reuse import CannotReuse, Outputs, Reuse, Wish
from app.engine.taking_over import Known, reuse_of
from app.engine.writing import canonical
from app.runs.options import is_rehearsal
from app.runs.parts import read
from app.runs.reading.journal import events_of
from app.runs.service import NotStarted, RunService
from app.store.artifacts import Artifacts
from app.store.database import Database
from app.store.journal import finished_steps
from app.store.runs import Run
from flows.inputs import checked
from flows.model import Flow
from flows.problems import Problem
from nodes.values import Effect

ENDED = ("done", "failed", "stopped", "interrupted")
LOOKED_AT = 12
"""Runs of a flow among which the last one with the same inputs is looked for."""
TRIED = 3
"""Of these, how many are read to find one that has what a wish needs."""
KEPT = 4
"""Runs whose fingerprints are kept, so that each edit of a flow can be compared with the last run."""


@dataclass(frozen=True)
class _Old:
    """What is known of a run that has ended: its steps with their fingerprints, and which of them finished."""

    flow: Flow
    parts: Parts
    steps: Known
    finished: frozenset[str]


class Continuing:
    """Starts runs that take over what earlier ones have done."""

    def __init__(self, database: Database, artifacts: Artifacts, runs: RunService) -> None:
        self._database = database
        self._artifacts = artifacts
        self._runs = runs
        self._known: OrderedDict[str, _Old] = OrderedDict()

    async def continue_from(
        self,
        run_id: str,
        step: str = "",
        *,
        flow: Flow | None = None,
        data: Mapping[str, Outputs] | None = None,
        given: Mapping[str, Json] | None = None,
        click_id: str | None = None,
    ) -> str:
        """The id of a new run from a step of an ended run on; what is before it and unchanged is not done again.

        `step` is a path in the flow or in the run (`each/line` is all rounds, `each/17/line` one), or nothing for what
        has changed or is missing. `flow` is the flow as it was edited since, `data` outputs by the path of their step
        in the run, `given` other inputs. NotStarted or Unrunnable where it cannot be.
        """
        wish = Wish("from" if step else "changed", step, rest=True)
        reuse, old, inputs = await self._continued(run_id, wish, flow, data, given)
        return await self._start(flow or old.flow, inputs, reuse, "continued", click_id)

    async def retry_rounds(
        self, run_id: str, container: str, *, flow: Flow | None = None, click_id: str | None = None
    ) -> str:
        """The id of a new run in which the failed rounds of a container run again, and what comes after it.

        The container is one of the run (`each`, `outer/3/inner`) or of the flow (`outer/inner`, in all rounds).
        """
        reuse, old, inputs = await self._continued(run_id, Wish("rounds", container, rest=True), flow, None, None)
        return await self._start(flow or old.flow, inputs, reuse, "continued", click_id)

    async def would_retry(self, run_id: str, container: str, *, flow: Flow | None = None) -> Reuse:
        """What `retry_rounds` would take over, and what it would do once more."""
        return (await self._continued(run_id, Wish("rounds", container, rest=True), flow, None, None))[0]

    async def would_continue(
        self, run_id: str, step: str = "", *, flow: Flow | None = None, data: Mapping[str, Outputs] | None = None
    ) -> Reuse:
        """What `continue_from` would take over; `repeated` are the steps that write or cost something once more."""
        return (await self._continued(run_id, Wish("from" if step else "changed", step, rest=True), flow, data, None))[
            0
        ]

    async def run_only(self, flow: Flow, given: Mapping[str, Json], step: str, *, click_id: str | None = None) -> str:
        """The id of a run of nothing but this step, with what the last run gave to it; `each/17/line` is one round."""
        return await self._partly(flow, given, Wish("only", step), "step", click_id)

    async def run_to(self, flow: Flow, given: Mapping[str, Json], step: str, *, click_id: str | None = None) -> str:
        """The id of a run of this step and of what it needs that the last run has not done or that has changed."""
        return await self._partly(flow, given, Wish("to", step), "to a step", click_id)

    async def run_from(self, flow: Flow, given: Mapping[str, Json], step: str, *, click_id: str | None = None) -> str:
        """The id of a run of this step and all after it, with what the last run gave."""
        return await self._partly(flow, given, Wish("from", step), "from a step", click_id)

    async def run_changed(self, flow: Flow, given: Mapping[str, Json], *, click_id: str | None = None) -> str:
        """The id of a run of what has changed since the last run, or was not done in it."""
        return await self._partly(flow, given, Wish("changed", rest=True), "changes", click_id)

    async def last_runs(self, flow: Flow, given: Mapping[str, Json]) -> list[Run]:
        """The ended runs that a part of the flow can be based on: the newest first, those with these inputs before."""
        values = checked(flow.inputs, given)[0]
        cards = await self._runs.stored.newest(flow_id=flow.id, limit=LOOKED_AT)
        found = [await self._runs.stored.get(card.id) for card in cards if card.status in ENDED]
        found = [run for run in found if not is_rehearsal(run)]
        return sorted(found, key=lambda run: orjson.loads(run.inputs) != values)

    async def stale_steps(self, flow: Flow, run_id: str) -> frozenset[str]:
        """The steps, by their paths in the flow, that finished in this run and would give something else now."""
        record = await self._runs.stored.get(run_id)
        old = await self._old(record)
        try:
            parts = await self._runs.parts_of(flow)
        except Unrunnable:
            parts = old.parts
        now = await self._traced(flow, orjson.loads(record.inputs), parts)
        both = old.finished & now.keys() & old.steps.keys()
        return frozenset(path for path in both if now[path].print != old.steps[path].print)

    async def _continued(
        self,
        run_id: str,
        wish: Wish,
        flow: Flow | None,
        data: Mapping[str, Outputs] | None,
        given: Mapping[str, Json] | None,
    ) -> tuple[Reuse, _Old, dict[str, Json]]:
        record = await self._runs.stored.get(run_id)
        if record.status == "skipped":
            raise NotStarted(
                [Problem("This run was left out: there is nothing of it to go on from.", hint="Run the flow.")]
            )
        if record.status not in ENDED or run_id in self._runs.going:
            raise NotStarted([Problem("This run still goes on.", hint="Stop it first.")])
        if is_rehearsal(record):
            what = "This was a rehearsal: what it shows is made up, and nothing of it can be taken over."
            raise NotStarted([Problem(what, hint="Run the flow instead.")])
        old = await self._old(record)
        now = flow or old.flow
        inputs = {**orjson.loads(record.inputs), **(given or {})}
        inputs = {name: value for name, value in inputs.items() if name in now.inputs}
        return await self._decided(record, old, now, inputs, wish, _exact(self._runs.mask(data or {}))), old, inputs

    async def _partly(
        self, flow: Flow, given: Mapping[str, Json], wish: Wish, trigger: str, click_id: str | None
    ) -> str:
        values = checked(flow.inputs, given)[0]
        first: NotStarted | None = None
        for record in (await self.last_runs(flow, given))[:TRIED]:
            try:
                reuse = await self._decided(record, await self._old(record), flow, values, wish, {})
            except NotStarted as refused:
                first = first or refused
                continue
            return await self._start(flow, given, reuse, trigger, click_id)
        if first is not None:
            raise first
        nothing = _or_refused(wish, Ran(""), {}, await self._traced(flow, values, await self._runs.parts_of(flow)), {})
        return await self._start(flow, given, nothing, trigger, click_id)

    async def _decided(
        self, record: Run, old: _Old, flow: Flow, inputs: Mapping[str, Json], wish: Wish, data: Mapping[str, Outputs]
    ) -> Reuse:
        events, _ = await events_of(self._database, self._artifacts, record.id)
        now = await self._traced(flow, inputs, await self._runs.parts_of(flow))

        def decided() -> Reuse:
            steps = old.steps
            ran = ran_of(record.id, events, lambda path: steps[path].effect if path in steps else Effect.WRITE)
            return _or_refused(wish, ran, steps, now, data)

        return await asyncio.to_thread(decided)

    async def _start(
        self, flow: Flow, given: Mapping[str, Json], reuse: Reuse, trigger: str, click_id: str | None
    ) -> str:
        run_id = await self._runs.start(flow, given, trigger=trigger, click_id=click_id, reuse=reuse)
        if reuse.from_run and (await self._runs.stored.get(reuse.from_run)).status == "interrupted":
            # Whoever went on with it as well would do things twice.
            await self._runs.discard(reuse.from_run, "It goes on in another run.")
        return run_id

    async def _traced(self, flow: Flow, inputs: Mapping[str, Json], parts: Parts) -> Known:
        return await asyncio.to_thread(traced, flow, self._runs.catalog, inputs, parts)

    async def _old(self, record: Run) -> _Old:
        """What is known of a run; kept for the next time once it has ended."""
        if (known := self._known.get(record.id)) is not None:
            self._known.move_to_end(record.id)
            return known
        document, others = await self._runs.stored.version(record)
        flow = await asyncio.to_thread(Flow.model_validate_json, document)
        parts = read(others)
        finished = frozenset(map(plain, await finished_steps(self._database, record.id)))
        old = _Old(flow, parts, await self._traced(flow, orjson.loads(record.inputs), parts), finished)
        if record.status in ENDED and record.id not in self._runs.going:
            self._known[record.id] = old
            if len(self._known) > KEPT:
                self._known.popitem(last=False)
        return old


def _or_refused(wish: Wish, ran: Ran, before: Known, now: Known, data: Mapping[str, Outputs]) -> Reuse:
    try:
        return reuse_of(ran, before, now, wish, data)
    except CannotReuse as refused:
        raise NotStarted([Problem(refused.message, step=plain_or_same(wish.step, now), hint=refused.hint)]) from None


def plain_or_same(step: str, steps: Known) -> str:
    """The path in the flow of a step that is named by one in the flow or in a run."""
    return step if step in steps else plain(step)


def _exact(data: Mapping[str, Outputs]) -> dict[str, Outputs]:
    """Data given by hand as JSON gives it back. NotStarted where it is none."""
    found: dict[str, Outputs] = {}
    for path, outputs in data.items():
        if not isinstance(outputs, Mapping):
            raise NotStarted([Problem(f"The data for `{path}` has to name its outputs.", step=plain(path))])
        try:
            found[path] = canonical(outputs)[0]
        except ValueError as error:
            raise NotStarted(
                [Problem(f"The data for `{path}` cannot be passed on: {error}.", step=plain(path))]
            ) from None
    return found
