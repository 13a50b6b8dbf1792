"""Pieces of flows over the clipboard: within a flow, to another window, to a text editor and back."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.e2e.driving import Studio, Window

pytestmark = pytest.mark.asyncio(loop_scope="module")
FLOWS = ("shapes",)
REACHING = """
steps:
  fetch:
    kind: web.get
    title: Fetch the page
    settings: {url: "https://elsewhere.example/x"}
"""


async def opened(window: Window, studio: Studio) -> None:
    await studio.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await window.new()


async def on_clipboard(window: Window, text: str) -> None:
    await window.page.evaluate("text => navigator.clipboard.writeText(text)", text)
    await window.pane.hover(position={"x": 120, "y": 120})
    await window.canvas.focus()


async def said(window: Window, text: str) -> None:
    await expect(window.page.locator(".q-notification").filter(has_text=text).first).to_be_visible()


async def test_steps_go_to_another_flow_as_text_that_one_can_read(window: Window, studio: Studio) -> None:
    await opened(window, studio)
    await window.open("shapes")
    await window.choose("price")
    await window.step("loud").locator(".step-words").click(modifiers=["Shift"])
    await window.press("Control+c")
    await said(window, "Copied: 2 steps of Shapes")
    text = await window.page.evaluate("navigator.clipboard.readText()")
    assert text.startswith("format: 1\nname: 2 steps of Shapes\nsteps:\n  price:\n    kind: data.compose\n")
    other = Window(await studio.context.new_page(), studio)
    await other.new()
    await other.pane.hover(position={"x": 120, "y": 120})
    await other.canvas.focus()
    await other.press("Control+v")
    await expect(other.steps()).to_have_count(2)
    await expect(other.wires()).to_have_count(1)
    await said(other, "What you pasted refers to `mug`, which is not there.")
    await other.press("Control+z")
    await expect(other.steps()).to_have_count(0)
    await other.page.close()


async def test_a_quick_paste_gets_what_was_copied_last(window: Window, studio: Studio) -> None:
    await opened(window, studio)
    await on_clipboard(window, "something older")
    await window.drag_in("Compose text", 300, 200)
    await window.canvas.focus()
    await window.press("Control+c")
    await window.press("Control+v")
    await expect(window.steps()).to_have_count(2)
    await expect(window.step("compose_text_2")).to_be_visible()


async def test_duplicates_keep_the_wires_and_the_references_between_them(window: Window, studio: Studio) -> None:
    await opened(window, studio)
    await window.open("shapes")
    await window.choose("price")
    await window.step("loud").locator(".step-words").click(modifiers=["Shift"])
    await window.press("Control+d")
    await expect(window.steps()).to_have_count(6)
    await window.choose("loud_2")
    await expect(window.field("Text")).to_have_value("{{ price_2.value }}!")
    await window.press("Escape")
    await window.press("Control+z")
    await expect(window.steps()).to_have_count(4)


async def test_cut_steps_come_back_where_they_are_pasted(window: Window, studio: Studio) -> None:
    await opened(window, studio)
    await window.drag_in("Compose text", 300, 200)
    await window.canvas.focus()
    await window.press("Control+x")
    await expect(window.steps()).to_have_count(0)
    await window.pane.hover(position={"x": 120, "y": 120})
    await window.press("Control+v")
    await expect(window.step("compose_text")).to_be_visible()


async def test_what_is_no_flow_says_so(window: Window, studio: Studio) -> None:
    await opened(window, studio)
    await on_clipboard(window, "Dear Anna, see you soon.")
    await window.press("Control+v")
    await said(window, "What is on the clipboard is no piece of a flow: This is not a flow file.")
    await expect(window.steps()).to_have_count(0)


async def test_steps_from_elsewhere_are_looked_at_before_they_are_part_of_the_flow(
    window: Window, studio: Studio
) -> None:
    await opened(window, studio)
    await on_clipboard(window, REACHING)
    await window.press("Control+v")
    sheet = window.page.get_by_role("dialog")
    await expect(sheet).to_contain_text("May this step become part of your flow?")
    await expect(sheet).to_contain_text("elsewhere.example")
    await window.press("Escape")
    await expect(sheet).to_have_count(0)
    await expect(window.steps()).to_have_count(0)
    await window.canvas.focus()
    await window.press("Control+v")
    await sheet.get_by_role("button", name="Paste").click()
    await expect(window.step("fetch")).to_be_visible()
