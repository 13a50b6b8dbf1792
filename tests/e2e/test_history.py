"""The runs there have been: found again after a restart, gone on with, asked about, run anew."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.e2e.driving import Studio, Window
from tests.e2e.test_home import GREET, WAITS, accepted, bring, card, home

pytestmark = pytest.mark.asyncio(loop_scope="module")

FAILS = """\
format: 1
id: 3d6f3c1e-6f0e-4c57-9d0b-3f3a5f3f9f10
name: Fails
steps:
  fine:
    kind: data.compose
    settings:
      text: as it should be
  read:
    kind: files.read
    title: Read the list
    settings:
      path: not-there.txt
wires:
  - fine -> read
layout:
  fine: [0, 0]
  read: [280, 0]
"""


async def test_where_nothing_ran_the_page_says_what_to_do(window: Window, studio: Studio) -> None:
    page = window.page
    await page.goto(f"{studio.base}/runs")
    await expect(page.get_by_text("Nothing has run yet")).to_be_visible()
    await page.goto(f"{studio.base}/run/nowhere")
    await expect(page.get_by_text("There is no run “nowhere”.")).to_be_visible()


async def test_runs_are_listed_as_they_happen_and_filtered(window: Window, studio: Studio) -> None:
    page = window.page
    await page.goto(f"{studio.base}/runs")
    other = Window(await studio.context.new_page(), studio)
    await home(other)
    await bring(other, ("greet.flow.yaml", GREET))
    await accepted(other, "Greet")
    await other.page.get_by_role("dialog").get_by_role("button", name="Run").click()
    row = page.get_by_role("row").filter(has_text="Greet")
    await expect(row).to_contain_text(re.compile("Done.*just now.*You", re.DOTALL))
    await other.page.close()

    await page.goto(f"{studio.base}/runs?status=failed")
    await expect(page.get_by_text("No run is like that")).to_be_visible()
    await page.get_by_role("button", name="Show every run").click()
    await expect(row).to_be_visible()
    assert page.url == f"{studio.base}/runs"


async def test_a_run_says_which_step_failed_and_shows_it(window: Window) -> None:
    page = window.page
    await home(window)
    await bring(window, ("fails.flow.yaml", FAILS))
    await accepted(window, "Fails")
    await card(window, "Fails").get_by_role("link", name="Failed").click()
    await window.lit("fine", "done")
    await window.lit("read", "failed")
    await window.side.get_by_role("button", name="Read the list").click()
    await expect(window.side.get_by_role("button", name="To the whole run")).to_be_visible()
    await expect(window.side).to_contain_text("not-there.txt")
    await window.side.get_by_role("button", name="To the whole run").click()
    await expect(window.side.get_by_text("This run")).to_be_visible()

    (window.studio.home / "files").mkdir(exist_ok=True)
    (window.studio.home / "files" / "not-there.txt").write_text("Bread")
    await page.get_by_role("button", name="Continue").click()
    await window.lit("read", "done")
    await expect(page.get_by_role("status").get_by_text("Done")).to_be_visible()

    await page.get_by_role("button", name="Run again").click()
    await page.wait_for_url(re.compile("/run/"))
    await window.lit("read", "done")


async def test_after_a_power_cut_a_run_is_continued_and_asks_what_it_cannot_know(
    browser: Browser, tmp_path: Path
) -> None:
    first = Studio(tmp_path, browser)
    await first.start()
    window = Window(await first.context.new_page(), first)
    await home(window)
    await bring(window, ("waits.flow.yaml", WAITS))
    await accepted(window, "Waits")
    await card(window, "Waits").get_by_role("link", name="Running").click()
    await window.lit("nap", "running")
    await first.kill()

    again = Studio(tmp_path, browser)
    await again.start()
    window = Window(await again.context.new_page(), again)
    await home(window)
    notice = window.page.get_by_role("region", name="Interrupted runs")
    await expect(notice).to_contain_text("1 run was interrupted when Weft was closed.")
    await notice.get_by_role("button", name="Resume Waits", exact=True).click()
    await expect(notice).to_be_hidden()
    await card(window, "Waits").get_by_role("link", name="Waiting for you").click()
    question = window.page.get_by_role("alertdialog", name=re.compile("happen"))
    await expect(question).to_be_visible()
    await question.get_by_role("button", name="Stop here").click()
    await expect(question).to_be_hidden()
    await expect(window.page.get_by_role("button", name="Continue")).to_be_visible()
    assert window.troubles == []
    await again.end()


async def test_an_interrupted_run_can_be_discarded_and_stays_among_the_runs(browser: Browser, tmp_path: Path) -> None:
    first = Studio(tmp_path, browser)
    await first.start()
    window = Window(await first.context.new_page(), first)
    await home(window)
    await bring(window, ("waits.flow.yaml", WAITS))
    await accepted(window, "Waits")
    await expect(card(window, "Waits").get_by_role("link", name="Running")).to_be_visible()
    await first.end()

    again = Studio(tmp_path, browser)
    await again.start()
    window = Window(await again.context.new_page(), again)
    await home(window)
    notice = window.page.get_by_role("region", name="Interrupted runs")
    await notice.get_by_role("button", name="Discard Waits").click()
    await expect(notice).to_be_hidden()
    await window.page.reload()
    await expect(card(window, "Waits")).to_contain_text("Stopped")
    await expect(notice).to_be_hidden()
    await again.end()
