"""The flow as a list: walked, changed, run and answered by keys alone, and on a screen as small as a phone's."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Locator, expect

from tests.e2e.driving import Window

pytestmark = pytest.mark.asyncio(loop_scope="module")

FLOWS = ("rounds", "approvals", "nested")


def tree(window: Window) -> Locator:
    return window.page.get_by_role("tree", name="Steps")


def line(window: Window, path: str) -> Locator:
    return window.page.locator(f'[data-line="{path}"]')


async def as_list(window: Window, flow: str) -> None:
    await window.open(flow)
    await window.canvas.focus()
    await window.press("o")
    await expect(tree(window)).to_be_visible()


async def test_the_list_is_walked_folded_and_left_by_keys(window: Window) -> None:
    await as_list(window, "nested")
    await expect(window.page.locator("[data-line]:focus")).to_have_count(1)
    await window.press("Home")
    await expect(line(window, "orders")).to_be_focused()
    await window.press("ArrowDown")
    await expect(line(window, "order")).to_be_focused()
    await expect(line(window, "order")).to_have_attribute("aria-expanded", "true")
    await window.press("ArrowRight")
    await expect(line(window, "order/lines")).to_be_focused()
    await expect(line(window, "order/lines")).to_have_attribute("aria-level", "2")
    await window.press("ArrowDown")
    await expect(line(window, "order/line")).to_be_focused()
    await expect(window.side.get_by_label("Name of the step")).to_be_visible()
    await window.press("ArrowLeft")
    await expect(line(window, "order/line")).to_have_attribute("aria-expanded", "false")
    await expect(line(window, "order/line/sum")).to_have_count(0)
    await window.press("ArrowLeft")
    await expect(line(window, "order")).to_be_focused()
    await window.press("o")
    await expect(tree(window)).to_have_count(0)
    await expect(window.step("order")).to_have_class(re.compile(r"\bis-selected\b"))


async def test_a_run_is_seen_in_the_list_with_what_failed_and_why(window: Window) -> None:
    await as_list(window, "rounds")
    await window.run()
    await window.ends("Done")
    await expect(line(window, "each")).to_contain_text("1 of 4 rounds failed")
    await expect(line(window, "each/share")).to_contain_text("failed")
    await expect(line(window, "each/line")).to_have_attribute("aria-label", re.compile("done"))


async def test_steps_are_added_wired_renamed_and_deleted_in_the_list(window: Window) -> None:
    await window.new()
    await expect(window.page.get_by_role("button", name="Run", exact=True)).to_be_visible()
    await window.canvas.focus()
    await window.press("o")
    await expect(window.page.locator("[data-line]")).to_be_focused()
    await window.press("Enter")
    await window.page.keyboard.type("compose")
    await window.press("Enter")
    await expect(window.page.locator("[data-line]")).to_have_count(2)
    first = await window.page.locator("[data-line]").first.get_attribute("data-line")
    assert first
    await expect(line(window, first)).to_be_focused()
    await window.press("n")
    await window.page.keyboard.type("wait")
    await window.press("Enter")
    await expect(window.page.locator("[data-line]")).to_have_count(3)
    await expect(window.wires()).to_have_count(1)

    await line(window, first).focus()
    await window.press("w")
    wires = window.page.get_by_role("group", name=re.compile("^Wires of"))
    await expect(wires.get_by_label("Pass on")).to_be_focused()
    await wires.get_by_role("button", name=re.compile("^Remove the wire")).press("Enter")
    await expect(window.wires()).to_have_count(0)
    await wires.get_by_label("To which step").select_option(index=1)
    await wires.get_by_role("button", name="Connect").press("Enter")
    await expect(window.wires()).to_have_count(1)
    await window.press("Escape")
    await expect(line(window, first)).to_be_focused()
    await window.press("Delete")
    await expect(window.page.locator("[data-line]")).to_have_count(2)


async def test_on_a_phone_the_list_comes_first_and_a_question_is_answered_there(window: Window) -> None:
    await window.page.set_viewport_size({"width": 390, "height": 844})
    await window.page.goto(f"{window.studio.base}/flow/{window.studio.ids['approvals']}")
    await expect(tree(window)).to_be_visible()
    assert await window.page.evaluate("document.documentElement.scrollWidth") <= 390
    await window.page.get_by_role("button", name="Run", exact=True).click()
    for number in (1, 2):
        question = window.page.get_by_role("alertdialog", name=f"Take {number}?")
        await question.get_by_role("button", name="Approve").click()
        await expect(question).to_have_count(0)
    await expect(line(window, "each")).to_contain_text("done")
    await window.page.get_by_role("button", name="Settings", exact=True).click()
    await expect(window.side).to_be_visible()
    await window.page.get_by_role("button", name="Settings", exact=True).click()
    await expect(window.side).to_be_hidden()
