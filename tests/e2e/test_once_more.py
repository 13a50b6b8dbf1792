"""One more run of a flow that goes on already: what becomes of it is said before, and it can be taken back."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.e2e.driving import Studio, Window
from tests.e2e.test_home import card, home

pytestmark = pytest.mark.asyncio(loop_scope="module")

FLOWS = ("turns", "letter")


async def test_another_run_waits_for_its_turn_and_is_taken_out_of_the_queue(window: Window, studio: Studio) -> None:
    await window.open("turns")
    await window.run()
    await window.lit("work", "running")
    await window.run()
    asked = window.page.get_by_role("dialog")
    await expect(asked).to_contain_text("It waits for its turn: only 1 run of this flow goes on at a time.")
    await window.press("Escape")
    await expect(asked).to_have_count(0)
    # By the keyboard alone.
    await window.page.get_by_role("button", name="While it runs").focus()
    await window.press("Enter")
    await expect(window.page.get_by_role("menu")).to_be_focused()
    await window.press("ArrowDown")
    await expect(window.page.get_by_role("menuitem", name="Run it once more")).to_be_focused()
    await window.press("Enter")
    await expect(window.run_bar).to_contain_text("Waiting for its turn")
    await expect(window.run_bar).to_contain_text("It begins by itself once the run that goes on has ended.")
    await window.page.get_by_role("button", name="Stop", exact=True).click()
    await expect(window.run_bar).to_contain_text("Stopped before it began.")
    await window.page.goto(f"{studio.base}/runs")
    rows = window.page.locator("tbody tr")
    await expect(rows).to_have_count(2)
    await expect(rows.nth(1)).to_contain_text("Running")
    await rows.nth(1).get_by_role("link").click()
    await window.page.get_by_role("button", name="Stop", exact=True).click()
    await expect(window.page.get_by_text("Stopped", exact=True).first).to_be_visible()


async def test_a_card_runs_its_flow_once_more_while_a_run_of_it_waits(window: Window, studio: Studio) -> None:
    await home(window)
    shown = card(window, "Morning letter")
    await shown.get_by_role("button", name="Run Morning letter").click()
    await expect(shown.get_by_role("link", name="Waiting for you")).to_be_visible()
    await shown.get_by_role("button", name="More for Morning letter").click()
    await window.page.get_by_role("menuitem", name="Run it once more").click()
    asked = window.page.get_by_role("dialog")
    await expect(asked).to_contain_text("Another run, beside the one that goes on.")
    await asked.get_by_role("button", name="Run it once more").click()
    await expect(window.page.get_by_role("link", name="Inbox, 2 questions wait")).to_be_visible()
    await window.page.goto(f"{studio.base}/runs")
    # What is asked is said from the first moment on.
    await expect(window.page.locator("tbody tr", has_text="Send this letter?")).to_have_count(2)
