"""Run a plan: every step starts the moment what it needs is there, and everything that happens is in the journal."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import JsonValue as Json

from app.engine.events import Ended
from app.engine.plan import Plan
from app.engine.scope import Round
from app.engine.shared import Shared
from nodes.values import NodeError, StopRun


@dataclass(frozen=True)
class RunEnd:
    """How a run ended: done, failed or stopped (or not yet: waiting); the message of the first failure; the result."""

    status: str
    message: str = ""
    result: Json = None


async def run(plan: Plan, shared: Shared, names: Mapping[str, Any]) -> RunEnd:
    """How the run ended; cancelling it stops it. What the shared past says is finished is not run again."""
    top = Round(shared, plan.scope, dict(names))
    try:
        await top.play()
        if top.broke is not None:
            planned, broke = top.broke
            ending = RunEnd("failed", f"“{planned.name}” failed: {broke.message}")
        else:
            ending = RunEnd("done", "", top.result)
    except StopRun as stop:
        ending = RunEnd("failed" if stop.failed else "done", stop.message)
    except NodeError as error:
        ending = RunEnd("failed", error.what)
    except asyncio.CancelledError:
        if (task := asyncio.current_task()) is not None:
            task.uncancel()
        if shared.stopped_as == "waiting":
            # No end: the question stays open, and the next start of Weft goes on from here.
            await shared.journal.flush()
            return RunEnd("waiting")
        ending = RunEnd(shared.stopped_as, "Stopped before the end.")
    shared.tell(Ended, "", status=ending.status, message=ending.message, result=ending.result)
    await shared.journal.flush()
    return ending
