"""Fifty runs at once, with a window open: how long a click waits for its answer, beside the same window at rest."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page

from flows.model import Flow, Limits
from tests.bench._flows import grid, put, rounds
from tests.bench._window import QUIET, Block, start_watch, stop_watch, studio, usable, window
from tests.bench.canvas import chromium
from tests.bench.table import Row

RUNS = 50
ROUNDS = 2000
CLICKS = 12
SHOWS = (
    "document.querySelectorAll('.weft-panel-right .weft-field').length > 0 && "
    "document.querySelector('.weft-panel-right .weft-mono')?.textContent === '{}'"
)


def measure() -> list[Row]:
    """A click on a step, until its settings are shown, while nothing runs and while fifty runs do."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with studio(folder):
            pass  # The first start makes the database and places the examples.
        put(folder, grid(20), crowded())
        with chromium() as browser:
            return list(_measured(browser, folder))


def crowded() -> Flow:
    """A loop that fifty runs may play at the same time."""
    return rounds(ROUNDS).model_copy(update={"id": "crowded", "name": "Crowded", "limits": Limits(at_once=RUNS)})


def _measured(browser: Browser, folder: Path) -> Iterator[Row]:
    with studio(folder) as ours, window(browser, ours) as page:
        page.goto(f"{ours.base}/flow/grid-20")
        usable(page)
        _clicks(page, 4)
        ours.longest_block()
        alone = _clicks(page, CLICKS)
        rest = ours.longest_block()
        ours.run("crowded", RUNS)
        ours.longest_block()
        crowded = _clicks(page, CLICKS)
        yield _row(f"{RUNS} runs at once: a click is answered", crowded, alone)
        yield _late(ours.longest_block(), rest)


def _clicks(page: Page, count: int) -> list[float]:
    took = []
    for number in range(count):
        name = f"s{number % 2}"
        page.wait_for_timeout(QUIET / 3)
        start_watch(page, "pointerdown", SHOWS.format(name))
        page.locator(f".react-flow__node[data-id={name}] .step-head").click(position={"x": 60, "y": 12})
        took.append(stop_watch(page))
    return took


def _row(what: str, crowded: list[float], alone: list[float]) -> Row:
    ours, least = median(crowded), median(alone)
    return Row(what, f"{ours * 1000:.0f} ms", f"{least * 1000:.0f} ms", f"{ours / least:.1f}x", "≤ 100 ms")


def _late(block: Block, rest: Block) -> Row:
    what = "  anything else on the loop waits at most"
    return Row(what, f"{block.late * 1000:.0f} ms", f"{rest.late * 1000:.0f} ms", "", "≤ 100 ms")
