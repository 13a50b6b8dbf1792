"""How soon 1,000 steps are seen and how smoothly they pan and zoom, beside bare React Flow in the same kind of page."""

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

from tests.bench._pace import paced
from tests.bench.table import Row

PROJECT = Path(__file__).resolve().parents[2]
SIZE: ViewportSize = {"width": 1440, "height": 900}
SECONDS = 2
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


ZOOM = """seconds => new Promise(done => {
    const pane = document.querySelector(".react-flow__pane");
    let frames = 0, began = 0;
    const frame = now => {
        began ||= now;
        if (now - began > seconds * 1000) return done(frames / (now - began) * 1000);
        // In and out again within a second, as with two fingers on a trackpad.
        const down = (now - began) % 1000 < 500 ? 4 : -4;
        pane.dispatchEvent(new WheelEvent("wheel", {bubbles: true, cancelable: true, view: window, ctrlKey: true,
            deltaY: down, clientX: 700, clientY: 450}));
        frames += 1;
        requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
})"""
"""Frames a second while it is zoomed out and in again around the middle."""


def measure(runs: int = 5, limit: float = 100) -> list[Row]:
    """All pages in turns, each in a new context of one browser; the medians. No new round after `limit` seconds."""
    with pages() as base, chromium() as browser:
        openings = ["canvas", "bare", "canvas?steps=20", "bare?steps=20"]
        for warming in openings[:2]:
            first_step(browser, f"{base}/{warming}")
        first: dict[str, list[float]] = {view: [] for view in openings}
        for _ in paced(runs, limit / 4):
            for page, seen in first.items():
                seen.append(first_step(browser, f"{base}/{page}"))
        views = ["canvas", "bare", "bare?map=true", f"canvas?zoom={WHOLE}", f"bare?zoom={WHOLE}"]
        panned: dict[str, list[float]] = {view: [] for view in views}
        zoomed: dict[str, list[float]] = {view: [] for view in views}
        for _ in paced(3, limit * 3 / 4):
            for page in views:
                pan, zoom = frames(browser, f"{base}/{page}")
                panned[page].append(pan)
                zoomed[page].append(zoom)
    drawn, least, few, few_bare = (statistics.median(seen) for seen in first.values())
    rate, bare, mapped, whole, all_bare = (statistics.median(panned[view]) for view in views)
    near, bare_near, _, far, bare_far = (statistics.median(zoomed[view]) for view in views)
    return [
        Row("first of 1,000 steps drawn", f"{drawn:.2f} s", f"{least:.2f} s", f"{drawn / least:.2f}x", "≤ 1.5x"),
        Row("the same of 20 steps", f"{few:.2f} s", f"{few_bare:.2f} s", f"{few / few_bare:.2f}x", "≤ 1.5x"),
        Row("  1,000 steps beside 20", f"{drawn:.2f} s", f"{few:.2f} s", f"{drawn / few:.2f}x", "< 2x"),
        _rate("panning 1,000 steps, 1,500 wires", rate, bare),
        _rate("the same, both with overview", rate, mapped),
        _rate("panning, all in sight", whole, all_bare),
        _rate("zooming 1,000 steps, 1,500 wires", near, bare_near),
        _rate("zooming, all in sight", far, bare_far),
    ]


def _rate(what: str, ours: float, floor: float) -> Row:
    return Row(what, f"{ours:.0f} fps", f"{floor:.0f} fps", f"{ours / floor:.2f}x", "≥ 1x")


def first_step(browser: Browser, url: str) -> float:
    page = browser.new_page(viewport=SIZE)
    try:
        page.add_init_script(DRAWN)
        page.goto(url)
        drawn: float = page.wait_for_function("window.drawn").json_value()
        return drawn / 1000
    finally:
        page.close()


def frames(browser: Browser, url: str) -> tuple[float, float]:
    """Frames a second, panned and zoomed."""
    page = browser.new_page(viewport=SIZE)
    try:
        page.goto(url)
        page.locator(".react-flow__node").first.wait_for()
        page.wait_for_timeout(500)
        pan: float = page.evaluate(PAN, SECONDS)
        zoom: float = page.evaluate(ZOOM, SECONDS)
        return pan, zoom
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
