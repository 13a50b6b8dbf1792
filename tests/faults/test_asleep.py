"""R24: a laptop that sleeps, a clock that is set and a network that is gone are ordinary events."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.model import Flow, Retry, Step
from nodes.clock import Limit
from tests.engine.story import flow_of, step
from tests.faults.conftest import needs_kill
from tests.faults.ledger import Fault, Ledger
from tests.faults.life import Life, free_port
from tests.faults.repeats import times
from tests.faults.studio import Orders
from tests.nodes.studio import Studio

SLEEPS = times(5, 600)


@needs_kill
def test_r24_a_step_that_slept_through_its_time_limit_has_not_run_out_of_time(
    ledger: Ledger, live: Callable[..., Life], tmp_path: Path
) -> None:
    asleep = step("code.python", code="import time\ntime.sleep(0.5)\nreturn 1", time_limit=4)
    made: Flow = flow_of(
        {
            "order": Step(
                kind="web.request", settings={"url": f"{ledger.url}/effect/order", "time_limit": 4}, timeout=4
            ),
            "code": asleep.model_copy(update={"timeout": 4}),
        },
        "order -> code",
    )
    Orders(made, free_port(), ledger.file, tmp_path).write(tmp_path / "orders")
    ledger.next(Fault(delay=2))
    life = live()
    life.until("statuses")
    life.go()
    ledger.until("order")
    os.kill(life.process.pid, signal.SIGSTOP)
    time.sleep(SLEEPS)  # The answer comes meanwhile, and the time limit passes.
    os.kill(life.process.pid, signal.SIGCONT)
    ended = life.until("ended")
    assert ended["ended"] == "done", ended["message"]
    assert ledger.names() == ["order"], "Nothing is sent twice because of it."
    life.end()


async def test_r24_time_limits_still_hold_for_who_is_awake() -> None:
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        async with Limit(0.2):
            await asyncio.sleep(30)
    assert 0.15 < time.monotonic() - began < 5


async def test_r24_time_in_which_nobody_was_awake_is_added() -> None:
    began = time.monotonic()

    async def sleepy() -> None:
        async with Limit(1.5):
            await asyncio.sleep(0.1)
            time.sleep(3)  # noqa: ASYNC251  so long the loop is not there
            await asyncio.sleep(30)

    with pytest.raises(TimeoutError):
        await sleepy()
    assert time.monotonic() - began > 3.4


async def test_r24_without_a_network_a_step_says_so_and_goes_on_when_it_is_back(nodes: Studio) -> None:
    gone = Step(kind="web.get", settings={"url": "https://weft.invalid/"}, retry=Retry(times=1, wait=0.1))
    played = await nodes.play(flow_of({"get": gone}))
    assert "There is no site `weft.invalid`, or this computer is not connected." in played.message
    assert len(played.waits) == 1
