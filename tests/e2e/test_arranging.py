"""Put a flow in order, take a step out of it, and take both back."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.e2e.driving import Studio, Window, becomes

pytestmark = pytest.mark.asyncio(loop_scope="module")
FLOWS = ("nested",)


async def undoes(page: Page, what: str) -> None:
    """Undo names the last edit."""
    await page.get_by_role("button", name="Undo").hover()
    await expect(page.locator(".q-tooltip").filter(has_text="Undo")).to_have_text(f"Undo: {what} (Ctrl+Z)")
    await page.locator(".weft-flow").focus()


async def test_a_flow_is_tidied_by_a_key_and_undone_as_one(window: Window, studio: Studio) -> None:
    page = window.page
    await page.goto(f"{studio.base}/flow/{studio.ids['nested']}")
    steps = page.locator(".react-flow__node")
    await expect(page.get_by_role("button", name="Run", exact=True)).to_be_visible()
    await steps.first.wait_for()
    where = "all => all.map(each => each.style.transform + each.style.width)"
    before = await steps.evaluate_all(where)
    await page.locator(".weft-flow").focus()
    await page.keyboard.press("Alt+Shift+T")
    await expect(page.get_by_role("button", name="Undo")).to_be_enabled()
    await undoes(page, "tidy")
    assert await becomes(lambda: steps.evaluate_all(where), lambda now: now != before) != before
    await page.keyboard.press("Control+z")
    await expect(page.get_by_role("button", name="Undo")).to_be_disabled()
    assert await becomes(lambda: steps.evaluate_all(where), lambda now: now == before) == before


async def test_several_steps_are_aligned_from_the_panel(window: Window, studio: Studio) -> None:
    page = window.page
    await page.goto(f"{studio.base}/flow/{studio.ids['nested']}")
    await page.locator(".react-flow__node").first.wait_for()
    await page.locator(".weft-flow").focus()
    await page.keyboard.press("Control+a")
    arrange = page.get_by_role("toolbar", name="Arrange")
    await arrange.get_by_role("button", name="Align bottom").click()
    await undoes(page, "align bottom")
