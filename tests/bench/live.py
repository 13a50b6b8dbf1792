"""A flow of a thousand steps that runs before one's eyes: 500 changes of state a second, seen in a window.

The floor is the same page at rest, panned in the same way; of how late the loop is, what it computed itself.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page

from flows.model import Flow, Step, Wire
from tests.bench._flows import put
from tests.bench._pace import paced
from tests.bench._window import QUIET, Block, Studio, count_bytes, studio, usable, window
from tests.bench.canvas import chromium
from tests.bench.table import Row

CHAINS, LONG = 15, 66
"""So many steps run at a time, each for `TAKES` seconds: 250 begin and 250 end in every second."""

TAKES = 0.06
CHANGES = 2 * CHAINS * LONG
SECONDS = 3.0

NODE = f'''
import asyncio
from nodes import Context, Effect, Node

class Tick(Node, kind="bench.tick", icon="timer", effect=Effect.NONE, sentence="Take a moment"):
    """Takes a moment."""

    async def run(self, ctx: Context) -> int:
        await asyncio.sleep({TAKES})
        return 1
'''

FRAMES = """seconds => new Promise(done => {
    const pane = document.querySelector(".react-flow__pane");
    const to = (kind, target, x) => target.dispatchEvent(new MouseEvent(
        kind, {bubbles: true, cancelable: true, view: window, button: 0, buttons: 1, clientX: x, clientY: 450}));
    let began = 0, last = 0, frames = 0, longest = 0, x = 900, way = -1;
    const frame = now => {
        if (!began) { began = last = now; if (PANS) to("mousedown", pane, x); }
        else { frames += 1; longest = Math.max(longest, now - last); last = now; }
        if (now - began > seconds * 1000) {
            if (PANS) to("mouseup", window, x);
            return done([frames / (now - began) * 1000, longest]);
        }
        if (PANS) { x += 12 * way; to("mousemove", window, x); if (x < 300 || x > 900) way = -way; }
        requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
})"""
"""Frames a second, and the longest that one took in milliseconds."""


def measure(runs: int = 3, limit: float = 60) -> list[Row]:
    """In one window, for each round: at rest, and then while the flow runs; the medians."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "nodes").mkdir()
        (folder / "nodes" / "tick.py").write_text(NODE)
        with studio(folder):
            pass  # The first start makes the database and places the examples.
        put(folder, ticking())
        with chromium() as browser:
            return list(_measured(browser, folder, runs, limit))


def ticking() -> Flow:
    """Chains of steps that each take a moment."""
    paths = [(chain, n) for chain in range(CHAINS) for n in range(LONG)]
    return Flow(
        id="ticking",
        name="Ticking",
        steps={f"s{chain}x{n}": Step(kind="bench.tick") for chain, n in paths},
        wires=tuple(Wire(source=f"s{chain}x{n - 1}", target=f"s{chain}x{n}") for chain, n in paths if n),
        layout={f"s{chain}x{n}": (n * 256.0, chain * 112.0) for chain, n in paths},
    )


def _measured(browser: Browser, folder: Path, runs: int, limit: float) -> Iterator[Row]:
    rest: list[float] = []
    live: list[float] = []
    panned: list[float] = []
    held: list[float] = []
    sent: list[float] = []
    slow: list[float] = []
    worked: list[float] = []
    with studio(folder) as ours, window(browser, ours) as page:
        sizes = count_bytes(page)
        page.goto(f"{ours.base}/flow/ticking")
        usable(page)
        # All that runs is in sight, and drawn in full or not as the zoom has it.
        for number in paced(runs + 1, limit):
            page.wait_for_timeout(QUIET)
            rest.append(_frames(page, pans=True)[0])
            for pans in (False, True):
                rate, longest, block, count = _run(page, ours, sizes, pans)
                if number:
                    (panned if pans else live).append(rate)
                    held.append(block.late)
                    worked.append(block.worked)
                    sent.append(count / CHANGES)
                    slow.append(longest)
    least = median(rest)
    for what, rates in (("a running flow, 500 states a second", live), ("the same, panned", panned)):
        rate = median(rates)
        yield Row(what, f"{rate:.0f} fps", f"{least:.0f} fps", f"{rate / least:.2f}x", "> 30 fps")
    yield Row("  its slowest frame", f"{median(slow):.0f} ms", "", "", "")
    late, own = median(held) * 1000, median(worked) * 1000
    yield Row("  the server's loop is late", f"{late:.0f} ms", f"{own:.0f} ms", "", "< 50 ms")
    yield Row("  sent to the browser for each change", f"{median(sent):.0f} bytes", "", "", "< 100 bytes")


def _run(page: Page, ours: Studio, sizes: list[int], pans: bool) -> tuple[float, float, Block, int]:
    """Frames a second and the slowest one while it runs, how the loop was held, and the bytes of the whole run."""
    page.get_by_role("button", name="Run", exact=True).click()
    page.wait_for_function("document.querySelectorAll('.step.is-running').length > 0")
    ours.longest_block()
    before = sum(sizes)
    rate, longest = _frames(page, pans=pans)
    block = ours.longest_block()
    page.wait_for_function("document.querySelector('.weft-run-bar .is-done')", timeout=60_000)
    page.wait_for_timeout(QUIET)
    return rate, longest, block, sum(sizes) - before


def _frames(page: Page, *, pans: bool) -> tuple[float, float]:
    rate, longest = page.evaluate(FRAMES.replace("PANS", "true" if pans else "false"), SECONDS)
    return rate, longest
