"""The rounds of a loop: each has a mark, and choosing one shows its steps and their data as they were in it."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Locator, expect

from tests.e2e.driving import Window, still

pytestmark = pytest.mark.asyncio(loop_scope="module")
FLOWS = ("rounds", "nested", "approvals", "deep")


def strip_of(window: Window, container: str) -> Locator:
    return window.step(container).get_by_role("slider")


async def choose(window: Window, container: str, round: int) -> None:
    """Click the mark of a round, as people count."""
    strip = strip_of(window, container)
    count = int(await strip.get_attribute("aria-valuemax") or 0)
    box = await still(strip)
    await strip.click(position={"x": box["width"] * (round - 0.5) / count, "y": box["height"] / 2})
    await expect(strip).to_have_attribute("aria-valuetext", re.compile(f"^Round {round} of {count}"))


async def ran(window: Window, flow: str) -> None:
    await window.open(flow)
    await window.run()
    await window.ends("Done")


async def test_a_chosen_round_shows_its_steps_and_their_data(window: Window) -> None:
    await ran(window, "rounds")
    await expect(window.step("each").locator(".rounds")).to_have_text("4 / 4 1 failed")
    await window.lit("each/share", "failed")
    await window.choose("each/line", "Result")
    await expect(window.result.get_by_text("Round 4 of 4")).to_be_visible()
    await choose(window, "each", 1)
    await window.lit("each/share", "done")
    await expect(window.result.get_by_text("Each gets 6")).to_be_visible()
    await choose(window, "each", 3)
    await window.lit("each/share", "failed")
    await window.lit("each/line", "skipped")
    await expect(window.result.get_by_text("Round 3 of 4")).to_be_visible()
    await expect(window.result.get_by_text("“Share” did not finish.")).to_be_visible()
    await window.page.get_by_role("button", name="Back to the newest round").click()
    await window.lit("each/line", "done")
    await expect(window.result.get_by_text("The newest")).to_be_visible()


async def test_rounds_are_walked_by_keys_and_beside_the_result(window: Window) -> None:
    await ran(window, "rounds")
    await window.choose("each/share", "Result")
    strip = strip_of(window, "each")
    await strip.focus()
    await window.press("ArrowUp")
    await expect(strip).to_have_attribute("aria-valuetext", "Round 3 of 4 · failed")
    await expect(window.result.get_by_text("Round 3 of 4")).to_be_visible()
    await window.press("ArrowRight")
    await expect(window.result.get_by_text("Gave: value")).to_be_visible()
    await expect(strip).to_have_attribute("aria-valuetext", "Round 4 of 4 · done")
    await window.result.get_by_role("button", name="The round before").click()
    await expect(strip).to_have_attribute("aria-valuetext", "Round 3 of 4 · failed")
    await window.choose("each/line")
    await window.press("[")
    await expect(strip).to_have_attribute("aria-valuetext", "Round 2 of 4 · done")
    await expect(window.result.get_by_text("Each gets 3")).to_be_visible()


async def test_who_goes_quickly_through_the_rounds_misses_none(window: Window) -> None:
    await ran(window, "rounds")
    await window.choose("each/share", "Result")
    before = window.result.get_by_role("button", name="The round before")
    await before.click()
    await before.click(force=True)
    await before.click(force=True)
    await expect(strip_of(window, "each")).to_have_attribute("aria-valuetext", "Round 1 of 4 · done")


async def test_a_preview_is_of_the_round_that_is_looked_at(window: Window) -> None:
    await ran(window, "rounds")
    await window.choose("each/line", "Settings")
    await choose(window, "each", 2)
    await expect(window.side.get_by_text("text · Each gets 3")).to_be_visible()


async def test_inner_rounds_are_those_of_the_outer_round_that_is_looked_at(window: Window) -> None:
    await ran(window, "nested")
    await window.choose("order/line/sum", "Result")
    await expect(window.result.get_by_text("In round 3 of 3 of “For each order”")).to_be_visible()
    await choose(window, "order", 2)
    await expect(window.result.get_by_text("In round 2 of 3 of “For each order”")).to_be_visible()
    await choose(window, "order/line", 1)
    await expect(window.step("order/line").locator(".strip-words")).to_contain_text("in round 2 of 3")
    await expect(window.result.get_by_text("1 at index 0")).to_be_visible()
    await choose(window, "order/line", 2)
    await expect(window.result.get_by_text("2 at index 1")).to_be_visible()
    await window.choose("order/total", "Result")
    await expect(window.result.get_by_text("Order of 20: 1 at index 0, 2 at index 1")).to_be_visible()
    await choose(window, "order", 1)
    await expect(window.step("order/line").locator(".strip-words")).to_have_count(0)
    await expect(window.result.get_by_text("Order of 10")).to_be_visible()


async def test_a_chosen_round_that_goes_on_is_followed(window: Window) -> None:
    await window.open("approvals")
    await window.run()
    strip = strip_of(window, "each")
    await expect(strip).to_have_attribute("aria-valuemax", "2")
    await choose(window, "each", 1)
    await window.choose("each/line", "Result")
    await window.lit("each/ask", "asked")
    for number in (2, 1):
        await expect(strip).to_have_attribute("aria-valuetext", "Round 1 of 2 · waits for your answer")
        question = window.page.get_by_role("alertdialog", name=f"Take {number}?")
        await question.get_by_role("button", name="Approve").click()
        await expect(question).to_have_count(0)
    await expect(strip).to_have_attribute("aria-valuetext", "Round 1 of 2 · done")
    await window.lit("each/ask", "done")
    await expect(window.result.get_by_text("Took 1")).to_be_visible()
    await window.ends("Done")


async def test_the_page_of_a_run_leads_to_the_round_that_failed(window: Window) -> None:
    await ran(window, "rounds")
    await window.run_bar.get_by_role("link", name="Details").click()
    await window.side.get_by_role("button", name="Share").click()
    await expect(strip_of(window, "each")).to_have_attribute("aria-valuetext", "Round 3 of 4 · failed")
    await expect(window.side.get_by_text("Round 3 of 4")).to_be_visible()
    await expect(window.side.get_by_text("Text: This divides by zero.")).to_be_visible()


async def test_the_rounds_that_went_well_are_taken_over_when_the_failed_ones_are_played_again(window: Window) -> None:
    await ran(window, "rounds")
    await window.run_bar.get_by_role("link", name="Details").click()
    await window.choose("each")
    await expect(window.side.get_by_text("1 of its 4 rounds failed.")).to_be_visible()
    first = window.page.url
    await window.side.get_by_role("button", name="Retry the failed round").click()
    await expect(window.page).not_to_have_url(first)
    await expect(window.step("each").locator(".rounds")).to_have_text("4 / 4 1 failed")
    await choose(window, "each", 1)
    await expect(window.step("each/line").locator(".figures")).to_have_text("reused")
    await choose(window, "each", 3)
    await window.lit("each/share", "failed")


async def test_failed_rounds_are_played_again_with_the_flow_as_it_is_now(window: Window) -> None:
    await ran(window, "rounds")
    await window.choose("each/share", "Settings")
    await window.field("Text").fill("{{ 6 / (item or 2) }}")
    await window.step("each").get_by_role("button", name="Retry the failed round").click()
    await expect(window.step("each").locator(".rounds")).to_have_text("4 / 4")
    await window.ends("Done")
    await window.lit("each/share", "done")
    await window.choose("each/line", "Result")
    await choose(window, "each", 3)
    await expect(window.result.get_by_text("Each gets 3")).to_be_visible()


async def test_a_loop_that_failed_does_not_hide_the_steps_inside_it(window: Window) -> None:
    await window.open("rounds")
    await window.choose("each/share", "Settings")
    await window.field("Text").fill("{{ 6 / item }}")
    await window.choose("each", "Settings")
    await window.field("On item error").click()
    await window.page.get_by_role("option", name="Stop", exact=True).click()
    await window.run()
    await window.ends("Failed")
    await window.lit("each", "failed")
    inside = window.step("each/line")
    around = window.page.locator('.react-flow__node[data-id="each"]')
    heights = [int(await each.evaluate("e => getComputedStyle(e).zIndex")) for each in (around, inside.locator(".."))]
    assert heights[0] < heights[1]


async def test_a_failure_in_another_round_of_an_outer_loop_is_one_click_away(window: Window) -> None:
    await ran(window, "deep")
    await window.choose("order/line/share", "Result")
    await expect(window.result.get_by_text("In round 3 of 3 of “For each order”")).to_be_visible()
    await expect(window.result.get_by_text("2 of all 6 rounds failed.")).to_be_visible()
    await window.result.get_by_role("button", name="Show").click()
    await expect(window.result.get_by_text("In round 2 of 3 of “For each order”")).to_be_visible()
    await expect(window.result.get_by_text("Failed", exact=True)).to_be_visible()
    await expect(strip_of(window, "order")).to_have_attribute("aria-valuetext", re.compile("^Round 2 of 3"))
    await window.choose("order/line")
    await expect(window.result.get_by_role("button", name="Retry 2 failed rounds")).to_be_visible()
