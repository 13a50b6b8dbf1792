"""Memory is tidied while nobody is there: to walk all that is kept would else hold up a click now and then."""

import asyncio
import gc
import time

BREATH = 1.0
STILL = 0.025
"""Seconds of work during a breath up to which it counts as still: one click takes more."""
CALM = 20
"""Still breaths in a row after which nobody is at the window, and no flow runs."""
WORTH = 2.0
"""Seconds of work after which there may be something to tidy."""
SELDOM = 20
"""So many times more often than usual the younger objects are looked through before the oldest are too."""


async def tidy() -> None:
    """Tidy until cancelled. What was dropped a moment ago is found as before, only the old waits for calm."""
    young, middle, old = gc.get_threshold()
    gc.set_threshold(young, middle, old * SELDOM)
    still, tidied = 0, 0.0
    try:
        while True:
            before = time.process_time()
            await asyncio.sleep(BREATH)
            now = time.process_time()
            still = still + 1 if now - before < STILL else 0
            if still >= CALM and now - tidied > WORTH:
                gc.collect()
                tidied = time.process_time()
    finally:
        gc.set_threshold(young, middle, old)
