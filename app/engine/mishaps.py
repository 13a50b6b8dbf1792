"""What went wrong in a step, told apart and told in words."""

from __future__ import annotations

import traceback

from app.engine.context import LONGEST_LOG
from app.engine.events import Unwritten
from nodes.values import NodeError, StopRun


def first_of(errors: BaseExceptionGroup[BaseException]) -> BaseException:
    """What a task group stopped for: a wish to stop the run before anything else, then what a person can mend."""
    found: list[BaseException] = []
    waiting: list[BaseException] = [errors]
    while waiting:
        error = waiting.pop()
        if isinstance(error, BaseExceptionGroup):
            waiting.extend(error.exceptions)
        else:
            found.append(error)
    rank = (Unwritten, StopRun, NodeError)
    return min(found, key=lambda error: next((place for place, kind in enumerate(rank) if isinstance(error, kind)), 9))


def traceback_of(error: BaseException) -> str:
    """The end of it, where the fault is, if it is long."""
    text = "".join(traceback.format_exception(error))
    return text if len(text) <= LONGEST_LOG else f"…{text[1 - LONGEST_LOG :]}"
