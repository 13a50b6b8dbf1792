"""Without a mouse: a flow of five steps is drawn, wired, run, seen to fail, mended, and run to its end."""

from __future__ import annotations

from itertools import pairwise

import pytest
from playwright.async_api import Locator, expect

from tests.e2e.driving import Window, still

pytestmark = pytest.mark.asyncio(loop_scope="module")


def setting(window: Window, label: str) -> Locator:
    settings = window.page.get_by_role("dialog").get_by_role("region", name="Settings")
    return settings.get_by_label(label, exact=True)


async def add(window: Window, words: str, path: str, first: str, text: str) -> None:
    """Add a step with N; it has the keyboard then, so that Enter opens it. Type its settings, and close it."""
    await window.press("n")
    await window.page.keyboard.type(words)
    await window.press("Enter")
    await expect(window.step(path)).to_be_focused()
    await fill(window, first, text)
    await expect(window.step(path)).to_be_focused()


async def fill(window: Window, label: str, text: str) -> None:
    """Open the step that has the keyboard, go to a setting with Tab, and type what it is to be."""
    await window.press("Enter")
    field = setting(window, label)
    await expect(field).to_be_visible()
    for _ in range(20):
        if await field.evaluate("field => field === document.activeElement || field.contains(document.activeElement)"):
            break
        await window.press("Tab")
    await window.press("Control+a")
    await window.page.keyboard.type(text)
    await window.press("Escape")
    await expect(window.page.get_by_role("dialog")).to_have_count(0)


async def wire(window: Window, count: int) -> None:
    """Draw a wire from the step that has the keyboard: W, the output, and the nearest input that takes it."""
    await window.press("w")
    await window.press("Enter")
    await window.press("Enter")
    await expect(window.wires()).to_have_count(count)


async def test_five_steps_are_built_run_and_mended_by_keys_alone(window: Window) -> None:
    page = window.page
    await page.goto(window.studio.base)
    await expect(page.get_by_role("button", name="New flow").first).to_be_visible()
    await window.press("n")
    await window.canvas.wait_for()
    await expect(page.get_by_role("button", name="Run", exact=True)).to_be_visible()
    await expect(page.get_by_role("link", name="Details")).to_have_count(0)

    await add(window, "value", "value", "Value", "12")
    await add(window, "compose", "compose_text", "Text", "Each gets {{ value.value / 4 }}")
    await add(window, "compose", "compose_text_2", "Text", "{{ compose_text.value }}.")
    await add(window, "write file", "write_file", "Path", "shares.txt")
    await fill(window, "Text", "{{ compose_text_2.value }}")
    await add(window, "read file", "read_file", "Path", "shares.txt")
    await expect(window.wires()).to_have_count(3)
    await window.press("ArrowLeft")
    await expect(window.step("write_file")).to_be_focused()
    await wire(window, 4)
    await expect(page.get_by_role("img", name="Edge from write_file to read_file")).to_have_count(1)
    boxes = [await still(step) for step in await window.steps().all()]
    sides = sorted((box["x"], box["x"] + box["width"]) for box in boxes)
    assert all(before[1] < after[0] for before, after in pairwise(sides)), "Steps are added beside each other."

    await window.run()
    await window.ends("Failed")
    await expect(window.run_bar).to_contain_text("needs two numbers")
    await window.press("Home")
    await expect(window.step("value")).to_be_focused()
    await window.press("ArrowRight")
    await expect(window.step("compose_text")).to_be_focused()
    await expect(window.step("compose_text")).to_contain_text("needs two numbers")
    await fill(window, "Text", "Each gets {{ (value.value | float) / 4 }}")
    await window.run()
    await window.ends("Done")
    assert (window.studio.home / "files" / "shares.txt").read_text() in ("Each gets 3.", "Each gets 3.0.")
