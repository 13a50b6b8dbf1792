"""What went wrong in a step, told apart and told in words."""

from __future__ import annotations

import traceback
from time import perf_counter

from app.engine.attempt import Undecided, fail
from app.engine.context import LONGEST_LOG, StepContext
from app.engine.events import Finished, Stopped, Unwritten
from app.engine.holding import Halted
from app.engine.outcomes import Outcome
from app.engine.shared import Shared
from app.engine.writing import in_words
from nodes.values import NodeError, StopRun


def ended_badly(shared: Shared, ctx: StepContext, error: BaseException, began: float) -> Outcome:
    """What a step's exception means. A wish to stop the run passes through."""
    ctx.end()
    error = first_of(error) if isinstance(error, BaseExceptionGroup) else error
    match error:
        case Unwritten():
            raise error
        case Undecided() | Halted():
            shared.tell(Stopped, ctx.step)
            raise error
        case StopRun() if ctx.planned.body is not None:
            shared.tell(Stopped, ctx.step)
            raise error
        case StopRun():
            shared.tell(Finished, ctx.step, outputs={}, ms=round((perf_counter() - began) * 1000, 3), stop=True)
            raise error
    shared.doubt.discard(ctx.step)
    if isinstance(error, NodeError):
        return fail(shared, ctx, error, began)
    ctx.log(_traceback_of(error), level="error")
    defect = NodeError(
        f"The node `{ctx.planned.step.kind}` has a fault: {type(error).__name__}: {in_words(error)}",
        hint="This is not a mistake in your flow. The step's log has the details.",
    )
    return fail(shared, ctx, defect, began, defect=True)


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


def _traceback_of(error: BaseException) -> str:
    """The end of it, where the fault is, if it is long."""
    text = "".join(traceback.format_exception(error))
    return text if len(text) <= LONGEST_LOG else f"…{text[1 - LONGEST_LOG :]}"
