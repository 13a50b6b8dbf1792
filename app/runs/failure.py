"""The flow that is run when a run of another one has failed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from datetime import datetime
from typing import Any, Protocol

from pydantic import JsonValue as Json

from app.engine.outcomes import RunEnd
from app.engine.plan import Unrunnable
from app.runs.live import NotStarted
from app.runs.options import FAILURE_OF, REHEARSE, options_of
from app.store.refusal import FlowMissing
from app.store.runs import Run, Runs
from flows.model import Flow
from flows.problems import Problem

CLOSES_WITHIN = 2.0

TOLD = ("flow", "run", "step", "message", "hint", "when")
"""What a flow that is run on a failure is given, of those inputs that it has."""

FlowOf = Callable[[str], Awaitable[Flow]]
"""The flow with this id that may run. FlowMissing where it is not here, Unrunnable where it may not run."""

log = logging.getLogger(__name__)


async def no_flow(flow_id: str) -> Flow:
    """For a studio without a shelf."""
    raise FlowMissing("There is no such flow.", "Look for it among the flows.")


def given_to(flow: Flow, record: Run, ending: RunEnd, now: float) -> dict[str, Json]:
    """What the flow is given, by name."""
    told = {
        "flow": record.flow_name,
        "run": record.id,
        "step": ending.step,
        "message": ending.said or ending.message,
        "hint": ending.hint,
        "when": datetime.fromtimestamp(now).astimezone().isoformat(timespec="seconds"),
    }
    return {name: told[name] for name in TOLD if name in flow.inputs}


def trigger(record: Run) -> str:
    """What such a run says of what has started it."""
    return f"failure of {record.flow_name}"


async def problem_of(flow: Flow, flow_of: FlowOf) -> Problem | None:
    """Why the flow that is to be run on a failure could not run; None where it could or none is named."""
    if not flow.on_failure:
        return None
    if flow.on_failure == flow.id:
        what = "A flow cannot be the one that is run when it has failed itself."
        return Problem(what, hint="Choose another one in the settings of this flow.", severity="warning")
    try:
        other = await flow_of(flow.on_failure)
    except FlowMissing:
        what = "The flow that is to be run when this one fails is not here."
        return Problem(what, hint="Choose another one in the settings of this flow.", severity="warning")
    except (Unrunnable, NotStarted) as error:
        what = f"The flow that is to be run when this one fails cannot run: {error.problems[0].message}"
        return Problem(what, severity="warning")
    open_ends = [name for name, each in other.inputs.items() if each.required and each.default is None]
    if missing := [name for name in open_ends if name not in TOLD]:
        what = f"“{other.name}”, which is run when this flow fails, needs an input that a failure does not give."
        names = ", ".join(f"`{name}`" for name in TOLD)
        return Problem(what, hint=f"It may ask for {names}; give `{missing[0]}` a default.", severity="warning")
    return None


class Start(Protocol):
    """Starts a run."""

    def __call__(
        self, flow: Flow, given: Mapping[str, Json], *, trigger: str, failure_of: str
    ) -> Coroutine[Any, Any, str]: ...


class AfterFailure:
    """Runs the flow that is named for it after a failure, but never after one of such a run's own."""

    def __init__(
        self,
        stored: Runs,
        flow_of: FlowOf,
        start: Start,
        *,
        tell: Callable[[str], None],
        clock: Callable[[], float],
    ) -> None:
        self.flow_of = flow_of
        self._stored = stored
        self._start = start
        self._tell = tell
        self._clock = clock
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False

    def ended(self, record: Run, flow: Flow, ending: RunEnd) -> None:
        """A run has ended here."""
        if ending.status != "failed" or not flow.on_failure or self._closed:
            return
        if not options_of(record).keys() & {FAILURE_OF, REHEARSE}:
            task = asyncio.ensure_future(self._run(record, flow, ending))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Start nothing any more; what is about to start does."""
        self._closed = True
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=CLOSES_WITHIN)

    async def _run(self, record: Run, flow: Flow, ending: RunEnd) -> None:
        try:
            if flow.on_failure == flow.id:
                raise NotStarted([Problem("A flow is not run because of a failure of its own.")])
            other = await self.flow_of(flow.on_failure)
            given = given_to(other, record, ending, self._clock())
            await self._start(other, given, trigger=trigger(record), failure_of=record.id)
        except Exception as error:  # noqa: BLE001  the run has failed whatever becomes of this
            log.warning("run %s: the flow that runs on a failure did not start: %s", record.id, error)
            said = f"{ending.message} The flow that is to be run then did not start: {error}"
            if (await self._stored.get(record.id)).status == "failed":  # Somebody may have gone on with it meanwhile.
                await self._stored.end(record.id, "failed", said)
                self._tell(record.id)
