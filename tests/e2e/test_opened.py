"""A step opened over the editor: its input, its settings and its output, large values, and references into settings."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Locator, expect

from tests.e2e.driving import Window, middle

pytestmark = pytest.mark.asyncio(loop_scope="module")
FLOWS = ("shop", "stock", "picture")


class Opened:
    """The step that is open, in the words of the person before it."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.dialog = window.page.get_by_role("dialog")
        self.input = self.dialog.get_by_role("region", name="Input")
        self.settings = self.dialog.get_by_role("region", name="Settings")
        self.output = self.dialog.get_by_role("region", name="Output")

    async def by_key(self, path: str) -> None:
        await self.window.step(path).locator("> .step-head .step-words").click()
        await self.window.step(path).focus()
        await self.window.press("Enter")
        await expect(self.settings).to_be_visible()

    def cell(self, side: Locator, text: str) -> Locator:
        return side.get_by_role("gridcell", name=text, exact=True)


async def counted(window: Window) -> None:
    """The stock's flow after a run, which asks for what it is given."""
    await window.open("stock")
    await window.run()
    await window.page.get_by_role("dialog").get_by_role("button", name="Run", exact=True).click()
    await window.ends("Done")


async def test_enter_opens_a_step_and_escape_gives_the_keyboard_back_to_the_one_gone_to(window: Window) -> None:
    opened = Opened(window)
    await window.open("shop")
    await opened.by_key("dear")
    await expect(opened.settings.get_by_label("Field", exact=True)).to_be_focused()
    await expect(opened.output.get_by_text("This step has not run yet.")).to_be_visible()
    await expect(opened.input.get_by_text("There is no data here")).to_be_visible()
    await opened.output.get_by_role("button", name="Run to here").click()
    await expect(opened.cell(opened.input, "Plum cup")).to_be_visible()
    await expect(opened.cell(opened.output, "Moon mug")).to_be_visible()
    await expect(opened.cell(opened.output, "Plum cup")).to_be_hidden()

    await window.press("Alt+ArrowLeft")
    await expect(opened.dialog.get_by_role("heading", name="Run Python")).to_be_visible()
    await window.press("Alt+ArrowRight")
    await expect(opened.dialog.get_by_role("heading", name="Filter a list")).to_be_visible()
    await opened.settings.get_by_label("Value", exact=True).fill("10")
    await window.press("Escape")
    await expect(opened.dialog).to_have_count(0)
    await expect(window.step("dear")).to_be_focused()
    await expect(window.step("dear")).to_contain_text("10")


async def test_a_field_of_the_input_is_dragged_into_a_setting_and_undone(window: Window) -> None:
    opened = Opened(window)
    await window.open("shop")
    await window.run()
    await window.ends("Done")
    await window.step("line").locator("> .step-head .step-words").dblclick()
    text = opened.settings.get_by_label("Text", exact=True)
    await text.fill("")
    await opened.input.get_by_label("Where the input comes from").click()
    await window.page.get_by_role("option", name="“Run Python”").click()
    price = opened.input.get_by_role("treeitem").filter(has_text="price14")
    await price.hover()
    await price.locator(".rows-grip").drag_to(text)
    await expect(text).to_have_value("{{ mugs.value[1].price }}")
    await expect(opened.settings.get_by_text(re.compile(r"\b14\b")).first).to_be_visible()
    await price.click()
    await window.press("Control+z")
    await expect(text).not_to_have_value("{{ mugs.value[1].price }}")


async def test_without_a_mouse_a_value_is_copied_and_used_in_a_later_setting(window: Window) -> None:
    opened, page = Opened(window), window.page
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await window.open("shop")
    await window.run()
    await window.ends("Done")
    await opened.by_key("mugs")
    table = opened.output.get_by_role("grid")
    await table.focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowRight", "ArrowRight", "Shift+C"):
        await window.press(key)
    await expect(opened.output.get_by_text("{{ mugs.value[1].price }}")).to_be_visible()
    await expect(page.get_by_text("Copied: {{ mugs.value[1].price }}")).to_be_visible()
    await window.press("c")
    await expect(page.get_by_text("Copied.", exact=True)).to_be_visible()
    assert await page.evaluate("navigator.clipboard.readText()") == "14"

    await window.press("u")
    choice = page.get_by_role("dialog").filter(has_text="Use in which setting?")
    await choice.get_by_label("Search settings").fill("filter value")
    await expect(choice.get_by_role("option")).to_have_count(1)
    await expect(choice.get_by_role("option")).to_contain_text("Instead of:")
    await window.press("Enter")
    await expect(choice).to_have_count(0)
    await window.press("Escape")
    await expect(opened.dialog).to_have_count(0)
    await window.choose("dear", "Settings")
    await expect(window.field("Value")).to_have_value("{{ mugs.value[1].price }}")


async def test_thousands_of_rows_scroll_fold_and_are_searched(window: Window) -> None:
    opened = Opened(window)
    await counted(window)
    await opened.by_key("stock")
    table = opened.output.get_by_role("grid")
    await expect(table).to_have_attribute("aria-rowcount", "30001")
    assert await table.get_by_role("row").count() < 80
    await table.focus()
    await window.press("End")
    await expect(opened.cell(opened.output, "Mug 29999")).to_be_visible()

    word = opened.output.get_by_label("Search this value")
    await word.fill("mug 2432")
    await expect(opened.output.get_by_role("status").filter(has_text="1 of 11")).to_be_visible()
    await expect(opened.cell(opened.output, "Mug 2432")).to_be_visible()
    await word.press("Enter")
    await expect(opened.cell(opened.output, "Mug 24320")).to_be_visible()
    await expect(opened.output.get_by_text("{{ stock.value[24320].name }}")).to_be_visible()

    await opened.output.get_by_role("button", name="JSON").click()
    tree = opened.output.get_by_role("tree")
    await expect(tree).to_be_focused()
    await window.press("ArrowDown")
    first = tree.get_by_role("treeitem").first
    await expect(first).to_have_attribute("aria-expanded", "false")
    await window.press("ArrowRight")
    await expect(first).to_have_attribute("aria-expanded", "true")
    await opened.output.get_by_role("button", name="Schema").click()
    shelf = tree.get_by_role("treeitem").filter(has_text="shelf")
    await expect(shelf).to_have_count(1)
    await expect(shelf).to_contain_text("a number")


async def test_a_long_text_is_read_in_lines_and_searched(window: Window) -> None:
    opened = Opened(window)
    await counted(window)
    await opened.by_key("letter")
    lines = opened.output.get_by_role("list")
    await opened.output.get_by_label("Search this value").fill("line 2999")
    await expect(lines.get_by_text(re.compile("Line 2999 of"))).to_be_visible()


async def test_a_screenshot_is_shown_as_a_picture_in_the_panel_and_opened(window: Window) -> None:
    opened = Opened(window)
    await window.open("picture")
    await window.run()
    await window.ends("Done")
    await window.choose("picture", "Result")
    thumb = window.result.get_by_role("img", name=re.compile("png"))
    await expect(thumb).to_be_visible()
    assert await thumb.evaluate("image => image.decode().then(() => image.naturalWidth)") > 100
    await window.side.get_by_role("button", name="Open this step").click()
    await expect(opened.output.get_by_role("img")).to_be_visible()
    await opened.output.get_by_role("button", name="JSON").click()
    await expect(opened.output.get_by_role("treeitem").filter(has_text="image/png")).to_be_visible()


async def test_a_row_is_looked_into_and_left_again(window: Window) -> None:
    opened = Opened(window)
    await window.open("shop")
    await window.run()
    await window.ends("Done")
    await opened.by_key("mugs")
    await opened.cell(opened.output, "Plum cup").dblclick()
    await expect(opened.output.get_by_text("{{ mugs.value[1].name }}")).to_be_visible()
    await opened.output.get_by_role("button", name="Back to the whole").click()
    await opened.cell(opened.output, "Plum cup").click(button="right")
    await window.page.get_by_role("menuitem", name="Copy path").click()
    await expect(window.page.get_by_text("Copied: {{ mugs.value[1].name }}")).to_be_visible()
    x, y = await middle(opened.dialog.get_by_role("button", name="Close"))
    await window.page.mouse.click(x, y)
    await expect(opened.dialog).to_have_count(0)
