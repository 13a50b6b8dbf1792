"""A really started studio, and a window on one of its flows, in the words of the person who sits before it."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import sqlite3
import sys
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from playwright.async_api import Browser, BrowserContext, FloatRect, Locator, Page, expect

from app.store.connections import Connections
from app.store.database import Database
from app.studio import open_studio
from flows.model import Flow, walk

ROOT = Path(__file__).parents[2]
FLOWS = Path(__file__).parent / "flows"
T = TypeVar("T")

LIT = """([path, light]) =>
  document.querySelector(`[data-path="${CSS.escape(path)}"]`)?.classList.contains(light)"""


class Studio:
    """A studio on a data folder of its own, and the browser that is signed in to it."""

    def __init__(self, home: Path, browser: Browser) -> None:
        self.home = home
        self._browser = browser
        self.ids: dict[str, str] = {}

    async def seed(self, *names: str) -> None:
        """Put flows of `flows/` on the shelf, reviewed and accepted. Before the start."""
        studio = await open_studio(self.home)
        for name in names:
            flow = await studio.shelf.bring_in((FLOWS / f"{name}.flow.yaml").read_bytes(), name)
            await studio.shelf.accept(flow)
            self.ids[name] = flow.id
        await studio.close()

    async def start(self) -> None:
        """Start it as a person does, and sign the browser in with the link it says."""
        self.process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "app", "--no-open", "--port", "0"),
            cwd=ROOT,
            env=_environment() | {"WEFT_HOME": str(self.home)},
            stdout=asyncio.subprocess.PIPE,
        )
        assert self.process.stdout is not None
        said = (await asyncio.wait_for(self.process.stdout.readline(), 60)).decode()
        link = re.search(r"http://\S+", said)
        assert link is not None, f"The studio said {said!r}."
        self.base = link[0].split("/?")[0]
        self.context: BrowserContext = await self._browser.new_context(viewport={"width": 1440, "height": 900})
        self.context.set_default_timeout(30_000)
        page = await self.context.new_page()
        await page.goto(link[0])
        await page.close()

    async def end(self) -> None:
        """Close the browser's windows and the studio, as with Ctrl+C."""
        await self.context.close()
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGINT)
            await asyncio.wait_for(self.process.wait(), 60)

    async def keeps(self, name: str, is_so: Callable[[Flow], bool]) -> None:
        """Return once a seeded flow is so on the disk."""
        async with asyncio.timeout(40):
            while True:
                if is_so(self.on_disk(name)):
                    return
                await asyncio.sleep(0.05)

    def on_disk(self, name: str) -> Flow:
        """A seeded flow as it is on the disk by now."""
        with closing(sqlite3.connect(f"file:{self.home / 'weft.db'}?mode=ro", uri=True)) as database:
            (text,) = database.execute("SELECT document FROM flow WHERE id = ?", (self.ids[name],)).fetchone()
        return Flow.model_validate_json(text)

    def called(self) -> set[str]:
        """What flows and their steps are called and say of themselves, by now."""
        with closing(sqlite3.connect(f"file:{self.home / 'weft.db'}?mode=ro", uri=True)) as database:
            flows = [Flow.model_validate_json(text) for (text,) in database.execute("SELECT document FROM flow")]
        steps = {step.title or path for flow in flows for path, step in walk(flow)}
        return steps | {text for flow in flows for text in (flow.name, flow.description)}

    async def kill(self) -> None:
        """End it like a power cut does."""
        self.process.kill()
        await self.process.wait()
        await self.context.close()

    async def connect_model(self, url: str) -> None:
        """Set up a model service on this computer, as the Keys page does."""
        database = Database(self.home / "weft.db")
        await database.open()
        await Connections(database).add(name="Here", provider="compatible", base_url=url, default_model="practice-1")
        await database.close()


class Window:
    """One window on one flow. Steps are meant by their path."""

    def __init__(self, page: Page, studio: Studio) -> None:
        self.page = page
        self.studio = studio
        self.troubles: list[str] = []
        page.on("console", lambda said: self.troubles.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("download", lambda _: None)
        self.canvas = page.get_by_role("application", name="Flow canvas")
        self.pane = page.locator(".react-flow__pane")
        self.run_bar = page.locator(".weft-run-bar")
        self._run_before = ""
        self.side = page.get_by_role("complementary", name="Details")
        self.result = self.side.locator(".q-tab-panel")
        self.undo = page.get_by_role("button", name="Undo")
        self.redo = page.get_by_role("button", name="Redo")

    async def open(self, flow: str) -> None:
        """Open a seeded flow, or one by its id."""
        await self.page.goto(f"{self.studio.base}/flow/{self.studio.ids.get(flow, flow)}")
        await self.canvas.wait_for()
        await expect(self.page.get_by_role("button", name="Run", exact=True)).to_be_visible()
        if flow in self.studio.ids:
            await self.steps().first.wait_for()

    async def new(self) -> str:
        """Draw a new flow, from the page with all flows; its id."""
        await self.page.goto(self.studio.base)
        await self.page.get_by_role("button", name="New flow").first.click()
        await self.canvas.wait_for()
        return self.page.url.rpartition("/")[2]

    def step(self, path: str) -> Locator:
        return self.page.locator(f'[data-path="{path}"]')

    def steps(self) -> Locator:
        return self.page.locator("[data-path]")

    def wires(self) -> Locator:
        return self.page.locator(".react-flow__edge")

    def port(self, end: str) -> Locator:
        """`open.in` is the order-only input of `open`, `shelf.out:rows` its output `rows`."""
        path, _, handle = end.partition(".")
        return self.page.locator(f'[data-nodeid="{path}"][data-handleid="{handle if ":" in handle else handle + ":"}"]')

    def field(self, label: str) -> Locator:
        return self.side.get_by_label(label, exact=True)

    def problem(self, label: str) -> Locator:
        """What is said to be wrong with a setting."""
        return self.side.locator(".weft-field", has=self.page.get_by_text(label, exact=True)).get_by_role("alert")

    async def choose(self, path: str, tab: str = "") -> None:
        """Click a step, wait for the panel beside it, and click a tab there."""
        await self.step(path).locator("> .step-head .step-words").click()
        # What the panel shows of the step that was chosen before is gone in a moment.
        await expect(self.side).to_have_attribute("data-step", path)
        if tab:
            await self.side.get_by_role("tab", name=tab).click()

    async def drag_in(self, title: str, x: float, y: float) -> None:
        """Drag an entry of the palette onto the canvas."""
        before = await self._paths()
        entry = self.page.get_by_role("button", name=f"Add {title}", exact=True)
        await entry.drag_to(self.pane, target_position={"x": x, "y": y})
        await expect(self.steps()).to_have_count(len(before) + 1)
        (path,) = await self._paths() - before
        await expect(self.step(path)).to_have_class(re.compile(r"\bis-selected\b"))

    async def _paths(self) -> set[str]:
        return {await step.get_attribute("data-path") or "" for step in await self.steps().all()}

    async def draw(self, start: str, end: str) -> None:
        """Draw a wire with the mouse, and let go on the other port."""
        await self.aim(start, end)
        await self.page.mouse.up()

    async def aim(self, start: str, end: str) -> None:
        """Draw a wire with the mouse as far as the other port."""
        (x, y), to = await middle(self.port(start)), await middle(self.port(end))
        await self.page.mouse.move(x, y)
        await self.page.mouse.down()
        await self.page.mouse.move((x + to[0]) / 2, (y + to[1]) / 2, steps=3)
        await self.page.mouse.move(*to, steps=3)

    async def drag(self, path: str, by: tuple[float, float] | Locator) -> None:
        """Take a step at its title and let it go elsewhere."""
        x, y = await middle(self.step(path).locator("> .step-head .step-words"))
        to = await middle(by) if isinstance(by, Locator) else (x + by[0], y + by[1])
        await self.page.mouse.move(x, y)
        await self.page.mouse.down()
        await self.page.mouse.move((x + to[0]) / 2, (y + to[1]) / 2, steps=4)
        await self.page.mouse.move(*to, steps=4)
        await self.page.mouse.up()

    async def press(self, keys: str) -> None:
        await self.page.keyboard.press(keys)

    async def run(self) -> None:
        self._run_before = await self._run_link.get_attribute("href") or ""
        await self.press("Control+Enter")

    @property
    def _run_link(self) -> Locator:
        return self.run_bar.locator("a[href^='/run']")

    async def ends(self, status: str) -> None:
        """Wait until the run has ended so; after `run`, the one that it began, and not the one before."""
        if self._run_before:
            await expect(self._run_link).not_to_have_attribute("href", self._run_before, timeout=40_000)
            self._run_before = ""
        await expect(self.run_bar.locator(".weft-status")).to_have_text(re.compile(f"{status}$"), timeout=40_000)

    async def lit(self, path: str, status: str) -> None:
        if status == "running":
            # It may be so for a moment only: looked at with every frame.
            await self.page.wait_for_function(LIT, arg=[path, f"is-{status}"], timeout=40_000)
            return
        await expect(self.step(path)).to_have_class(re.compile(rf"\bis-{status}\b"))

    async def saved(self) -> None:
        await expect(self.page.get_by_text("Saved", exact=True)).to_be_visible()


async def becomes(read: Callable[[], Awaitable[T]], is_so: Callable[[T], bool]) -> T:
    """Read again and again until it is so; what was read last, also where it never is."""
    for _ in range(200):
        if is_so(found := await read()):
            break
        await asyncio.sleep(0.1)
    return found


async def still(locator: Locator) -> FloatRect:
    """Where it is once it stands still: the view may be on its way."""
    await (await locator.element_handle()).wait_for_element_state("stable")
    box = await locator.bounding_box()
    assert box is not None
    return box


async def middle(locator: Locator) -> tuple[float, float]:
    box = await still(locator)
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def chromium(bundled: str) -> str | None:
    return bundled if Path(bundled).exists() else shutil.which("chromium")


def _environment() -> dict[str, str]:
    """Ours, without what tells NiceGUI that it is being tested: the studio runs as it does for a person."""
    return {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
