"""One started Chromium and the driver that speaks to it, and their certain end."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.browser import mark
from app.browser.find import Found, found
from app.browser.launch import launch
from nodes.values import NodeError

if TYPE_CHECKING:
    import psutil
    from playwright.async_api import Browser, CDPSession, Playwright

ANSWERS_WITHIN = 4.0
CLOSES_WITHIN = 2.0
STOPS_WITHIN = 1.0
HOW_TO_MEND = "Run `weft doctor`: it says which browsers were tried and how to get one."


@dataclass(eq=False)
class Running:
    """A browser that is up, and how many runs have it open. A `spent` one gets no more of them."""

    browser: Browser
    playwright: Playwright
    line: CDPSession
    pid: int
    marker: str
    driver: psutil.Process | None
    users: int = 0
    spent: bool = False
    ended: bool = False

    async def answers(self) -> bool:
        """Whether the browser and its driver are alive and not stuck."""
        from playwright.async_api import Error

        if self.ended or not self.browser.is_connected():
            return False
        try:
            async with asyncio.timeout(ANSWERS_WITHIN):
                await self.line.send("Browser.getVersion")
            return True
        except (Error, TimeoutError):
            return False

    async def end(self) -> None:
        """Gone when this returns: asked politely first, ended by force after two seconds."""
        if self.ended:
            return
        self.spent = self.ended = True
        # Whatever fails or hangs in the asking, force follows.
        with contextlib.suppress(Exception):
            async with asyncio.timeout(CLOSES_WITHIN):
                await self.browser.close()
        await asyncio.to_thread(mark.end_browser, self.pid, self.marker)
        with contextlib.suppress(Exception):
            async with asyncio.timeout(STOPS_WITHIN):
                await self.playwright.stop()
        if self.driver:
            await asyncio.to_thread(mark.end, self.driver)


async def start(boot: str, *, setting: Path | None, headed: bool, never: Iterable[int]) -> Running:
    """The first browser of this computer that starts. NodeError with a sentence where none does."""
    from app.browser.check import plainly

    marker, candidates = await asyncio.to_thread(_prepare, boot, setting)
    if not candidates:
        raise NodeError("There is no browser on this computer that Weft can drive.", hint=HOW_TO_MEND)
    from playwright.async_api import Error, async_playwright

    playwright = await async_playwright().start()
    why_not = ""
    try:
        for candidate in candidates:
            try:
                browser = await launch(playwright, candidate, marker=marker, headed=headed, never=never)
            except Error as error:
                why_not = why_not or f"{candidate.name} ({candidate.path}) did not start: {plainly(error.message)}"
                continue
            line = await browser.new_browser_cdp_session()
            processes = (await line.send("SystemInfo.getProcessInfo"))["processInfo"]
            pid = next(each["id"] for each in processes if each["type"] == "browser")
            driver = await asyncio.to_thread(mark.driver_above, pid)
            return Running(browser, playwright, line, pid, marker, driver)
    except BaseException:
        await playwright.stop()
        raise
    await playwright.stop()
    raise NodeError(why_not, hint=HOW_TO_MEND)


def _prepare(boot: str, setting: Path | None) -> tuple[str, list[Found]]:
    """In a thread: importing Playwright takes longer than the loop may wait."""
    importlib.import_module("playwright.async_api")
    return mark.mark(boot), found(setting)
