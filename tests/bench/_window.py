"""A started studio and its window in Chromium, with a stopwatch that stands in the page."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from os import environ
from pathlib import Path

from playwright.sync_api import Browser, Page, WebSocket

PROJECT = Path(__file__).resolve().parents[2]
SIZE = {"width": 1440, "height": 900}
LONG = 0.05
QUIET = 300
"""Milliseconds after which nothing more is expected to happen."""

DRAWN = """() => new Promise(seen => {
    const painted = () => seen(performance.now());
    const look = () => requestAnimationFrame(document.querySelector(".react-flow__node") ? painted : look);
    look();
})"""
"""Milliseconds from the start of the navigation until the first step has been painted."""

MIDDLE = """() => {
    for (const node of document.querySelectorAll(".react-flow__node")) {
        const {left, top, width} = node.getBoundingClientRect(), x = left + width / 2, y = top + 20;
        if (node.contains(document.elementFromPoint(x, y))) return [x, y];
    }
}"""
"""Where a step can be clicked."""

STOPWATCH = """() => { window.measured = new Promise(done => addEventListener("EVENT", event => {
    const painted = () => done(performance.now() - event.timeStamp);
    const look = () => requestAnimationFrame((TEST) ? painted : look);
    look();
}, {capture: true, once: true})); }"""


@dataclass(frozen=True)
class Block:
    """How the event loop was held, in seconds: by one call, and how late that made whoever was next.

    `worked` is how late that would be at most on a machine that does nothing else.
    """

    held: float
    computing: float
    late: float
    who: str
    worked: float


@dataclass(frozen=True)
class Studio:
    """A studio process, and the cookie that lets a browser in."""

    process: subprocess.Popen[str]
    base: str
    cookie: tuple[str, str]

    def longest_block(self) -> Block:
        """The longest since this was last asked."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        for line in self.process.stdout:
            if line.startswith('{"held"'):
                block = Block(**json.loads(line))
                if block.computing > LONG:
                    print(f"The loop was held for {block.held * 1000:.0f} ms by {block.who}", file=sys.stderr)
                return block
        raise RuntimeError("The studio has ended.")

    def run(self, flow_id: str, count: int) -> list[str]:
        """Start so many runs of a flow at once; their ids."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"run {flow_id} {count}\n")
        self.process.stdin.flush()
        for line in self.process.stdout:
            if line.startswith('{"started"'):
                return list(json.loads(line)["started"])
        raise RuntimeError("The studio has ended.")


@contextmanager
def studio(folder: Path) -> Iterator[Studio]:
    """A studio on this data folder, from the moment that it can be used."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench._watched", "--port", "0"],
        cwd=PROJECT,
        env={**environ, "WEFT_HOME": str(folder)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        link = next(line for line in process.stdout if "/?t=" in line)
        base, _, token = link[link.index("http://") :].split()[0].partition("/?t=")
        yield Studio(process, base, _entered(base, token))
    finally:
        process.terminate()
        process.communicate()


@contextmanager
def window(browser: Browser, studio: Studio | None = None) -> Iterator[Page]:
    """An empty window with nothing cached, let into the studio."""
    context = browser.new_context(viewport={"width": SIZE["width"], "height": SIZE["height"]})
    if studio is not None:
        context.add_cookies([{"name": studio.cookie[0], "value": studio.cookie[1], "url": studio.base}])
    yield context.new_page()
    context.close()


def usable(page: Page) -> None:
    """Return when a click on a step selects it."""
    until = time.perf_counter() + 60
    while time.perf_counter() < until:
        place = page.evaluate(MIDDLE)
        if place is not None:
            page.mouse.click(*place)
            if page.evaluate("() => Boolean(document.querySelector('.react-flow__node.selected'))"):
                return
        page.wait_for_timeout(5)
    raise AssertionError("No step could be selected within a minute.")


def start_watch(page: Page, event: str, test: str) -> None:
    """Measure from the next `event` of this kind until `test` holds and has been painted; `stop_watch` tells."""
    page.evaluate(STOPWATCH.replace("EVENT", event).replace("TEST", test))


def stop_watch(page: Page) -> float:
    """Seconds that were measured."""
    milliseconds: float = page.evaluate("() => window.measured")
    return milliseconds / 1000


def count_bytes(page: Page) -> list[int]:
    """The size of every message that the page is sent from now on."""
    sizes: list[int] = []

    def opened(socket: WebSocket) -> None:
        socket.on("framereceived", lambda payload: sizes.append(len(payload)))

    page.on("websocket", opened)
    return sizes


def _entered(base: str, token: str) -> tuple[str, str]:
    connection = http.client.HTTPConnection(base.removeprefix("http://"), timeout=10)
    connection.request("GET", f"/?t={token}")
    crumb = (connection.getresponse().getheader("set-cookie") or "").partition(";")[0]
    connection.close()
    name, _, value = crumb.partition("=")
    return name, value
