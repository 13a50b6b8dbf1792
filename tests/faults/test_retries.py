"""R04 and R05: what is sent again carries the same key, and is sent again only where that is safe."""

from __future__ import annotations

import itertools
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from flows.model import Flow, Retry, Step
from nodes.web._send import asked_to_wait
from tests.engine.story import flow_of
from tests.faults.ledger import Fault, Ledger
from tests.faults.life import free_port
from tests.faults.repeats import times
from tests.nodes.studio import Studio

TWICE = Retry(times=2, wait=0.05, backoff=1)
TROUBLES = {
    "an error": Fault(status=500),
    "no answer in time": Fault(delay=1.5),
    "a reset": Fault(reset=True),
    "too busy": Fault(status=429),
}


def order(url: str, *, kind: str = "web.request", retry: Retry = TWICE, **settings: Any) -> Flow:
    given = {"url": f"{url}/effect/order", "time_limit": 0.5, **settings}
    return flow_of({"order": Step(kind=kind, settings=given, retry=retry)})


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_r04_every_try_carries_the_same_key(trouble: str, nodes: Studio, ledger: Ledger) -> None:
    for _ in range(times(1, 50)):
        before = len(ledger.entries())
        ledger.next(TROUBLES[trouble], TROUBLES[trouble])
        played = await nodes.play(order(ledger.url, repeatable=True))
        assert played.status == "done", played.message
        entries = ledger.entries()[before:]
        assert len(entries) == 3
        assert len({entry.key for entry in entries}) == 1
        assert entries[0].key.startswith("weft-")


async def test_r04_every_round_and_every_step_has_a_key_of_its_own(nodes: Studio, ledger: Ledger) -> None:
    two = {name: Step(kind="web.request", settings={"url": f"{ledger.url}/effect/{name}"}) for name in ("one", "two")}
    assert (await nodes.play(flow_of(two))).status == "done"
    assert len({entry.key for entry in ledger.entries()}) == 2


async def test_r04_a_key_of_ones_own_is_left_alone(nodes: Studio, ledger: Ledger) -> None:
    await nodes.play(order(ledger.url, headers={"idempotency-key": "mine"}))
    assert [entry.key for entry in ledger.entries()] == ["mine"]


SENT = [
    # kind, settings, trouble, how often it arrives
    ("web.get", {}, "an error", 3),
    ("web.get", {}, "no answer in time", 3),
    ("web.get", {}, "a reset", 3),
    ("web.request", {}, "an error", 1),
    ("web.request", {}, "no answer in time", 1),
    ("web.request", {}, "a reset", 1),
    ("web.request", {}, "too busy", 3),
    ("web.request", {"method": "PATCH"}, "a reset", 1),
    ("web.request", {"method": "PUT"}, "a reset", 3),
    ("web.request", {"repeatable": True}, "a reset", 3),
]


@pytest.mark.parametrize(("kind", "settings", "trouble", "arrives"), SENT)
async def test_r05_only_what_is_safe_is_tried_again(
    kind: str, settings: dict[str, Any], trouble: str, arrives: int, nodes: Studio, ledger: Ledger
) -> None:
    ledger.next(TROUBLES[trouble], TROUBLES[trouble])
    played = await nodes.play(order(ledger.url, kind=kind, **settings))
    assert len(ledger.entries()) == arrives
    assert played.status == ("done" if arrives == 3 else "failed")


async def test_r05_what_was_certainly_not_sent_is_tried_again(nodes: Studio) -> None:
    closed = f"http://127.0.0.1:{free_port()}"
    played = await nodes.play(order(closed))
    assert played.status == "failed"
    assert (played.rows.count(b'"attempt"'), played.rows.count(b'"wait"')) == (3, 2)


async def test_r05_the_waits_grow_and_are_not_all_the_same(nodes: Studio) -> None:
    closed = f"http://127.0.0.1:{free_port()}"
    waits = [await _waits(nodes, order(closed, retry=Retry(times=2, wait=0.2, backoff=2))) for _ in range(times(4, 50))]
    for first, second in waits:
        assert 0.1 <= first <= 0.3
        assert 0.2 <= second <= 0.6
    assert len(set(itertools.chain.from_iterable(waits))) > 2


async def _waits(nodes: Studio, flow: Flow) -> list[float]:
    began = time.monotonic()
    played = await nodes.play(flow)
    waits = played.waits
    assert time.monotonic() - began >= sum(waits) - 0.2
    return waits


async def test_r05_the_other_side_is_given_the_time_it_asks_for(nodes: Studio, ledger: Ledger) -> None:
    ledger.next(Fault(status=429, retry_after="1"))
    played = await nodes.play(order(ledger.url))
    assert played.status == "done"
    first, second = ledger.entries()
    assert second.at - first.at >= 1


def test_r05_the_time_that_is_asked_for_is_a_number_or_a_date() -> None:
    soon = asked_to_wait(format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True))
    assert soon is not None
    assert 25 < soon <= 30
    assert asked_to_wait("Wed, 21 Oct 2015 07:28:00 GMT") == 0
    assert [asked_to_wait(text) for text in ("120", "", "soon", "-5", "1e9")] == [120, None, None, None, None]


async def test_r05_whoever_asks_for_days_is_not_waited_for(nodes: Studio, ledger: Ledger) -> None:
    ledger.next(Fault(status=429, retry_after="100000"))
    played = await nodes.play(order(ledger.url))
    assert (played.status, len(ledger.entries())) == ("failed", 1)
    assert "its waits would come to more than 24 hours" in str(played.failed["order"])
