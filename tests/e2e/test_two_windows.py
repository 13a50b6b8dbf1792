"""Two windows on one flow: each sees what the other does, and what a window missed or could not say is not lost."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from random import Random
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from tests.e2e.driving import Studio, Window

FLOWS = ("prices", "wires", "boxed", "cards")

pytestmark = pytest.mark.asyncio(loop_scope="module")

CUT = """seconds => {
  const { io } = window.socket;
  io.reconnectionDelay(seconds * 1000); io.reconnectionDelayMax(seconds * 1000); io.randomizationFactor(0);
  io.engine.close();
}"""
"""The window loses its socket, and gets one again after a while."""

SEEN = """() => [...document.querySelectorAll('[data-path]')].map(each => [
  each.dataset.path, each.closest('.react-flow__node').style.transform,
  each.classList.contains('is-disabled'), each.querySelector('.step-title').textContent,
]).sort()"""


@pytest_asyncio.fixture(loop_scope="module")
async def other(studio: Studio) -> AsyncIterator[Window]:
    opened = Window(await studio.context.new_page(), studio)
    yield opened
    await opened.page.close()
    assert opened.troubles == []


def chips(window: Window) -> Locator:
    return window.page.get_by_role("group", name="Other windows").get_by_role("img")


async def test_a_window_shows_who_else_is_here_what_they_selected_and_where_they_point(
    window: Window, other: Window
) -> None:
    await window.open("prices")
    await expect(chips(window)).to_have_count(0)
    await other.open("prices")
    await expect(chips(window)).to_have_text(["2"])
    await expect(chips(other)).to_have_text(["1"])
    await other.choose("dear")
    outline = window.page.locator(".weft-other-box")
    await expect(outline).to_have_text("Window 2")
    box, step = await outline.bounding_box(), await window.step("dear").bounding_box()
    assert box is not None
    assert step is not None
    assert 0 < step["x"] - box["x"] < 8
    await other.page.mouse.move(600, 300)
    await other.page.mouse.move(640, 320, steps=4)
    await expect(window.page.locator(".weft-other-pointer")).to_be_visible()
    # A pointer that rests is in nobody's way.
    await expect(window.page.locator(".weft-other-pointer")).to_have_count(0)
    await other.page.goto(other.studio.base)
    await expect(chips(window)).to_have_count(0)
    await expect(outline).to_have_count(0)


async def test_a_breakpoint_set_in_one_window_is_there_in_the_other_and_follows_an_undone_name(
    window: Window, other: Window
) -> None:
    await window.open("wires")
    await other.open("wires")
    path = await window.steps().first.get_attribute("data-path") or ""
    await window.choose(path)
    await window.press("F9")
    await expect(other.step(path).locator(".step-break")).to_be_visible()
    await other.choose(path)
    await expect(other.side.get_by_role("button", name="Take the breakpoint away")).to_be_visible()
    await other.press("F9")
    await expect(window.step(path).locator(".step-break")).to_have_count(0)


async def test_what_one_window_did_the_other_can_undo_and_both_are_told(window: Window, other: Window) -> None:
    await window.open("wires")
    await other.open("wires")
    path = await window.steps().first.get_attribute("data-path") or ""
    await window.choose(path)
    await window.press("d")
    await expect(other.step(path)).to_have_class(re.compile(r"\bis-disabled\b"))
    await other.undo.hover()
    await expect(other.page.get_by_role("tooltip")).to_have_text(re.compile("^Undo in another window: switch .* off"))
    await other.undo.click()
    await expect(window.step(path)).not_to_have_class(re.compile(r"\bis-disabled\b"))
    await expect(window.page.get_by_text(re.compile("^Undone in another window: switch .* off$"))).to_be_visible()
    # The page is loaded anew, and the past is still there.
    await window.page.reload()
    await expect(window.redo).to_be_enabled()
    await window.redo.hover()
    await expect(window.page.get_by_role("tooltip")).to_have_text(re.compile("^Redo: switch .* off"))
    await window.redo.click()
    await expect(other.step(path)).to_have_class(re.compile(r"\bis-disabled\b"))


async def do_anything(window: Window, luck: Random) -> None:
    """One random thing that a person does with the keyboard."""
    paths: list[str] = await window.steps().evaluate_all("all => all.map(each => each.dataset.path)")
    if len(paths) < 3:
        await window.page.get_by_role("button", name="Add Compose text", exact=True).press("Enter")
        return
    # Steps come and go in the other window at any time, so nobody waits for one.
    await window.page.evaluate(
        """path => document.querySelector(`[data-path="${CSS.escape(path)}"] > .step-head`)?.click()""",
        luck.choice(paths),
    )
    await window.press(
        luck.choice(["d", "Control+ArrowRight", "Control+ArrowDown", "Control+d", "Delete", "Control+z"])
    )


async def seen(page: Page) -> Any:
    return await page.evaluate(SEEN)


async def test_two_windows_with_random_edits_end_alike_also_where_one_lost_its_socket_for_a_while(
    window: Window, other: Window, studio: Studio
) -> None:
    await window.open("cards")
    await other.open("cards")
    luck = Random(7)
    for number in range(24):
        if number == 8:
            await other.page.evaluate(CUT, 2)
        await asyncio.gather(do_anything(window, luck), do_anything(other, luck))
    await other.page.wait_for_function("window.socket.connected")
    fresh = Window(await studio.context.new_page(), studio)

    for _ in range(20):
        await fresh.open("cards")
        stored, *both = [await seen(each.page) for each in (fresh, window, other)]
        if stored and both == [stored, stored]:
            break
        await asyncio.sleep(0.3)
    assert both == [stored, stored]
    await fresh.page.close()


async def test_what_was_done_while_nobody_heard_it_is_done_after_the_reload_and_once(window: Window) -> None:
    await window.open("boxed")
    path = await window.steps().first.get_attribute("data-path") or ""
    count = await window.steps().count()
    await window.choose(path)
    await window.page.evaluate(CUT, 60)
    await window.press("Delete")
    kept = "Object.keys(sessionStorage).filter(each => each.startsWith('weft-gestures')).length"
    await window.page.wait_for_function(f"{kept} === 1")
    await window.page.reload()
    await expect(window.step(path)).to_have_count(0)
    await expect(
        window.page.get_by_text(re.compile("^Done now, as it had not arrived before: delete "))
    ).to_be_visible()
    await window.page.wait_for_function(f"{kept} === 0")
    await window.undo.click()
    await expect(window.steps()).to_have_count(count)
    await window.page.reload()
    await expect(window.steps()).to_have_count(count)
    window.troubles[:] = [each for each in window.troubles if "WebSocket" not in each]


async def test_a_run_started_right_after_a_name_was_typed_carries_that_name(window: Window, studio: Studio) -> None:
    await window.open("prices")
    name = window.page.get_by_label("Name of the flow")
    await name.fill("Prices of today")
    await name.press("Control+Enter")
    await window.ends("Done")
    await window.page.goto(f"{studio.base}/runs")
    await expect(window.page.get_by_text("Prices of today").first).to_be_visible()
