"""What was dropped is given back in a calm moment, and not while somebody waits."""

import asyncio
import gc
import weakref

import pytest

from app.server import tidy


class Ring:
    """Something that only a look through all that is kept finds to be dropped."""

    def __init__(self) -> None:
        self.itself = self


def dropped_ring(gone: asyncio.Event) -> weakref.ref[Ring]:
    """Something old that nobody needs any more; `gone` is set when it is given back."""
    ring = Ring()
    gc.collect()
    return weakref.ref(ring, lambda _: gone.set())


async def test_what_was_dropped_is_given_back_when_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("BREATH", 0.02), ("STILL", 1.0), ("CALM", 2), ("WORTH", 0.0)):
        monkeypatch.setattr(tidy, name, value)
    usual = gc.get_threshold()
    gone = asyncio.Event()
    ring = dropped_ring(gone)
    tidying = asyncio.create_task(tidy.tidy())
    try:
        await asyncio.wait_for(gone.wait(), 5)
        assert ring() is None
        assert gc.get_threshold() == (*usual[:2], usual[2] * tidy.SELDOM)
    finally:
        tidying.cancel()
        await asyncio.gather(tidying, return_exceptions=True)
    assert gc.get_threshold() == usual


async def test_nothing_is_walked_while_the_studio_works(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("BREATH", 0.02), ("STILL", 0.0), ("CALM", 1), ("WORTH", 0.0)):
        monkeypatch.setattr(tidy, name, value)
    ring = dropped_ring(asyncio.Event())
    tidying = asyncio.create_task(tidy.tidy())
    await asyncio.sleep(0.3)
    tidying.cancel()
    await asyncio.gather(tidying, return_exceptions=True)
    assert ring() is not None
