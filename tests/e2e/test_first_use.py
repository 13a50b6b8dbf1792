"""The first minutes: an empty canvas that offers something, and help at every step."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.e2e.driving import Window, middle

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_start_from_an_empty_canvas_runs_as_it_stands_and_is_taken_back_in_one(window: Window) -> None:
    page = window.page
    await window.new()
    await expect(page.get_by_text("Needs a model:")).to_be_visible()
    await page.get_by_role("button", name="Read a web page").click()
    await expect(window.steps()).to_have_count(3)
    await expect(page.get_by_text("Begin with something that works")).to_be_hidden()
    await window.run()
    await window.ends("Done")
    await window.choose("gone", "Result")
    await expect(window.result.get_by_text("Winter Teapot").first).to_be_visible()
    await window.canvas.focus()
    await window.press("Control+z")
    await expect(window.steps()).to_have_count(0)
    await expect(page.get_by_text("Begin with something that works")).to_be_visible()


async def test_the_starts_are_chosen_by_keyboard_and_a_step_is_added_in_their_place(window: Window) -> None:
    page = window.page
    await window.new()
    await window.canvas.focus()
    await window.press("b")
    await expect(page.get_by_role("button", name="Read a web page")).to_be_focused()
    await window.press("ArrowUp")
    await expect(page.get_by_role("button", name="Ask a model about a text")).to_be_focused()
    await window.press("Escape")
    await expect(window.canvas).to_be_focused()
    await page.get_by_role("button", name="Add a step").click()
    await expect(page.get_by_placeholder("What should the step do?")).to_be_focused()
    await window.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    entry = page.get_by_role("button", name="Add Read text", exact=True)
    await page.mouse.move(*await middle(entry))
    await page.mouse.down()
    x, y = await middle(page.get_by_role("button", name="Work through a list"))
    await page.mouse.move(x, y - 8, steps=4)
    await page.mouse.move(x, y, steps=4)
    await page.mouse.up()
    await expect(window.step("read_text")).to_be_visible()
    await expect(page.get_by_text("Begin with something that works")).to_be_hidden()


async def test_the_help_of_a_step_puts_its_example_into_the_flow(window: Window) -> None:
    page = window.page
    await window.new()
    await window.drag_in("Compose text", 160, 120)
    await window.canvas.focus()
    await window.press("i")
    shown = page.get_by_role("document", name="Help: Compose text")
    await expect(shown).to_be_focused()
    await expect(shown.get_by_text("Compose a text from a table")).to_be_visible()
    await window.press("Escape")
    await expect(shown).to_be_hidden()
    await window.side.get_by_role("button", name="Help for this step").click()
    await page.get_by_role("button", name="Insert the example").click()
    await expect(window.steps()).to_have_count(4)
    await expect(window.side.get_by_text("3 steps are selected")).to_be_visible()
    await window.press("Control+z")
    await expect(window.steps()).to_have_count(1)


async def test_the_list_of_steps_has_help_before_a_step_is_chosen_and_the_example_can_be_opened(window: Window) -> None:
    page = window.page
    await window.new()
    await window.canvas.focus()
    await window.press("n")
    await page.get_by_placeholder("What should the step do?").fill("wait")
    await window.press("F1")
    await expect(page.get_by_role("document", name="Help: Wait")).to_be_focused()
    await window.press("Escape")
    await expect(page.get_by_placeholder("What should the step do?")).to_be_focused()
    await page.get_by_role("option").first.locator(".weft-option-help").click()
    await page.get_by_role("button", name="Open the example").click()
    await expect(window.steps()).not_to_have_count(0)
    await expect(window.step("wait").or_(window.steps().first)).to_be_visible()
