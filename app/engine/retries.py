"""When a failed step is tried again, and why it is not."""

from __future__ import annotations

import random
from typing import Any

from app.engine.asking import Asking
from flows.model import Retry
from nodes.values import Effect, NodeError

LONGEST = 86_400.0
"""Seconds that all waits of a step come to at most."""


class Waits:
    """The tries of one step. Those that a run made before it was interrupted count, and so does their last wait."""

    def __init__(self, asking: Asking, retry: Retry, tried: int = 0, next_at: float = 0.0) -> None:
        self.number = tried + 1
        self._retry = retry
        self._next_at = next_at
        self._asking = asking
        self._waited = 0.0

    async def rest(self) -> None:
        """Return when the next try is due."""
        await self._asking.sleep_until(self._next_at)

    def after(self, failure: NodeError, effect: Effect) -> float | str:
        """The seconds until the next try; or why there is none, where more is to be said of it."""
        retry = self._retry
        if not retry.times or not failure.retryable:
            return ""
        if effect is Effect.WRITE and not failure.sure:
            return "It was not tried again, because it may have happened all the same."
        if self.number > retry.times:
            return ""
        if retry.only and failure.trouble not in retry.only:
            return ""
        wait = min(retry.wait * retry.backoff ** (self.number - 1), LONGEST) * random.uniform(0.8, 1.2)
        wait = max(wait, failure.retry_after or 0.0)
        if self._waited + wait > LONGEST:
            return f"It was not tried again: its waits would come to more than {LONGEST / 3600:g} hours."
        self._waited += wait
        self.number += 1
        self._next_at = self._asking.clock() + wait
        return wait

    def told(self, failure: NodeError) -> dict[str, Any]:
        """What is said of the wait that follows, beside its length."""
        left = self._retry.times + 2 - self.number
        return {"next": self.number, "left": left, "asked": failure.retry_after is not None}
