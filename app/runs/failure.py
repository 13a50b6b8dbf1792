"""The flow that is run when a run of another one has failed."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

from pydantic import JsonValue as Json

from app.engine.plan import Unrunnable
from app.engine.run import RunEnd
from app.runs.live import NotStarted
from app.store.refusal import FlowMissing
from app.store.runs import Run
from flows.model import Flow
from flows.problems import Problem

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
