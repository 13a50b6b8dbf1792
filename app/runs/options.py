"""How a run was started, as it is kept with the run: rehearsed, debugged, taking over what another has done."""

from __future__ import annotations

from collections.abc import Mapping

import orjson
from pydantic import JsonValue as Json

from app.engine.debug import Debug
from app.store.runs import Run

REHEARSE, DEBUG, REUSE, FAILURE_OF = "rehearse", "debug", "reuse", "failure_of"


def options_of(record: Run) -> dict[str, Json]:
    """How a run was started."""
    found = orjson.loads(record.options or "{}")
    return found if isinstance(found, dict) else {}


def options_text(
    *,
    rehearse: bool = False,
    debug: Debug | None = None,
    reuse: Mapping[str, Json] | None = None,
    failure_of: str | None = None,
) -> str:
    """The same, to keep with it."""
    told: dict[str, Json] = {
        REUSE: None if reuse is None else dict(reuse),
        FAILURE_OF: failure_of,
        REHEARSE: rehearse or None,
        DEBUG: None if debug is None else debug.as_json(),
    }
    return orjson.dumps({name: value for name, value in told.items() if value is not None}).decode()


def is_rehearsal(record: Run) -> bool:
    """True for a run in which nothing was written, sent or bought."""
    return options_of(record).get(REHEARSE) is True


def is_debugged(record: Run) -> bool:
    """True for a run that was started to stand still before steps, or was told to since."""
    return isinstance(options_of(record).get(DEBUG), dict)
