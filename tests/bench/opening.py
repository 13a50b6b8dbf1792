"""Opening a flow and working on it: how soon it can be used, how fast an edit is seen, how long the loop is held."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page

from app.ui.forms.fields import PAUSE
from tests.bench._flows import grid, put, rounds
from tests.bench._pace import paced
from tests.bench._window import (
    DRAWN,
    QUIET,
    Block,
    Studio,
    count_bytes,
    start_watch,
    stop_watch,
    studio,
    usable,
    window,
)
from tests.bench.canvas import chromium, pages
from tests.bench.table import Row

SIZES = (20, 200, 1000)
EDITED = (20, 1000)
ROUNDS = 10_000
LIMIT = 16.0
"""Seconds after which no new round of the same is begun."""
NEW = "document.querySelector('.react-flow__node:not([data-id^=s])')"
EDGE = """document.querySelector('.react-flow__edge[data-id=":s0 -> s2"]')"""
ALL = """[...document.querySelectorAll(".react-flow__node")].every(step => step.matches(".selected"))
    && document.querySelector(".weft-panel-right")?.textContent.includes("COUNT")"""
"""Every step is marked, and the panel says how many there are."""
SUMMARY = "document.querySelector('.react-flow__node[data-id=s0] .step-summary').textContent"
DONE = "document.querySelector('.weft-run-bar .is-done')"


@dataclass
class Seen:
    """What was measured of one kind of thing, each time that it was done."""

    seconds: list[float] = field(default_factory=list)
    floor: list[float] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    sent: list[int] = field(default_factory=list)

    def took(self, what: str, aim: str) -> Row:
        ours, least = median(self.seconds), median(self.floor)
        return Row(what, f"{ours:.3f} s", f"{least:.3f} s", f"{ours / least:.2f}x", aim)

    def held(self, what: str) -> Row:
        """The longest that one call held the loop; the floor is what it computed in that time."""
        held, least = (median(each) * 1000 for each in zip(*((b.held, b.computing) for b in self.blocks), strict=True))
        ratio = f"{held / least:.2f}x" if least >= 1 else ""
        return Row(f"  {what}: loop held", f"{held:.0f} ms", f"{least:.0f} ms", ratio, "≤ 50 ms")

    @property
    def kilobytes(self) -> str:
        return f"{median(self.sent) / 1000:.1f} kB"


Timed = Callable[[str, str, str, Callable[[], None]], None]
"""Called with the name of a thing, the event it begins with, what holds when it is on screen, and how it is done."""


def measure(runs: int = 5) -> list[Row]:
    """Against a bare page with bare React Flow; edits against a click on a bare page that is answered.

    Of everything there are as many rounds as `LIMIT` lets, and at least two: it ends within about three minutes, also
    on a slow machine.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with studio(folder):
            pass  # The first start makes the database and places the examples.
        put(folder, *map(grid, SIZES), rounds(ROUNDS))
        with chromium() as browser:
            return [*_starts(browser, folder, runs), *_working(browser, folder, runs)]


def _starts(browser: Browser, folder: Path, runs: int) -> Iterator[Row]:
    for size in SIZES:
        seen = Seen()
        for _ in paced(runs, LIMIT / 2):
            began = time.perf_counter()
            with studio(folder) as ours, window(browser, ours) as page:
                page.goto(f"{ours.base}/flow/grid-{size}", wait_until="commit")
                usable(page)
                seen.seconds.append(time.perf_counter() - began)
            began = time.perf_counter()
            with pages() as bare, window(browser) as page:
                page.goto(f"{bare}/bare?steps={size}", wait_until="commit")
                usable(page)
                seen.floor.append(time.perf_counter() - began)
        yield seen.took(f"process start until {size:,} steps can be used", "")


def _working(browser: Browser, folder: Path, runs: int) -> Iterator[Row]:
    with studio(folder) as ours, pages() as bare:
        for size in SIZES:
            yield from _opening(browser, ours, bare, size, runs)
        for size in EDITED:
            yield from _editing(browser, ours, bare, size, runs)
        for what, flow in (("1,000 steps", "grid-1000"), (f"{ROUNDS:,} rounds of 3 steps", f"rounds-{ROUNDS}")):
            yield from _running(browser, ours, what, flow)


def _opening(browser: Browser, ours: Studio, bare: str, size: int, runs: int) -> Iterator[Row]:
    drawn, used = Seen(), Seen()
    for number in paced(runs + 1, LIMIT):
        ours.longest_block()
        mine = _opened(browser, f"{ours.base}/flow/grid-{size}", ours)
        block = ours.longest_block()
        floor = _opened(browser, f"{bare}/bare?steps={size}", None)
        if number == 0:
            yield Seen(blocks=[block]).held(f"open {size:,} steps for the first time")
            continue
        for seen, seconds, least in zip((drawn, used), mine, floor, strict=True):
            seen.seconds.append(seconds)
            seen.floor.append(least)
        used.blocks.append(block)
    yield drawn.took(f"open {size:,} steps: first step drawn", "≤ 1.5x")
    yield used.took(f"open {size:,} steps: can be used", "≤ 1.5x")
    yield used.held(f"open {size:,} steps")


def _opened(browser: Browser, url: str, ours: Studio | None) -> tuple[float, float]:
    with window(browser, ours) as page:
        began = time.perf_counter()
        page.goto(url, wait_until="commit")
        drawn: float = page.evaluate(DRAWN)
        usable(page)
        used = time.perf_counter() - began
        page.wait_for_timeout(QUIET)
        return drawn / 1000, used


def _editing(browser: Browser, ours: Studio, bare: str, size: int, runs: int) -> Iterator[Row]:
    found: dict[str, Seen] = {}
    answers: list[float] = []
    with window(browser) as asked, window(browser, ours) as page:
        asked.goto(f"{bare}/answer")
        sizes = count_bytes(page)
        page.goto(f"{ours.base}/flow/grid-{size}")
        usable(page)

        def timed(name: str, event: str, test: str, do: Callable[[], None]) -> None:
            page.wait_for_timeout(QUIET)
            ours.longest_block()
            sizes.clear()
            start_watch(page, event, test)
            do()
            seconds = stop_watch(page)
            page.wait_for_timeout(QUIET)
            seen = found.setdefault(name, Seen(floor=answers))
            seen.seconds.append(seconds - (PAUSE / 1000 if name == "change a setting" else 0))
            seen.blocks.append(ours.longest_block())
            seen.sent.append(sum(sizes))

        _work(page, timed, "w", size)
        found.clear()  # That was for warming up.
        for number in paced(runs, LIMIT):
            asked.bring_to_front()
            answers += [_answer(asked), _answer(asked)]
            page.bring_to_front()
            _work(page, timed, "xyz"[number % 3], size)
    for name, seen in found.items():
        yield seen.took(f"{size:,} steps: {name} ({seen.kilobytes})", "≤ 0.10 s")
        yield seen.held(f"{size:,} steps: {name}")


def _answer(page: Page) -> float:
    """Seconds until a bare page has answered a click."""
    page.wait_for_timeout(QUIET)
    count = page.get_by_text("Answered").count()
    start_watch(page, "pointerdown", f"document.body.innerText.split('Answered').length > {count + 1}")
    page.get_by_role("button").click()
    return stop_watch(page)


def _work(page: Page, timed: Timed, letter: str, size: int) -> None:
    """One of everything; afterwards the flow is as it was."""

    def undo() -> None:
        page.locator(".weft-flow").focus()
        page.keyboard.press("Control+z")

    timed("click on a step", "pointerdown", _shows("s1"), lambda: _click(page, "s1"))
    timed("click on a step", "pointerdown", _shows("s0"), lambda: _click(page, "s0"))
    timed("add a step", "click", NEW, page.get_by_role("button", name="Add Compose text").click)
    timed("undo", "keydown", f"!{NEW}", undo)
    page.locator(".weft-flow").focus()
    timed("select all", "keydown", ALL.replace("COUNT", f"{size:,} steps"), lambda: page.keyboard.press("Control+a"))
    timed("connect", "pointerup", EDGE, lambda: _drag(page, "s0", "s2"))
    timed("undo", "keydown", f"!{EDGE}", undo)
    _click(page, "s0")
    page.get_by_label("Text", exact=True).focus()
    page.keyboard.press("End")
    typed = f"{SUMMARY}.endsWith('{letter}')"
    timed("change a setting", "keydown", typed, lambda: page.keyboard.press(letter))
    timed("undo", "keydown", f"!{typed}", undo)


def _shows(path: str) -> str:
    return (
        "document.querySelectorAll('.weft-panel-right .weft-field').length > 0 && "
        f"document.querySelector('.weft-panel-right .weft-mono')?.textContent === '{path}'"
    )


def _click(page: Page, path: str) -> None:
    page.locator(f".react-flow__node[data-id={path}] .step-head").click(position={"x": 60, "y": 12})


def _drag(page: Page, source: str, target: str) -> None:
    for path, handle, press in ((source, "out:", page.mouse.down), (target, "in:", page.mouse.up)):
        box = page.locator(f'[data-nodeid="{path}"][data-handleid="{handle}"]').bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=4)
        press()


def _running(browser: Browser, ours: Studio, what: str, flow: str) -> Iterator[Row]:
    """A run that is watched from its start to its end, and opened again."""
    with window(browser, ours) as page:
        sizes = count_bytes(page)
        page.goto(f"{ours.base}/flow/{flow}")
        usable(page)
        page.wait_for_timeout(QUIET)
        ours.longest_block()
        sizes.clear()
        start_watch(page, "click", DONE)
        page.get_by_role("button", name="Run", exact=True).click()
        seconds = stop_watch(page)
        page.wait_for_timeout(QUIET)
        block = ours.longest_block()
        yield Row(f"run {what}, watched ({sum(sizes) / 1000:.0f} kB)", f"{seconds:.2f} s", "", "", "")
        yield Seen(blocks=[block]).held(f"run {what}")
        yield Row(f"  run {what}: a click waits at most", f"{block.late * 1000:.0f} ms", "", "", "≤ 100 ms")
        page.get_by_role("link", name="Details").click()
        usable(page)
        page.wait_for_timeout(QUIET)
        yield Seen(blocks=[ours.longest_block()]).held(f"open the run of {what}")
