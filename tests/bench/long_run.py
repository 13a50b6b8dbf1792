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
from tests.bench.canvas import chromium
from tests.bench.opening import Seen
from tests.bench.table import Row

ROUNDS = 10_000
"""Of ten steps each."""

DONE = ".react-flow__node .is-done"


def measure(runs: int = 3) -> list[Row]:
    """The memory beside that of as many rows without an engine; the page beside that of a run of three rounds."""
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
    with studio(folder) as ours:
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
        yield Row(
            "Open the page of that run", f"{median(seen.seconds):.2f} s", f"{median(seen.floor):.2f} s",
            f"{median(seen.seconds) / median(seen.floor):.1f}x", "< 1 s",
        )  # fmt: skip
        yield seen.held("open the page of that run")
