"""How soon 1,000 steps are seen and how smoothly they pan, beside bare React Flow in the same kind of page."""

import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, ViewportSize, sync_playwright

from tests.bench.table import Row

PROJECT = Path(__file__).resolve().parents[2]
SIZE: ViewportSize = {"width": 1440, "height": 900}
SECONDS = 4
WHOLE = 0.13  # The zoom at which all 1,000 steps are in sight.

DRAWN = """(() => {
    const look = () => {
        if (document.querySelector(".react-flow__node")) requestAnimationFrame(() => window.drawn = performance.now());
        else requestAnimationFrame(look);
    };
    look();
})()"""
"""Milliseconds from the start of the navigation until the first step has been painted."""

PAN = """seconds => new Promise(done => {
    const pane = document.querySelector(".react-flow__pane");
    const to = (kind, target, x, y) => target.dispatchEvent(new MouseEvent(
        kind, {bubbles: true, cancelable: true, view: window, button: 0, buttons: 1, clientX: x, clientY: y}));
    const grab = () => to("mousedown", pane, 1400, 450);
    let x = 1400, way = -1, frames = 0, began = 0;
    grab();
    const frame = now => {
        began ||= now;
        if (now - began > seconds * 1000) return to("mouseup", window, x, 450), done(frames / (now - began) * 1000);
        frames += 1;
        x += 24 * way;
        to("mousemove", window, x, 450 + 40 * Math.sin(x / 200));
        if (x < -7000 || x > 1400) way = -way;
        requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
})"""
"""Frames a second while the pane is dragged to and fro across the whole flow, 24 pixels a frame."""


def measure(runs: int = 5) -> list[Row]:
    """Both pages in turns, each in a new context of one browser; the medians."""
    with pages() as base, chromium() as browser:
        for warming in ("canvas", "bare"):
            first_step(browser, f"{base}/{warming}")
        ours, floor = [], []
        for _ in range(runs):
            ours.append(first_step(browser, f"{base}/canvas"))
            floor.append(first_step(browser, f"{base}/bare"))
        views = ["canvas", "bare", "bare?map=true", f"canvas?zoom={WHOLE}", f"bare?zoom={WHOLE}"]
        rates: dict[str, list[float]] = {view: [] for view in views}
        for _ in range(3):
            for page, seen in rates.items():
                seen.append(frames(browser, f"{base}/{page}"))
    drawn, least = statistics.median(ours), statistics.median(floor)
    rate, bare, mapped, whole, all_bare = (statistics.median(rates[view]) for view in views)
    return [
        Row("first of 1,000 steps drawn", f"{drawn:.2f} s", f"{least:.2f} s", f"{drawn / least:.2f}x", "≤ 1.5x"),
        Row("panning 1,000 steps", f"{rate:.0f} fps", f"{bare:.0f} fps", f"{rate / bare:.2f}x", "≥ 0.9x"),
        Row("the same, both with overview", f"{rate:.0f} fps", f"{mapped:.0f} fps", f"{rate / mapped:.2f}x", "≥ 0.9x"),
        Row("panning, all in sight", f"{whole:.0f} fps", f"{all_bare:.0f} fps", f"{whole / all_bare:.2f}x", "≥ 0.9x"),
    ]


def first_step(browser: Browser, url: str) -> float:
    page = browser.new_page(viewport=SIZE)
    try:
        page.add_init_script(DRAWN)
        page.goto(url)
        drawn: float = page.wait_for_function("window.drawn").json_value()
        return drawn / 1000
    finally:
        page.close()


def frames(browser: Browser, url: str) -> float:
    page = browser.new_page(viewport=SIZE)
    try:
        page.goto(url)
        page.locator(".react-flow__node").first.wait_for()
        page.wait_for_timeout(800)
        rate: float = page.evaluate(PAN, SECONDS)
        return rate
    finally:
        page.close()


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        bundled = playwright.chromium.executable_path
        found = bundled if Path(bundled).exists() else shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def pages() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "tests.bench._canvas_pages", str(port)]
    process = subprocess.Popen(command, cwd=PROJECT, env=dict(os.environ), stdout=subprocess.DEVNULL)
    try:
        patience = time.monotonic() + 60
        while time.monotonic() < patience:
            with socket.socket() as knock:
                if knock.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()
