"""The gate of one run at work: it lets pass, asks a person, or refuses with a sentence."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable

from app.engine.context import StepContext
from app.engine.gate import ALLOW, Allowed, Grant, Outside, Refused, Verdict
from nodes.context import Context, Question
from nodes.values import NodeError, Touches

Remember = Callable[[Touches], Awaitable[None]]
Judge = Callable[[Grant, str], Verdict]
"""What the gate says of a touch, given the grant as it is now and the name of the step."""


class Door:
    """What a person allows or refuses holds for the rest of the run; `remember` keeps what was allowed for the next."""

    def __init__(self, grant: Grant, remember: Remember) -> None:
        self.grant = grant
        self._remember = remember
        self._refused: set[Touches] = set()
        self._asking: defaultdict[Touches, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def passes(self, ctx: Context, judge: Judge) -> None:
        """Return where the step may. NodeError with a sentence where it may not."""
        step = step_of(ctx)
        name = step.planned.name
        match judge(self.grant, name):
            case Allowed():
                return
            case Refused(what, hint):
                raise NodeError(what, hint=hint, retryable=False)
            case Outside(question, more):
                # Steps that run at the same time wait for one answer.
                async with step.waiting_for_a_person(), self._asking[more]:
                    allowed = isinstance(judge(self.grant, name), Allowed) or await self._ask(step, question, more)
                if not allowed:
                    raise NodeError(
                        f"You refused this: {question.title}",
                        hint="Continue the run to be asked again, or change the step.",
                        retryable=False,
                    )

    async def _ask(self, step: StepContext, question: Question, more: Touches) -> bool:
        if more in self._refused or await step.ask_leave(question) != ALLOW:
            self._refused.add(more)
            return False
        self.grant |= more
        await self._remember(more)
        return True


def step_of(ctx: Context) -> StepContext:
    """The engine's own context: a world is only ever given that."""
    assert isinstance(ctx, StepContext)
    return ctx
