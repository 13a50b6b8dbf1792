"""R24 and R25: a window that is closed, reloaded or cut off changes nothing of what runs."""

from __future__ import annotations

import asyncio
import os
import re
import signal

import psutil
import pytest
from playwright.async_api import expect

from tests.e2e.driving import Studio, Window
from tests.faults.repeats import times

pytestmark = pytest.mark.asyncio(loop_scope="module")
FLOWS = ("lasts", "greets")
STEPS = ("code", "fetch", "page", "each/work", "rest")
MORE_MEMORY = 20_000_000


async def show(window: Window) -> None:
    """Open the flow while it runs."""
    await window.page.goto(f"{window.studio.base}/flow/{window.studio.ids['lasts']}")
    await window.canvas.wait_for()


async def test_r25_closing_the_window_in_the_middle_of_any_step_does_not_touch_the_run(
    window: Window, studio: Studio
) -> None:
    page = await studio.context.new_page()
    seen = Window(page, studio)
    await seen.open("lasts")
    await seen.run()
    for path in STEPS:
        await expect(seen.step(path)).to_have_class(
            re.compile(r"\bis-(running|asked|waiting_for|done)\b"), timeout=60_000
        )
        await page.close()
        page = await studio.context.new_page()
        seen = Window(page, studio)
        await show(seen)
    await seen.lit("ask", "asked")
    await page.reload()
    await seen.lit("ask", "asked")
    await page.close()
    await show(window)
    await window.lit("ask", "asked")
    await window.page.get_by_role("alertdialog").get_by_role("button", name="Approve").click()
    await window.ends("Done")
    for path in (*STEPS, "ask"):
        await window.lit(path, "done")
    other = Window(await studio.context.new_page(), studio)
    await show(other)
    for path in (*STEPS, "ask"):
        await other.lit(path, "done")
    await other.page.close()
    assert other.troubles == seen.troubles == []


async def test_r25_many_windows_come_and_go_and_leave_no_memory_behind(studio: Studio) -> None:
    async def open_and_close(count: int) -> None:
        pages = []
        for _ in range(count):
            page = await studio.context.new_page()
            await Window(page, studio).open("greets")
            pages.append(page)
        for page in pages:
            await page.close()

    def memory() -> int:
        return int(psutil.Process(studio.process.pid).memory_info().rss)

    await open_and_close(4)  # What the first ones load stays.
    await asyncio.sleep(1)
    before = memory()
    await open_and_close(times(8, 30))
    for _ in range(90):
        if memory() - before < MORE_MEMORY:
            return
        await asyncio.sleep(1)
    assert memory() - before < MORE_MEMORY


async def test_r24_after_the_computer_slept_the_window_is_there_again(window: Window, studio: Studio) -> None:
    await window.page.goto(studio.base)
    await expect(window.page.get_by_role("link", name="Greet someone").first).to_be_visible()
    os.kill(studio.process.pid, signal.SIGSTOP)
    await asyncio.sleep(times(8, 600))
    os.kill(studio.process.pid, signal.SIGCONT)
    await window.page.get_by_role("button", name="New flow").first.click(timeout=60_000)
    await window.canvas.wait_for(timeout=60_000)
    # That the line was cut off is said in the console, and is no trouble.
    window.troubles.clear()
