"""Play the failed rounds of a loop anew, from wherever they are shown."""

from __future__ import annotations

import secrets

from app.engine.plan import Unrunnable
from app.language import tr
from app.runs.service import NotStarted
from app.studio import Studio
from app.ui.dialogs import confirm
from app.ui.history.going_on import told
from app.ui.home.start import cannot_run
from flows.model import Flow


async def retry_failed(studio: Studio, run_id: str, loop: str, flow: Flow) -> str | None:
    """The id of a new run that takes all else over; None where the person thought better of it, or it cannot be."""
    try:
        reuse = await studio.continuing.would_retry(run_id, loop, flow=flow)
        warnings = told(flow, reuse, studio.catalog).warnings
        if warnings and not await confirm(tr("Retry the failed rounds?"), " ".join(warnings), tr("Retry")):
            return None
        return await studio.continuing.retry_rounds(run_id, loop, flow=flow, click_id=secrets.token_hex(8))
    except (NotStarted, Unrunnable) as refused:
        cannot_run(flow.id, flow.name, refused.problems)
        return None
