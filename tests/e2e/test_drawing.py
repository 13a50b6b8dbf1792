"""Draw a flow by mouse and keyboard."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.e2e.driving import Studio, Window, middle

pytestmark = pytest.mark.asyncio(loop_scope="module")
FLOWS = ("wires", "box", "boxed", "keys", "typed")


async def test_a_flow_is_built_by_mouse_from_an_empty_canvas_and_its_result_read(
    window: Window, studio: Studio
) -> None:
    page = window.page
    await window.new()
    await expect(page.get_by_text("Begin with something that works")).to_be_visible()
    await window.drag_in("Compose text", 160, 160)
    await expect(page.get_by_text("Begin with something that works")).to_be_hidden()
    await window.field("Text").fill("Bread and {{ inputs.what")
    await window.field("Text").fill("Bread and butter")

    await window.drag_in("Write file", 440, 200)
    await window.draw("compose_text.out", "write_file.in")
    await expect(window.wires()).to_have_count(1)
    await window.field("Path").fill("list.txt")
    await window.field("Text").fill("To buy: ")
    await window.field("Text").press("End")
    await window.field("Text").press_sequentially("{{ comp")
    await page.get_by_role("option", name="compose_text.value").click()
    await expect(window.field("Text")).to_have_value("To buy: {{ compose_text.value }}")

    await window.drag_in("Read file", 720, 200)
    await window.field("Path").fill("{{ write_file.path }}")
    await window.draw("write_file.out", "read_file.in")
    await expect(window.wires()).to_have_count(2)
    await expect(page.get_by_role("alert").filter(visible=True)).to_have_count(0)

    await window.run()
    await window.ends("Done")
    await window.choose("read_file", "Result")
    await expect(window.result.get_by_text("To buy: Bread and butter")).to_be_visible()
    assert (studio.home / "files" / "list.txt").read_text() == "To buy: Bread and butter"


async def test_a_wire_that_does_not_fit_is_refused_with_the_reason(window: Window) -> None:
    await window.open("wires")
    await window.aim("text.out:value", "some.in:items")
    await expect(window.page.get_by_text("Text does not fit a list.")).to_be_visible()
    await window.page.mouse.up()
    await expect(window.page.get_by_text("Text does not fit a list.")).to_be_visible()
    await expect(window.wires()).to_have_count(0)


async def test_a_wire_let_go_on_the_canvas_asks_for_a_step_that_takes_it(window: Window) -> None:
    page = window.page
    await window.open("wires")
    x, y = await middle(window.port("table.out:rows"))
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x + 60, y + 120, steps=4)
    await page.mouse.up()
    listed = page.get_by_role("dialog").get_by_role("option")
    await expect(listed.filter(has_text="Filter a list")).to_be_visible()
    await expect(listed.filter(has_text="Take screenshot")).to_have_count(0)
    await page.get_by_role("combobox", name="Search steps").fill("loop")
    await expect(listed.first).to_contain_text("For each")
    await expect(listed.filter(has_text="Take screenshot")).to_have_count(0)
    await window.press("Enter")
    await expect(window.step("for_each")).to_be_visible()
    await expect(page.locator('[data-id=":table.rows -> for_each.items"]')).to_have_count(1)
    await window.undo.click()
    await expect(window.step("for_each")).to_have_count(0)
    await expect(window.wires()).to_have_count(0)


async def test_what_was_deleted_comes_back_with_its_wires_and_goes_again(window: Window) -> None:
    await window.open("box")
    await expect(window.steps()).to_have_count(4)
    wires = await window.wires().count()
    await window.choose("each")
    await window.press("Delete")
    await expect(window.steps()).to_have_count(2)
    await window.press("Control+z")
    await expect(window.steps()).to_have_count(4)
    await expect(window.step("each/line")).to_be_visible()
    await expect(window.wires()).to_have_count(wires)
    await window.press("Control+y")
    await expect(window.steps()).to_have_count(2)
    await window.press("Control+z")
    await expect(window.steps()).to_have_count(4)


async def test_a_step_is_dragged_into_a_container_and_out_again(window: Window) -> None:
    await window.open("boxed")
    await window.drag("loose", window.step("each").locator(".box-inside"))
    await expect(window.step("each/loose")).to_be_visible()
    await expect(window.step("loose")).to_have_count(0)
    await window.drag("each/loose", (0, 320))
    await expect(window.step("loose")).to_be_visible()
    await expect(window.step("each/loose")).to_have_count(0)


async def test_a_click_in_the_palette_places_a_step_inside_the_chosen_container(window: Window) -> None:
    await window.open("box")
    await window.choose("each")
    await window.page.get_by_role("button", name="Add Compose text", exact=True).click()
    await expect(window.step("each/compose_text")).to_be_visible()
    await window.undo.click()
    await expect(window.step("each/compose_text")).to_have_count(0)


async def test_the_palette_finds_steps_by_what_they_are_for_and_adds_them_by_keys(window: Window) -> None:
    page = window.page
    await window.new()
    search = page.get_by_role("complementary", name="Steps").get_by_role("textbox")
    entries = page.locator(".weft-palette-item").filter(visible=True)
    await search.fill("loop")
    await expect(entries).to_have_text([re.compile("For each"), re.compile("Repeat until"), re.compile("While")])
    await search.fill("api")
    await expect(entries).to_have_text([re.compile("Get from the web"), re.compile("Send a web request")])
    await search.press("ArrowDown")
    await window.press("ArrowDown")
    await expect(page.get_by_role("button", name="Add Send a web request")).to_be_focused()
    await window.press("Enter")
    await expect(window.step("send_a_web_request")).to_be_visible()
    await page.get_by_role("button", name="Hide the steps").click()
    await expect(search).to_be_hidden()
    await page.get_by_role("button", name="Show the steps").click()
    await expect(search).to_be_visible()


async def test_everything_can_be_done_with_the_keyboard(window: Window) -> None:
    page = window.page
    await window.open("keys")
    await window.press("Home")
    await expect(window.step("first")).to_be_focused()
    await window.press("ArrowRight")
    await expect(window.step("second")).to_be_focused()
    await window.press("F2")
    await expect(window.field("Name of the step")).to_be_focused()
    await page.keyboard.type("Renamed")
    await expect(window.step("second")).to_contain_text("Renamed")
    await window.press("Escape")
    await expect(window.canvas).to_be_focused()
    await window.press("n")
    await expect(page.get_by_role("dialog").get_by_role("combobox")).to_be_focused()
    await page.keyboard.type("set fields")
    await window.press("Enter")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(window.step("set_fields")).to_have_class(re.compile(r"\bselected\b"))
    await window.canvas.focus()
    await window.press("Delete")
    await expect(window.step("set_fields")).to_have_count(0)
    await window.press("Control+z")
    await expect(window.step("set_fields")).to_be_visible()
    await window.press("Control+z")
    await expect(window.step("set_fields")).to_have_count(0)
    await window.press("?")
    await expect(page.get_by_role("dialog").get_by_text("Ctrl+Enter")).to_be_visible()
    await window.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await window.run()
    await window.ends("Done")


async def test_a_word_typed_with_a_pause_is_one_thing_to_undo(window: Window) -> None:
    await window.open("typed")
    await window.choose("first")
    text = window.field("Text")
    await text.fill("Bread")
    await expect(window.step("first")).to_contain_text("Bread")
    await text.press_sequentially(" and butter", delay=5)
    await expect(window.step("first")).to_contain_text("Bread and butter")
    await window.undo.click()
    await expect(text).to_have_value("Hello")
    await expect(window.undo).to_be_disabled()
    await window.redo.click()
    await expect(text).to_have_value("Bread and butter")
