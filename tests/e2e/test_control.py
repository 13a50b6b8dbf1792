"""Ways that part and meet, and a flow inside another, as a person sees them."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.e2e.driving import Studio, Window

pytestmark = pytest.mark.asyncio(loop_scope="module")
FLOWS = ("meets",)
RUN_FLOW = "88bc072e-035e-56f2-9c30-e5b9c7fee297"


async def test_a_join_says_what_it_waits_for_and_why_it_went_on(window: Window) -> None:
    await window.open("meets")
    await window.run()
    await window.lit("meet", "waiting")
    waits = "Waits for “Ask”; “Write a text” is there."
    await expect(window.step("meet")).to_contain_text(waits)
    await window.choose("meet", "Result")
    await expect(window.result.get_by_text(waits)).to_be_visible()
    await window.page.get_by_role("alertdialog").get_by_role("button", name="Approve").click()
    await window.ends("Done")
    await expect(window.step("meet")).not_to_contain_text("Waits for")
    await expect(window.result.get_by_text("“Write a text” and “Ask” were there.")).to_be_visible()
    await window.lit("two", "done")


async def test_a_case_is_a_port_and_its_wire_follows_when_it_is_renamed(window: Window) -> None:
    await window.open("meets")
    await window.choose("sort", "Settings")
    await expect(window.port("sort.out:two")).to_have_count(1)
    await window.field("Name 1").fill("A pair")
    await expect(window.port("sort.out:a_pair")).to_have_count(1)
    await expect(window.step("sort")).to_contain_text("A pair")
    await expect(window.page.locator('[data-id=":sort.a_pair -> two"]')).to_have_count(1)
    await window.side.get_by_role("button", name="Add one").click()
    await expect(window.port("sort.out:case_2")).to_have_count(1)
    await window.saved()


async def test_a_step_that_runs_a_flow_asks_for_its_inputs_and_its_run_shows_what_is_inside(
    window: Window, studio: Studio
) -> None:
    page = window.page
    await window.open(RUN_FLOW)
    await window.choose("order", "Settings")
    pieces = window.field("Pieces")
    await expect(pieces).to_have_value("{{ inputs.guests + 1 }}")
    await pieces.fill("many")
    await expect(window.problem("Inputs")).to_contain_text("Pieces has to be a number, not “many”.")
    await pieces.fill("5")
    await expect(window.problem("Inputs")).to_be_hidden()
    await window.saved()
    await window.run()
    await page.get_by_role("dialog").get_by_role("button", name="Run").click()
    await window.ends("Done")
    await window.run_bar.get_by_role("link", name="Details").click()
    await window.lit("order/send", "done")
    await window.step("order/send").locator("> .step-head .step-words").click()
    await expect(page.get_by_role("complementary").get_by_text("Gave: body")).to_be_visible()


async def test_a_step_is_called_after_the_flow_it_runs_until_somebody_names_it(window: Window) -> None:
    page = window.page
    await window.new()
    await page.get_by_role("button", name="Add Run flow", exact=True).click()
    await expect(window.steps()).to_have_count(1)
    await window.choose("run_flow", "Settings")
    for name in ("Send data to an address", "How long until it is enough"):
        await window.field("Flow").click()
        await page.get_by_role("option", name=name).click()
        await expect(window.step("run_flow")).to_contain_text(name)
    await expect(window.field("Interest in percent")).to_be_visible()
    await window.field("Name of the step").fill("Grow")
    await expect(window.step("run_flow")).to_contain_text("Grow")
    await window.field("Flow").click()
    await page.get_by_role("option", name="Send data to an address").click()
    await expect(window.field("Pieces")).to_be_visible()
    await expect(window.step("run_flow")).to_contain_text("Grow")
