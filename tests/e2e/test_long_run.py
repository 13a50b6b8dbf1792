"""The page of a run with thousands of events: what it looks like was kept when it ended, its result comes after."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from playwright.async_api import expect

from tests.e2e.driving import Studio, Window, becomes

pytestmark = pytest.mark.asyncio(loop_scope="module")
FLOWS = ("long",)


async def test_a_long_run_is_kept_when_it_ends_and_its_page_shows_all_of_it(window: Window, studio: Studio) -> None:
    await window.open("long")
    await window.run()
    await window.ends("Done")
    page = window.page
    run_id = (await window.run_bar.get_by_role("link", name="Details").get_attribute("href") or "").rpartition("/")[2]

    async def kept() -> int:
        with closing(sqlite3.connect(f"file:{studio.home / 'weft.db'}?mode=ro", uri=True)) as database:
            asked = "SELECT count(*) FROM run_picture WHERE run_id = ?"
            return int(database.execute(asked, (run_id,)).fetchone()[0])

    assert await becomes(kept, bool) == 1
    for _ in range(2):
        await page.goto(f"{studio.base}/run/{run_id}")
        for step in ("numbers", "each", "each/line", "each/same"):
            await window.lit(step, "done")
        await expect(window.step("each").locator(".rounds")).to_have_text("2,500 / 2,500")
        await expect(window.side.get_by_text("2,500 items")).to_be_visible()
        await expect(window.side.get_by_text("Reading the result")).to_have_count(0)
    await window.step("each").get_by_role("slider").focus()
    await window.press("ArrowLeft")
    await window.step("each/line").click()
    await expect(window.side.get_by_text("The line of number 2498, which is one of many")).to_be_visible()
