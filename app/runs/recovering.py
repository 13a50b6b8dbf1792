"""After a start of Weft: what has become of the runs that an earlier one had in its hands."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Protocol

from app.runs.live import CLOSED
from app.store.inbox import Inbox
from app.store.runs import Run, RunCard, Runs
from flows.model import Flow

UNSURE = "It did not go on by itself: it is not known whether a step happened. Continue it, and it asks you."

log = logging.getLogger(__name__)


class Resume(Protocol):
    """Continues a run."""

    def __call__(self, run_id: str, *, only_if_sure: bool = False) -> Coroutine[Any, Any, bool]: ...


class Recovery:
    """Finds what was interrupted, and takes up what may go on without a person. `wake` takes up one that waited."""

    def __init__(self, stored: Runs, inbox: Inbox, resume: Resume, wake: Callable[[str], Awaitable[None]]) -> None:
        self._stored = stored
        self._inbox = inbox
        self._resume = resume
        self._wake = wake

    async def interrupted(self) -> list[Run]:
        """The runs that were cut off; from now on they are known as interrupted."""
        found = await self._stored.interrupted()
        for record in found:
            await self._stored.set_status(record.id, "interrupted", CLOSED)
            await self._inbox.close(record.id, ended=False)
        return found

    async def take_up(self, interrupted: list[Run]) -> list[RunCard]:
        """Let those wait again that waited; gives those that were cut off and go on by themselves."""
        for record in await self._stored.left_waiting():
            await self._wake(record.id)
        return [record for record in interrupted if await self._by_itself(record)]

    async def _by_itself(self, record: Run) -> bool:
        try:
            flow = Flow.model_validate_json(await self._stored.document(record))
            if not flow.resumes_itself or await self._resume(record.id, only_if_sure=True):
                return flow.resumes_itself
            if (await self._stored.get(record.id)).status == "interrupted":
                await self._stored.set_status(record.id, "interrupted", UNSURE)
            return False
        except Exception as error:  # noqa: BLE001  one run that cannot go on must not keep the studio from starting
            log.warning("run %s: %s", record.id, error)
            if (await self._stored.get(record.id)).status == "interrupted":
                await self._stored.set_status(record.id, "interrupted", f"It could not go on. {error}")
            return False
