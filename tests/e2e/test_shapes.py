"""Notes and frames, by mouse and by keys."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Locator, expect

from tests.e2e.driving import Window, middle, still

pytestmark = pytest.mark.asyncio(loop_scope="module")
FLOWS = ("shapes",)


def frame(window: Window) -> Locator:
    return window.page.locator(".frame")


def fold(window: Window) -> Locator:
    return window.page.locator(".fold")


async def drawn(window: Window) -> None:
    """Open the flow, without what the story before has drawn."""
    await window.open("shapes")
    await window.step("mug").wait_for()
    shapes = window.page.locator("[data-shape]")
    while await shapes.count():
        left = await shapes.count()
        await shapes.first.click(position={"x": 12, "y": 12})
        await window.press("Delete")
        await expect(shapes).to_have_count(left - 1)
    await window.press("1")


async def grouped(window: Window, title: str) -> None:
    """A frame around two steps."""
    await window.choose("price")
    await window.step("loud").locator(".step-words").click(modifiers=["Shift"])
    await window.press("Control+g")
    await expect(window.page.get_by_role("textbox", name="Name of the frame")).to_be_focused()
    await window.page.keyboard.type(title)
    await window.press("Enter")
    await expect(frame(window).locator(".frame-title")).to_have_text(title)


async def take(window: Window, at: Locator, to: tuple[float, float]) -> None:
    """Take something and let it go elsewhere in the window."""
    x, y = await middle(at)
    await window.page.mouse.move(x, y)
    await window.page.mouse.down()
    await window.page.mouse.move((x + to[0]) / 2, (y + to[1]) / 2, steps=4)
    await window.page.mouse.move(*to, steps=4)
    await window.page.mouse.up()


async def test_a_note_is_written_in_markdown_and_nothing_in_it_is_more_than_text(window: Window) -> None:
    await drawn(window)
    await window.pane.hover(position={"x": 300, "y": 500})
    await window.press("Shift+N")
    field = window.page.get_by_role("textbox", name="Text of the note, in Markdown")
    await expect(field).to_be_focused()
    written = "# Why\n\n**So** it is, see [here](https://a.example) or [there](javascript:alert(1)).\n\n"
    await field.fill(f"{written}<img src=x onerror=alert(1)> ![a mug](https://a.example/mug.png)")
    await window.press("Escape")
    note = window.page.get_by_role("note")
    await expect(note.get_by_role("heading", name="Why")).to_be_visible()
    await expect(note.locator("strong")).to_have_text("So")
    await expect(note.get_by_role("link")).to_have_text(["here", "a mug"])
    await expect(note.locator("img, script")).to_have_count(0)
    await expect(note).to_contain_text("<img src=x onerror=alert(1)>")
    await window.page.get_by_role("button", name="Pink").click()
    await expect(note).to_have_attribute("style", re.compile("weft-pink"))
    await window.page.reload()
    await expect(note.get_by_role("heading", name="Why")).to_be_visible()


async def test_a_note_is_moved_made_larger_and_deleted_and_each_can_be_undone(window: Window) -> None:
    await drawn(window)
    await window.pane.hover(position={"x": 200, "y": 450})
    await window.press("Shift+N")
    await window.page.keyboard.type("Look here")
    await window.press("Escape")
    note = window.page.get_by_role("note")
    await note.wait_for()
    before = await still(note)
    await take(window, note, (before["x"] + before["width"] / 2 + 120, before["y"] + before["height"] / 2 + 40))
    right = "([note, left]) => note.getBoundingClientRect().left > left"
    await window.page.wait_for_function(right, arg=[await note.element_handle(), before["x"] + 80])
    moved = await still(note)
    grip = window.page.locator(".react-flow__node-note .box-grip")
    await take(window, grip, (moved["x"] + moved["width"] + 100, moved["y"] + moved["height"] + 60))
    wide = "([note, width]) => note.getBoundingClientRect().width > width"
    await window.page.wait_for_function(wide, arg=[await note.element_handle(), moved["width"] + 60])
    await note.click()
    await window.press("Delete")
    await expect(note).to_have_count(0)
    await window.press("Control+z")
    await expect(note).to_have_text("Look here")


async def test_a_frame_takes_its_steps_along_and_a_step_that_is_dropped_in_joins_it(window: Window) -> None:
    await drawn(window)
    await grouped(window, "Say it")
    await expect(frame(window).locator(".frame-count")).to_have_text("2 steps")
    before, head = await still(window.step("price")), await middle(frame(window).locator(".frame-title"))
    await take(window, frame(window).locator(".frame-title"), (head[0] + 16, head[1] + 120))
    below = "([step, top]) => step.getBoundingClientRect().top > top"
    await window.page.wait_for_function(below, arg=[await window.step("price").element_handle(), before["y"] + 80])
    box = await still(frame(window))
    await take(
        window,
        window.step("last").locator(".step-words"),
        (box["x"] + box["width"] - 30, box["y"] + box["height"] - 10),
    )
    await expect(frame(window).locator(".frame-count")).to_have_text("3 steps")
    last = await middle(window.step("last").locator(".step-words"))
    await take(window, window.step("last").locator(".step-words"), (last[0], last[1] - 300))
    await expect(frame(window).locator(".frame-count")).to_have_text("2 steps")
    await window.press("Control+z")
    await expect(frame(window).locator(".frame-count")).to_have_text("3 steps")


async def test_a_collapsed_frame_shows_how_its_steps_stand_and_the_wires_over_its_edge(window: Window) -> None:
    await drawn(window)
    await grouped(window, "Say it")
    await window.press("c")
    await expect(fold(window)).to_contain_text("2 steps")
    await expect(window.step("price")).to_have_count(0)
    # From before, to behind, and two references; the wire between the two is inside.
    await expect(window.page.locator(".react-flow__edge .wire:not(.is-faint)")).to_have_count(2)
    await window.run()
    await window.ends("Done")
    await expect(fold(window).locator(".fold-status")).to_contain_text("Done")
    await fold(window).get_by_role("button", name="Expand").click()
    await expect(window.step("price")).to_be_visible()
    await expect(fold(window)).to_have_count(0)
    await expect(frame(window).locator(".frame-title")).to_have_text("Say it")


async def test_a_frame_goes_and_its_steps_stay(window: Window) -> None:
    await drawn(window)
    await grouped(window, "Say it")
    await frame(window).locator(".frame-title").click(button="right")
    await window.page.get_by_role("menuitem", name="Take the frame away, its steps stay").click()
    await expect(frame(window)).to_have_count(0)
    await expect(window.steps()).to_have_count(4)
