"""What a run may use, where it stands still, whether it is only rehearsed: kept with it, and put before it begins."""

from __future__ import annotations

import asyncio
import logging
from functools import partial

from pydantic import JsonValue as Json

from app.engine.budget import Budget
from app.engine.debug import Debug
from app.engine.past import Past
from app.engine.shared import Shared
from app.engine.usage import Tally
from app.runs.live import RunWorld
from app.runs.options import DEBUG, is_rehearsal, options_of
from app.runs.spending import Spending
from app.store.runs import Run, Runs
from app.store.trouble import StoreTrouble
from flows.model import Flow

log = logging.getLogger(__name__)


class Governor:
    """Puts runs under their rules."""

    def __init__(self, stored: Runs, spending: Spending) -> None:
        self._stored = stored
        self._spending = spending
        self._noting: set[asyncio.Task[None]] = set()

    async def rule(
        self,
        shared: Shared,
        world: RunWorld,
        record: Run,
        flow: Flow,
        past: Past,
        tally: Tally | None,
        debug: Debug | None = None,
    ) -> None:
        """Before a run begins or goes on; `tally` is what it has used until now, `debug` what its caller changes."""
        limits = flow.limits
        has_days = limits.tokens_a_day is not None or limits.money_a_day is not None
        day = await self._spending.day_of(record.flow_id, limited=has_days)
        rehearsing = is_rehearsal(record)
        kept = options_of(record).get(DEBUG)
        if debug is None and isinstance(kept, dict):
            debug = Debug.from_json(kept)
        if debug is not None:
            debug.changed = partial(self._note, record.id, debug)
        shared.govern(budget=Budget(limits, tally, day, past.answers), debug=debug, rehearsing=rehearsing)
        if rehearsing:
            world.rehearse()

    def debug_of(self, shared: Shared, run_id: str) -> Debug:
        """Where a run that goes on stands still; changing it changes what the run does."""
        if shared.debug is None:
            debug = Debug()
            debug.changed = partial(self._note, run_id, debug)
            shared.debug, shared.quick = debug, False
        return shared.debug

    def _note(self, run_id: str, debug: Debug) -> None:
        task = asyncio.ensure_future(self._keep(run_id, debug.as_json()))
        self._noting.add(task)
        task.add_done_callback(self._noting.discard)

    async def _keep(self, run_id: str, debug: dict[str, Json]) -> None:
        try:
            await self._stored.put_option(run_id, DEBUG, debug)
        except StoreTrouble as trouble:
            log.warning("run %s: %s", run_id, trouble)
