"""How a run ends: by itself, because somebody stops it, because the disk takes nothing more, or by a fault."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from app.engine.events import Ended, Unwritten
from app.engine.outcomes import RunEnd
from app.engine.shared import Shared
from app.engine.writing import in_words
from app.store.trouble import StoreTrouble

LETS_GO_WITHIN = 2.0
"""Seconds that the steps of a stopped run have to end."""

log = logging.getLogger(__name__)


async def ending_of(play: Coroutine[Any, Any, RunEnd], shared: Shared, stopping: asyncio.Event, run_id: str) -> RunEnd:
    """How it ended. A run that is stopped ends in time, even if a step of it does not let go."""
    playing = asyncio.create_task(play, name=f"steps of {run_id}")
    stopped = asyncio.create_task(stopping.wait())
    await asyncio.wait([playing, stopped], return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if not playing.done():
        playing.cancel()
        await asyncio.wait([playing], timeout=LETS_GO_WITHIN)
    if not playing.done():
        log.warning("run %s: a step does not end; it is left behind", run_id)
        because = f"{shared.stopped_because} A step did not let go and was left behind."
        return _cut_short(shared, RunEnd(shared.stopped_as, because))
    try:
        return playing.result()
    except (Unwritten, StoreTrouble) as trouble:
        return RunEnd("interrupted", str(trouble))
    except asyncio.CancelledError:
        return _cut_short(shared, RunEnd(shared.stopped_as, "Stopped before it began."))
    except Exception as error:
        log.exception("run %s", run_id)
        fault = shared.masked(f"Weft has a fault: {type(error).__name__}: {in_words(error)}")
        return _cut_short(shared, RunEnd("failed", fault))


def _cut_short(shared: Shared, ending: RunEnd) -> RunEnd:
    """The end of a run that did not come to write one itself."""
    if ending.status != "waiting":
        shared.tell(Ended, "", status=ending.status, message=ending.message)
    shared.over = True
    return ending
