"""Run a plan: every step starts the moment what it needs is there, and everything that happens is in the journal."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import orjson
from pydantic import JsonValue as Json

from app.engine.events import Ended
from app.engine.holding import Halted
from app.engine.outcomes import RunEnd
from app.engine.plan import Plan
from app.engine.scope import Round
from app.engine.shared import Shared
from app.engine.writing import in_words
from nodes.values import NodeError, StopRun


async def run(plan: Plan, shared: Shared, names: Mapping[str, Any]) -> RunEnd:
    """How the run ended; cancelling it stops it. What the shared past says is finished is not run again."""
    ending = await _played(plan, shared, names)
    if ending.status == "waiting":
        # No end: the question stays open, and the next start of Weft goes on from here.
        shared.over = True
    else:
        shared.tell(Ended, "", status=ending.status, message=ending.message, result=ending.result)
        shared.over = True
    while True:
        try:
            await shared.journal.flush()
            return ending
        except asyncio.CancelledError:
            # It has ended already: a stop that comes now changes nothing.
            _stay()


async def _played(plan: Plan, shared: Shared, names: Mapping[str, Any]) -> RunEnd:
    top = Round(shared, plan.scope, dict(names))
    try:
        await top.play()
        if top.broke is not None:
            planned, broke = top.broke
            told = f"“{planned.name}” failed: {broke.message}"
            return RunEnd("failed", told, step=planned.name, said=broke.message, hint=broke.hint)
        return RunEnd("done", "", _masked(top.result, shared))
    except Halted as halted:
        return RunEnd("stopped", shared.masked(in_words(halted.message)))
    except StopRun as stop:
        return RunEnd("failed" if stop.failed else "done", shared.masked(in_words(stop.message)))
    except NodeError as error:
        return RunEnd("failed", shared.masked(in_words(error.what)))
    except asyncio.CancelledError:
        _stay()
        return RunEnd(shared.stopped_as, "" if shared.stopped_as == "waiting" else shared.stopped_because)


def _masked(result: Json, shared: Shared) -> Json:
    return orjson.loads(shared.masked(orjson.dumps(result).decode())) if shared.masking else result


def _stay() -> None:
    """A stop was heard and acted upon: what follows is not cancelled by it."""
    task = asyncio.current_task()
    while task is not None and task.cancelling():
        task.uncancel()
