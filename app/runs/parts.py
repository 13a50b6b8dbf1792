"""The flows that a run plays as its steps: kept with the run as they were when it began."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import orjson

from app.engine.parts import NONE, Parts
from flows.model import Flow

PartsOf = Callable[[Flow], Awaitable[Parts]]
"""The flows that a flow runs. Unrunnable where one of them may not run."""


async def no_parts(flow: Flow) -> Parts:
    """For a studio without a shelf."""
    return NONE


def written(parts: Parts) -> str | None:
    """The flows as text to keep beside the one that runs them; None where there are none."""
    if not parts:
        return None
    return orjson.dumps({id: orjson.loads(part.model_dump_json()) for id, part in sorted(parts.items())}).decode()


def read(text: str | None) -> Parts:
    """The way back."""
    return {id: Flow.model_validate(part) for id, part in orjson.loads(text).items()} if text else NONE
