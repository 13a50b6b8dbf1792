"""What a step does when it fails, what a flow may use, and data that is pinned or written by hand."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from flows.model import Limits
from tests.e2e.driving import Studio, Window

pytestmark = pytest.mark.asyncio(loop_scope="module")
FLOWS = ("shop",)


async def test_when_a_step_fails_it_is_tried_again_and_gives_what_was_written_for_it(
    window: Window, studio: Studio
) -> None:
    page = window.page
    await window.open("shop")
    await window.choose("dear")
    await window.side.get_by_text("When it fails", exact=True).click()
    await window.field("Then").click()
    await page.get_by_role("option", name="Go on with a value").click()
    kept = window.field("Kept")
    await kept.fill('[{"name": "No mug"')
    await expect(window.problem("Kept")).to_contain_text("a comma or a closing bracket is missing here")
    await kept.fill('[{"name": "No mug", "price": 0}]')
    await expect(window.problem("Kept")).to_be_hidden()
    await window.field("Try again, times").fill("2")
    await expect(window.side.get_by_text("It is tried again after about 1 s, then 2 s.")).to_be_visible()
    await window.side.get_by_role("checkbox", name="Anything else").click()
    await window.field("Stop it after").fill("2")
    await window.field("Stop it after: unit").click()
    await page.get_by_role("option", name="minutes").click()
    await studio.keeps("shop", lambda flow: flow.steps["dear"].timeout == 120)
    await page.reload()
    await window.choose("dear")
    await window.side.get_by_text("When it fails", exact=True).click()
    await expect(window.field("Kept")).to_have_value('[\n  {\n    "name": "No mug",\n    "price": 0\n  }\n]')
    await expect(window.field("Try again, times")).to_have_value("2")
    await expect(window.side.get_by_role("checkbox", name="Anything else")).not_to_be_checked()
    await expect(window.side.get_by_role("checkbox", name="It took too long")).to_be_checked()
    await expect(window.field("Stop it after")).to_have_value("2")


async def test_a_flow_keeps_its_limits_and_undo_names_them(window: Window, studio: Studio) -> None:
    await window.open("shop")
    await window.side.get_by_text("What it may use", exact=True).click()
    await window.field("Money").fill("2.5")
    await window.field("Tokens a day").fill("1000000")
    await window.side.get_by_text("Several runs at once", exact=True).click()
    await window.field("Runs at once").fill("1")
    await studio.keeps("shop", lambda flow: flow.limits == Limits(money=2.5, tokens_a_day=1_000_000, at_once=1))
    await window.undo.hover()
    await expect(window.page.get_by_text("Undo: change what the flow may use")).to_be_visible()
    await window.page.reload()
    await window.side.get_by_text("What it may use", exact=True).click()
    await expect(window.field("Money")).to_have_value("2.5")
    await expect(window.field("Tokens a day")).to_have_value("1000000")
    await expect(window.field("Steps")).to_have_value("")
    await window.side.get_by_text("Several runs at once", exact=True).click()
    await expect(window.field("Runs at once")).to_have_value("1")


async def test_what_a_step_gave_is_pinned_changed_by_hand_and_run_again(window: Window) -> None:
    page, form = window.page, window.page.get_by_role("dialog")
    kept = form.get_by_label("Kept", exact=True)
    await window.open("shop")
    await window.choose("dear")
    await window.press("p")
    await expect(page.get_by_text("There is nothing to pin yet.")).to_be_visible()
    await window.run()
    await window.ends("Done")
    await window.press("p")
    await expect(page.get_by_role("button", name="Unpin it: let it run")).to_be_visible()

    await window.press("e")
    await kept.fill('[{"name": "Paper mug", "price": 1, "stock": "few"')
    await form.get_by_role("button", name="Save").click()
    await expect(form.get_by_role("alert").filter(visible=True)).to_contain_text("bracket is missing")
    await window.press("Escape")
    await expect(form.get_by_label("Kept", exact=True)).to_have_value(
        '[{"name": "Paper mug", "price": 1, "stock": "few"'
    )
    await kept.fill('[{"name": "Paper mug", "price": 1, "stock": 3}]')
    await form.get_by_role("button", name="Save").click()
    await expect(form).to_have_count(0)

    await window.run()
    await window.ends("Done")
    await window.choose("line", "Result")
    await expect(window.result.get_by_text("Paper mug costs 1", exact=True)).to_be_visible()
    await window.choose("dear")
    await window.result.get_by_role("button", name="Unpin").click()
    await expect(window.result.get_by_text("This step is not run.")).to_be_hidden()
    await window.run()
    await window.ends("Done")
    await window.choose("line")
    await expect(window.result.get_by_text("Moon mug costs 24.5", exact=True)).to_be_visible()
