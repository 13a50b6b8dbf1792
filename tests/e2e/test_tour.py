"""The tour, as somebody takes it who sees Weft for the first time."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.e2e.driving import Studio, Window

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_the_tour_is_offered_once_and_each_card_waits_until_its_thing_is_done(
    window: Window, studio: Studio
) -> None:
    page = window.page
    await page.goto(studio.base)
    await page.get_by_role("button", name="Take the tour").click()
    await window.canvas.wait_for()
    tour = page.get_by_role("region", name="Tour")
    await expect(tour.get_by_text("1 of 6")).to_be_visible()
    await expect(page.get_by_text("Begin with something that works")).to_be_hidden()

    await window.canvas.focus()
    await window.press("n")
    await page.keyboard.type("get")
    await window.press("Enter")
    await expect(tour.get_by_text("2 of 6")).to_be_visible()

    await page.reload()
    await expect(tour.get_by_text("2 of 6")).to_be_visible()
    await window.choose("get_from_the_web")
    await window.field("Url").fill("{{ practice }}/api/mugs.json")
    await expect(tour.get_by_text("3 of 6")).to_be_visible()

    await window.run()
    await window.ends("Done")
    await expect(tour.get_by_text("4 of 6")).to_be_visible()

    await window.choose("get_from_the_web", "Result")
    await expect(tour.get_by_text("5 of 6")).to_be_visible()
    await window.choose("get_from_the_web", "Settings")
    await window.field("Url").fill("{{ practice }}/mugs/moon-mug")
    await expect(tour.get_by_text("6 of 6")).to_be_visible()

    await window.choose("get_from_the_web", "Result")
    await window.run()
    await expect(tour.get_by_text("That was the tour")).to_be_visible()
    await tour.get_by_role("button", name="Close").click()
    await expect(tour).to_be_hidden()
    await expect(window.canvas).to_be_focused()
    await page.reload()
    await window.canvas.wait_for()
    await expect(page.get_by_role("button", name="Run", exact=True)).to_be_visible()
    await expect(tour).to_be_hidden()
    await page.goto(studio.base)
    await expect(page.get_by_role("button", name="New flow").first).to_be_visible()
    await expect(page.get_by_role("button", name="Take the tour")).to_be_hidden()


async def test_the_tour_is_begun_again_by_its_key_and_left_with_escape(window: Window) -> None:
    page = window.page
    await window.new()
    await window.press("Alt+Shift+g")
    tour = page.get_by_role("region", name="Tour")
    await expect(tour.get_by_text("1 of 6")).to_be_visible()
    await window.canvas.focus()
    await window.press("Alt+Shift+g")
    await expect(tour).to_be_focused()
    await window.press("Escape")
    await expect(tour).to_be_hidden()
    await expect(page.get_by_text("Begin with something that works")).to_be_visible()
