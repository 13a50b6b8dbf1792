"""Memory is tidied while nothing happens: to walk all that is kept would else hold up a click now and then."""

import asyncio
import gc
import time

EVERY = 10.0
MOMENT = 20.0
CALM = 0.05
"""The part of a moment that may be spent working for it to count as calm: nobody is at the window, and no flow runs."""
WORTH = 1.0
"""Seconds of work after which there may be something to tidy."""
SELDOM = 20
"""So many times more often than usual the younger objects are looked through before the oldest are too."""


async def tidy() -> None:
    """Tidy until cancelled. What was dropped a moment ago is found as before, only the old waits for calm."""
    young, middle, old = gc.get_threshold()
    gc.set_threshold(young, middle, old * SELDOM)
    worked = 0.0
    try:
        while True:
            await asyncio.sleep(EVERY)
            before = time.process_time()
            if before - worked < WORTH:
                continue
            await asyncio.sleep(MOMENT)
            if time.process_time() - before < MOMENT * CALM:
                gc.collect()
                worked = time.process_time()
    finally:
        gc.set_threshold(young, middle, old)
