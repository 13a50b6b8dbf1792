"""Who may have brought Weft down: the runs that went on when it crashed, and the steps they were at."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from app.runs.service import RunService
from flows.model import Flow, walk

MOST = 3


@dataclass(frozen=True)
class Suspect:
    """A run, and the names of the steps it was at."""

    run_id: str
    flow_name: str
    steps: tuple[str, ...]


async def suspects(runs: RunService, boots: Collection[str]) -> list[Suspect]:
    """The runs that one of these starts of Weft had when it crashed, the newest first."""
    found: list[Suspect] = []
    for status in ("interrupted", "waiting"):
        for card in await runs.stored.newest(status=status, limit=50):
            record = await runs.stored.get(card.id)
            if record.boot_id in boots and len(found) < MOST:
                flow = Flow.model_validate_json(await runs.stored.document(record))
                watch = await runs.watch(record.id, lambda _changed: None)
                watch.close()
                at = [path for path, light in watch.picture.lights.items() if light.status in ("interrupted", "asked")]
                names = tuple(step.title or path for path, step in walk(flow) if path in at)
                found.append(Suspect(record.id, record.flow_name, names))
    return found
