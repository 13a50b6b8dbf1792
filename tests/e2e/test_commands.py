"""The palette, the keys and how to change them, and Find in a flow, as a person meets them."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Locator, expect

from tests.e2e.driving import Studio, Window

pytestmark = pytest.mark.asyncio(loop_scope="module")

FLOWS = ("box", "keys", "typed", "nested")


def palette(window: Window) -> Locator:
    return window.page.get_by_role("dialog", name="Commands, flows, runs and settings")


def keys(window: Window) -> Locator:
    return window.page.get_by_role("dialog", name="Keys", exact=True)


def marked(window: Window) -> Locator:
    return palette(window).get_by_role("option", selected=True)


async def look_for(window: Window, text: str) -> None:
    """Open the palette and type, as fast as a machine can."""
    await window.press("Control+k")
    await window.page.keyboard.type(text)


async def change(window: Window, command: str, key: str) -> None:
    """Open the list of keys, find a command, and press another key for it."""
    await window.press("?")
    await window.page.keyboard.type(command)
    await keys(window).get_by_role("button", name=f"Change the key of {command}", exact=True).click()
    await expect(keys(window).get_by_text("Press the new key.")).to_be_visible()
    await window.press(key)


async def test_the_palette_finds_commands_by_other_words_and_does_them(window: Window) -> None:
    await window.open("box")
    await look_for(window, "dry run")
    await expect(marked(window)).to_contain_text("Rehearse the flow")
    await expect(marked(window)).to_contain_text("Ctrl+Shift+Enter")
    await window.press("Escape")
    await expect(palette(window)).to_have_count(0)
    for typed, first in (
        ("save", "Keep this version"),
        ("rehaerse", "Rehearse the flow"),
        ("minimap", "Show the overview"),
    ):
        await look_for(window, typed)
        await expect(marked(window)).to_contain_text(first)
        await window.press("Escape")
        await expect(palette(window)).to_have_count(0)
    await look_for(window, "select all")
    await window.press("Enter")
    await expect(palette(window)).to_have_count(0)
    await expect(window.side.get_by_text("steps are selected")).to_be_visible()


async def test_what_cannot_be_done_now_says_why_and_is_not_done(window: Window) -> None:
    await window.open("box")
    await look_for(window, "run to the selected")
    await expect(marked(window)).to_have_attribute("aria-disabled", "true")
    await expect(marked(window)).to_contain_text("Choose one step on the canvas first.")
    await window.press("Enter")
    await expect(palette(window)).to_be_visible()
    await window.press("Escape")
    await expect(palette(window)).to_have_count(0)
    await window.choose("report")
    await look_for(window, "run to the selected")
    await expect(marked(window)).not_to_have_attribute("aria-disabled", "true")
    await window.press("Escape")


async def test_the_palette_goes_to_flows_runs_and_settings(window: Window, studio: Studio) -> None:
    page = window.page
    await window.open("keys")
    await window.run()
    await window.ends("Done")
    await look_for(window, "names in a box")
    await window.press("Enter")
    await page.wait_for_url(f"**/flow/{studio.ids['box']}")
    await window.canvas.wait_for()
    await look_for(window, "done just now")
    await expect(marked(window)).to_contain_text("Runs")
    await window.press("Enter")
    await page.wait_for_url("**/run/*")
    await look_for(window, "megabytes")
    await window.press("Enter")
    await page.wait_for_url("**/storage#at-megabytes")
    await expect(page.get_by_label("MB for all runs together")).to_be_focused()
    await page.get_by_role("heading", name="Storage").click()
    await window.press("Alt+Shift+R")
    await page.wait_for_url("**/runs")
    await window.press("Control+k")
    await expect(palette(window).get_by_text("Chosen lately")).to_be_visible()
    await expect(marked(window)).to_contain_text("Megabytes for all runs together")


async def test_a_setting_that_is_a_choice_is_made_in_the_palette(window: Window) -> None:
    await window.open("box")
    await look_for(window, "dark")
    await expect(marked(window)).to_contain_text("Dark")
    await window.press("Enter")
    await expect(window.page.locator("body")).to_have_class(re.compile("body--dark"))
    await look_for(window, "theme auto")
    await window.press("Enter")
    await expect(window.page.locator("body")).not_to_have_class(re.compile("body--dark"))


async def test_keys_pressed_while_the_page_opens_are_not_lost(window: Window, studio: Studio) -> None:
    page = window.page
    await page.goto(f"{studio.base}/flow/{studio.ids['box']}", wait_until="commit")
    await page.wait_for_function("window.weftKeys !== undefined && document.body !== null")
    await window.press("n")
    await page.keyboard.type("set fields")
    await window.press("Enter")
    await expect(page.locator('[data-path$="set_fields"]')).to_be_visible()


async def test_what_is_typed_right_after_a_key_is_for_what_it_opens(window: Window) -> None:
    await window.new()
    await window.press("n")
    await window.page.keyboard.type("for each")
    await window.press("Enter")
    await expect(window.steps()).to_have_count(1)
    await expect(window.step("for_each")).to_be_visible()


async def test_keys_that_are_typed_into_a_field_are_no_commands(window: Window) -> None:
    await window.open("typed")
    await window.choose("first")
    text = window.field("Text")
    await text.click()
    await text.press("Control+a")
    await window.page.keyboard.type("nope? /dtrs1")
    await expect(text).to_have_value("nope? /dtrs1")
    await expect(window.page.get_by_role("dialog")).to_have_count(0)
    await text.press("Control+k")
    await expect(palette(window)).to_be_visible()
    await window.press("Escape")
    await expect(text).to_be_focused()
    await window.run()
    await window.ends("Done")


async def test_the_key_that_runs_presses_no_button_that_has_the_keyboard(window: Window) -> None:
    await window.open("keys")
    hides = window.page.get_by_role("button", name="Hide the steps")
    await hides.focus()
    await window.run()
    await window.ends("Done")
    await expect(hides).to_be_focused()


async def test_a_key_is_changed_for_all_windows_at_once_and_clashes_are_told(window: Window, studio: Studio) -> None:
    other = Window(await studio.context.new_page(), studio)
    await other.open("nested")
    await window.open("nested")
    await change(window, "Tidy what is selected, or the whole flow", "Control+d")
    asked = keys(window).get_by_role("alert")
    await expect(asked).to_contain_text("Ctrl+D is the key of “Duplicate steps”.")
    await keys(window).get_by_role("button", name="Leave it").click()
    await expect(asked).to_have_count(0)
    row = keys(window).locator(".weft-keyboard-row", has_text="Tidy")
    await row.get_by_role("button", name="Change").click()
    await window.press("F6")
    await expect(row).to_contain_text("F6")
    await expect(row).to_contain_text("Changed")
    await window.press("Escape")
    await expect(keys(window)).to_have_count(0)
    await window.press("F6")
    await expect(window.undo).to_be_enabled()
    await window.undo.click()
    await expect(window.undo).to_be_disabled()

    await other.canvas.focus()
    await other.press("F6")
    await expect(window.undo).to_be_enabled()
    await other.press("?")
    await expect(keys(other).get_by_text("F6")).to_be_visible()
    await keys(other).get_by_role("button", name="Reset all").click()
    await expect(keys(other).get_by_text("F6")).to_have_count(0)
    await other.press("Escape")
    await other.page.close()
    assert other.troubles == []
    await window.undo.click()
    await expect(window.undo).to_be_disabled()
    await window.canvas.focus()
    await window.press("F6")
    await expect(window.undo).to_be_disabled()
    await window.press("Alt+Shift+T")
    await expect(window.undo).to_be_enabled()


async def test_a_key_of_the_browser_is_refused_and_escape_changes_nothing(window: Window) -> None:
    await window.open("box")
    await change(window, "Undo", "F5")
    await expect(keys(window).get_by_role("alert")).to_contain_text("The browser keeps F5 for itself.")
    await keys(window).get_by_role("button", name="Change the key of Undo", exact=True).click()
    await window.press("Escape")
    await expect(keys(window)).to_be_visible()
    await expect(keys(window).locator(".weft-keyboard-row", has_text="Undo").first).to_contain_text("Ctrl+Z")
    await window.press("Escape")
    await expect(keys(window)).to_have_count(0)


async def test_find_goes_from_place_to_place_names_settings_and_values(window: Window) -> None:
    page = window.page
    find = page.get_by_role("search", name="Find in this flow")
    await window.open("keys")
    await window.press("Control+f")
    await page.keyboard.type("first")
    await expect(find.get_by_role("option")).not_to_have_count(0)
    await window.press("Enter")
    await expect(window.step("first")).to_be_focused()
    await expect(find.get_by_role("status")).to_have_text(re.compile(r"^1 of \d"))
    await window.press("F3")
    await expect(find.get_by_role("status")).to_have_text(re.compile(r"^2 of \d"))
    await expect(window.step("second")).to_be_focused()
    await window.press("Shift+F3")
    await expect(window.step("first")).to_be_focused()
    await window.press("Control+f")
    await expect(find.get_by_role("combobox")).to_be_focused()
    await page.keyboard.type("nowhere to be seen")
    await expect(find).to_contain_text("It is nowhere in this flow")
    await window.press("Escape")
    await expect(find).to_have_count(0)
    await expect(window.canvas).to_be_focused()


async def test_find_looks_into_the_values_of_the_last_run_also_on_its_page(window: Window, studio: Studio) -> None:
    page = window.page
    find = page.get_by_role("search", name="Find in this flow")
    await window.open("typed")
    await window.run()
    await window.ends("Done")
    await window.press("Control+f")
    await page.keyboard.type("o")
    await expect(find.get_by_role("option").filter(has_text="value").first).to_be_visible()
    await window.press("Escape")
    await window.canvas.focus()
    await window.press("Shift+d")
    await page.wait_for_url("**/run/*")
    await window.canvas.wait_for()
    await window.press("Control+f")
    await page.keyboard.type("o")
    await window.press("Enter")
    await expect(window.steps().and_(page.locator(":focus"))).to_have_count(1)
