"""Waiting for what has to come, with patience for a slow machine."""

import asyncio

from app.runs.service import RunService
from app.store.inbox import Entry

PATIENCE = 3000


async def becomes(runs: RunService, run_id: str, *statuses: str) -> str:
    """The run's status once it is one of these."""
    for _ in range(PATIENCE):
        if (status := (await runs.stored.get(run_id)).status) in statuses:
            return status
        await asyncio.sleep(0.01)
    raise AssertionError(f"The run is {status} and not {' or '.join(statuses)}.")


async def asked(runs: RunService) -> Entry:
    """The one question in the inbox, once it is there."""
    for _ in range(PATIENCE):
        if found := await runs.inbox.pending():
            assert len(found) == 1
            return found[0]
        await asyncio.sleep(0.01)
    raise AssertionError("Nothing is asked.")
