"""Whether a browser really works: it is started without a window, opens a page, and says its version."""

from __future__ import annotations

import asyncio
import importlib.util
from dataclasses import dataclass
from pathlib import Path

from app.browser.find import Found, found
from app.browser.launch import launch
from app.browser.mark import mark

ANSWERS_WITHIN = 30.0
"""Seconds in which a browser that has started opens an empty page and closes again."""


@dataclass(frozen=True)
class Checked:
    """A browser that was tried: its version, or why it did not start."""

    browser: Found
    version: str = ""
    why_not: str = ""


def working(setting: Path | None = None) -> tuple[Checked | None, list[Checked]]:
    """The first browser that works, and those tried in vain before it."""
    if not importlib.util.find_spec("playwright"):
        return None, []
    return asyncio.run(_working(found(setting)))


async def _working(browsers: list[Found]) -> tuple[Checked | None, list[Checked]]:
    from playwright.async_api import Error, async_playwright

    in_vain: list[Checked] = []
    marker = mark("check")  # With who owns it: a studio that starts meanwhile ends browsers that nobody owns.
    async with async_playwright() as playwright:
        for browser in browsers:
            if not browser.path.is_file():
                in_vain.append(Checked(browser, why_not="There is no such file."))
                continue
            try:
                running = await launch(playwright, browser, marker=marker)
                async with asyncio.timeout(ANSWERS_WITHIN):
                    try:
                        page = await running.new_page()
                        await page.goto("data:text/html,<p>works")
                        return Checked(browser, version=running.version), in_vain
                    finally:
                        await running.close()
            except TimeoutError:
                in_vain.append(Checked(browser, why_not="It started, but opened no page."))
            except (Error, OSError) as error:
                in_vain.append(Checked(browser, why_not=plainly(str(error))))
    return None, in_vain


def plainly(message: str) -> str:
    """What a browser said when it did not start, in a sentence where it is a known one."""
    if "error while loading shared libraries" in message or "missing dependencies" in message:
        library = message.partition("shared libraries: ")[2].partition(":")[0]
        return f"It lacks a system library{f' ({library})' if library else ''}."
    if "Missing X server" in message or "cannot open display" in message:
        return "There is no screen for its window."
    if "snap" in message and "install" in message:
        return "It is only a pointer to a snap package that is not installed."
    if "imeout" in message:
        return "It did not start within 30 seconds."
    return next((line.strip() for line in message.splitlines() if line.strip()), "It did not start.")
