"""Comments on steps: said in one window, read in the other, dealt with, taken back, and found again in one list."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from flows.text import read_flow
from tests.e2e.driving import Studio, Window

FLOWS = ("prices",)

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_comment_is_said_by_keys_seen_in_another_window_dealt_with_and_taken_back(
    window: Window, studio: Studio
) -> None:
    page = window.page
    await window.open("prices")
    other = Window(await studio.context.new_page(), studio)
    await other.open("prices")
    await window.choose("dear")
    await window.press("Shift+C")
    field = page.get_by_role("textbox", name="Write a comment")
    await expect(field).to_be_focused()
    await field.press_sequentially("Why from 20?")
    await field.press("Shift+Enter")
    await field.press_sequentially("It was 15.")
    await field.press("Enter")
    said = window.side.get_by_role("list", name="Comments").get_by_role("listitem")
    await expect(said).to_contain_text(["Why from 20?\nIt was 15."])
    await expect(field).to_have_value("")
    await expect(window.side.get_by_role("tab", name="Comments (1)")).to_be_visible()
    mark = other.step("dear").locator(".step-mark.is-comments")
    await expect(mark).to_contain_text("1")
    await expect(mark).to_have_attribute("data-tip", "1 open comment")

    await other.choose("dear", "Comments")
    answers = other.side.get_by_role("list", name="Comments").get_by_role("listitem")
    await other.page.get_by_role("textbox", name="Write a comment").fill("Nobody bought those.")
    await other.page.get_by_role("button", name="Comment", exact=True).click()
    await expect(said).to_have_count(2)
    await answers.first.get_by_role("button", name="Resolve").click()
    await expect(said.first).to_contain_text("Resolved")
    await expect(mark).to_contain_text("1")
    await answers.nth(1).get_by_role("button", name="Delete your comment").click()
    await expect(said).to_have_count(1)
    await expect(mark).to_have_count(0)
    await other.undo.click()
    await expect(said).to_have_count(2)
    assert other.troubles == []
    await other.page.close()


async def test_all_comments_are_in_one_list_that_leads_to_their_steps_and_they_are_in_the_file(window: Window) -> None:
    page = window.page
    await window.open("prices")
    await window.choose("line")
    await window.press("Shift+C")
    field = page.get_by_role("textbox", name="Write a comment")
    await expect(field).to_be_focused()
    await field.press_sequentially("Shorter, please.")
    await field.press("Enter")
    await expect(window.side.get_by_role("listitem")).to_have_count(1)
    await window.press("Escape")
    await window.press("Escape")
    await window.press("Alt+Shift+C")
    shown = page.get_by_role("dialog")
    await expect(shown.get_by_role("heading", name="Comments")).to_be_visible()
    rows = shown.locator(".weft-list-item").filter(visible=True)
    await expect(rows).to_have_text([re.compile("Nobody bought those"), re.compile("Shorter, please")])
    await shown.get_by_text("Show 1 resolved").click()
    await expect(rows).to_have_count(3)
    await shown.get_by_text("Shorter, please").click()
    await expect(shown).to_have_count(0)
    await expect(window.step("line")).to_have_class(re.compile(r"\bis-selected\b"))
    await expect(window.side.get_by_role("listitem")).to_contain_text(["Shorter, please."])
    async with page.expect_download() as download:
        await page.get_by_role("button", name="Export as a file").click()
    path = await (await download.value).path()
    flow = read_flow(path.read_bytes(), "prices.flow.yaml").flow
    assert [each.text for each in flow.steps["line"].comments.values()] == ["Shorter, please."]
