"""Where a question comes from: its flow, its step by name, the round it is in, and what its run has used."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from app.engine.past import plain as in_flow
from app.language import tr
from app.store.inbox import Entry
from app.store.refusal import Refusal
from app.studio import Studio
from app.ui.inbox.plain import plain
from app.ui.inbox.saying import used
from app.ui.naming import name_of
from flows.model import Flow

FLOWS_KEPT = 20


@dataclass(frozen=True)
class Where:
    """A question's place, in words."""

    step: str
    used: str


class Places:
    """Finds where questions come from; the flows it has read it keeps for a while."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._flows: dict[str, Flow] = {}

    async def of(self, entry: Entry) -> Where:
        """The place of a question, and what its run has used so far."""
        tokens, money = await self._studio.runs.inbox.used(entry.run_id)
        if not entry.step:
            return Where(tr("the run itself"), used(tokens, money))
        try:
            flow = await self._flow(entry.run_id)
        except Refusal:
            return Where(entry.step, used(tokens, money))
        step = plain(name_of(flow, in_flow(entry.step), self._studio.catalog))
        rounds = [int(part) + 1 for part in entry.step.split("/")[1::2] if part.isdecimal()]
        if rounds:
            step = tr("{step}, round {rounds}", step=step, rounds=", ".join(map(str, rounds)))
        return Where(step, used(tokens, money))

    async def _flow(self, run_id: str) -> Flow:
        stored = self._studio.runs.stored
        record = await stored.get(run_id)
        found = self._flows.get(record.version_hash)
        if found is None:
            document = await stored.document(record)
            found = await asyncio.to_thread(Flow.model_validate_json, document)
            if len(self._flows) >= FLOWS_KEPT:
                self._flows.pop(next(iter(self._flows)))
            self._flows[record.version_hash] = found
        return found
