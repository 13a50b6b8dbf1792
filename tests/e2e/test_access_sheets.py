"""Sheets, forms and questions that open over a page, as axe-core sees them: nothing serious, in light and in dark."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.e2e.driving import Studio, Window
from tests.e2e.looked_over import looked_over

pytestmark = pytest.mark.asyncio(loop_scope="module")
FLOWS = ("shop", "shapes", "asks")
DIALOG = ".q-dialog"


async def test_what_opens_over_the_editor_by_a_key(window: Window) -> None:
    page, found = window.page, []
    await window.open("shop")
    await window.choose("dear")
    for keys, what in (("F1", "the help of a step"), ("Control+s", "naming a version")):
        await window.press(keys)
        await expect(page.locator(".q-dialog__inner").first).to_be_visible()
        found += await looked_over(page, what, DIALOG)
        await window.press("Escape")
        await expect(page.locator(DIALOG)).to_have_count(0)
        await window.step("dear").focus()
    await window.press("Shift+C")
    await expect(page.get_by_role("textbox", name="Write a comment")).to_be_focused()
    await page.keyboard.type("Why from 20?")
    await window.press("Enter")
    await expect(window.side.get_by_role("list", name="Comments").get_by_role("listitem")).to_have_count(1)
    found += await looked_over(page, "comments")
    await window.canvas.focus()
    await window.press("Control+f")
    await expect(page.get_by_role("searchbox").or_(page.get_by_role("combobox")).first).to_be_visible()
    await page.keyboard.type("price")
    found += await looked_over(page, "finding in the flow")
    assert "\n".join(found) == ""


async def test_the_tour_and_what_a_flow_asks_before_it_runs(window: Window, studio: Studio) -> None:
    page, found = window.page, []
    await page.goto(studio.base)
    await page.get_by_role("button", name="Take the tour").click()
    await window.canvas.wait_for()
    await expect(page.get_by_role("region", name="Tour")).to_be_visible()
    found += await looked_over(page, "the tour")
    await window.open("asks")
    await window.run()
    await expect(page.get_by_role("dialog").first).to_be_visible()
    found += await looked_over(page, "what a flow asks for", DIALOG)
    assert "\n".join(found) == ""


async def test_the_menu_and_the_forms_of_the_pages(window: Window, studio: Studio) -> None:
    page, found = window.page, []
    await page.goto(studio.base)
    await page.get_by_role("button", name="More for What the dear ones cost", exact=True).click()
    await expect(page.get_by_role("menu")).to_be_visible()
    found += await looked_over(page, "the menu of a card", ".q-menu")
    await page.get_by_role("menuitem", name="Rename", exact=True).click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    found += await looked_over(page, "renaming", DIALOG)
    await page.goto(f"{studio.base}/keys")
    await page.get_by_role("button", name="Add a model").first.click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    found += await looked_over(page, "adding a model", DIALOG)
    assert "\n".join(found) == ""
