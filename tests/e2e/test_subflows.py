"""Steps turned into a flow of their own, and back by one Undo."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.e2e.driving import Window

pytestmark = pytest.mark.asyncio(loop_scope="module")
FLOWS = ("shapes",)


async def test_steps_become_a_flow_that_one_step_runs_with_the_same_result(window: Window) -> None:
    await window.open("shapes")
    await window.choose("price")
    await window.step("loud").locator(".step-words").click(modifiers=["Shift"])
    await window.press("Alt+x")
    name = window.page.get_by_label("Name of the new flow", exact=True)
    await expect(name).to_be_focused()
    await name.fill("Say the price")
    await window.press("Enter")
    await expect(window.step("say_the_price")).to_be_visible()
    await expect(window.steps()).to_have_count(3)
    await window.run()
    await window.ends("Done")
    await window.choose("last", "Result")
    await expect(window.result).to_contain_text("12 for Blue mug! (12 for Blue mug)")
    await window.canvas.focus()
    await window.press("Control+z")
    await expect(window.steps()).to_have_count(4)
    await expect(window.wires()).not_to_have_count(0)
    await expect(window.step("price")).to_be_visible()


async def test_what_cannot_be_moved_is_said_before_anything_is_asked(window: Window) -> None:
    await window.open("shapes")
    await window.choose("mug")
    await window.step("loud").locator(".step-words").click(modifiers=["Shift"])
    await window.press("Alt+x")
    refused = window.page.locator(".q-notification").filter(has_text="“Say the price” lies between the chosen steps")
    await expect(refused).to_be_visible()
    await expect(window.page.get_by_role("dialog")).to_have_count(0)
