"""How long the event loop stood still: nobody's click is answered in that time."""

import asyncio
import logging
import time

log = logging.getLogger("weft.loop")

EVERY = 0.05
TOO_LONG = 0.2


class LoopLag:
    """The longest block of the loop so far, in seconds."""

    def __init__(self) -> None:
        self.longest = 0.0

    async def watch(self) -> None:
        """Measure until cancelled."""
        while True:
            asleep_since = time.perf_counter()
            await asyncio.sleep(EVERY)
            self._note(time.perf_counter() - asleep_since - EVERY)

    def forget(self) -> None:
        """Start measuring anew."""
        self.longest = 0.0

    def _note(self, late: float) -> None:
        self.longest = max(self.longest, late)
        if late > TOO_LONG:
            log.warning("The window did not answer for %.0f ms: something held up the event loop.", late * 1000)


loop_lag = LoopLag()
