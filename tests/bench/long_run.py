"""A run of 100,000 events: how much memory it takes while it is played, and how soon its page can be used."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser

from tests.bench._window import PROJECT, QUIET, studio, usable, window
from tests.bench.canvas import chromium, pages
from tests.bench.opening import Seen
from tests.bench.table import Row

ROUNDS = 10_000
"""Of ten steps each."""

DONE = ".react-flow__node .is-done"


def measure(runs: int = 3) -> list[Row]:
    """The memory beside that of as many rows without an engine; the page beside that of a run of three rounds, and
    beside the least page there is."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        long = _played("ours", folder, ROUNDS)
        with tempfile.TemporaryDirectory() as other:
            least = _played("floor", Path(other), ROUNDS)
        mine, floor = float(str(long["megabytes"])), float(str(least["megabytes"]))
        what = f"Memory of a run of {long['events']:,} events"
        rows = [Row(what, f"{mine:.0f} MB", f"{floor:.0f} MB", f"{mine / floor:.1f}" if floor else "", "≤ 150 MB")]
        short = _played("ours", folder, 3)
        with chromium() as browser:
            return [*rows, *_pages(browser, folder, str(long["run"]), str(short["run"]), runs)]


def _played(which: str, folder: Path, count: int) -> dict[str, object]:
    command = [sys.executable, "-m", "tests.bench._long_run", which, str(folder), str(count)]
    told: dict[str, object] = json.loads(subprocess.run(command, cwd=PROJECT, check=True, capture_output=True).stdout)
    return told


def _pages(browser: Browser, folder: Path, long: str, short: str, runs: int) -> Iterator[Row]:
    """In turns, so that whatever else the machine does weighs on all of them alike."""
    with studio(folder) as ours, pages() as bare:
        least: list[float] = []
        seen = Seen()
        for number in range(runs + 1):
            took = {}
            for run in (long, short):
                with window(browser, ours) as page:
                    ours.longest_block()
                    began = time.perf_counter()
                    page.goto(f"{ours.base}/run/{run}", wait_until="commit")
                    page.wait_for_selector(DONE, timeout=60_000)
                    usable(page)
                    took[run] = time.perf_counter() - began
                    page.wait_for_timeout(QUIET)
                    block = ours.longest_block()
                if run == long and number:
                    seen.blocks.append(block)
            if number:  # The first one was for warming up.
                seen.seconds.append(took[long])
                seen.floor.append(took[short])
                least.append(_bare(browser, bare))
            else:
                first = took[long]
        middle, short_one = median(seen.seconds), median(seen.floor)
        yield Row(
            "Open the page of that run", f"{middle:.2f} s", f"{short_one:.2f} s", _times(middle, short_one), "< 1 s"
        )
        floor = median(least)
        yield Row(
            "  beside a page with one button", f"{middle:.2f} s", f"{floor:.2f} s", _times(middle, floor), ""
        )  # fmt: skip
        yield Row("  right after a start", f"{first:.2f} s", "", "", "")
        yield seen.held("open the page of that run")


def _bare(browser: Browser, bare: str) -> float:
    """Seconds until NiceGUI shows a page with one button, which is the least that a page of it takes."""
    with window(browser) as page:
        began = time.perf_counter()
        page.goto(f"{bare}/answer", wait_until="commit")
        page.get_by_role("button").click()
        page.get_by_text("Answered").first.wait_for()
        return time.perf_counter() - began


def _times(ours: float, floor: float) -> str:
    return f"{ours / floor:.1f}x"
