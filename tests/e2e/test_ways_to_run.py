"""A flow is rehearsed, debugged, run in parts, mended and gone on with."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.e2e.driving import Studio, Window

pytestmark = pytest.mark.asyncio(loop_scope="module")
FLOWS = ("prices",)


async def test_the_menu_beside_run_says_why_a_way_cannot_be_taken(window: Window) -> None:
    await window.open("prices")
    more = window.page.get_by_role("button", name="Other ways to run", exact=True)
    await more.click()
    entry = window.page.get_by_role("menuitem").filter(has_text="Run to here")
    await expect(entry).to_contain_text("Choose one step on the canvas first.")
    await window.press("Escape")
    await expect(entry).to_have_count(0)
    await window.choose("line")
    await more.click()
    await expect(entry).to_contain_text("This step and what it needs")


async def test_a_rehearsal_writes_nothing_and_lists_what_would_have_happened(window: Window, studio: Studio) -> None:
    page, report = window.page, window.page.get_by_role("dialog")
    await window.open("prices")
    await window.choose("mugs")
    await pin_the_mugs(window)
    await window.press("Control+Shift+Enter")
    await expect(report.get_by_text("One thing would have happened, and did not.")).to_be_visible(timeout=40_000)
    await report.get_by_text("With exactly this").click()
    await expect(report.get_by_text("Moon mug costs 24.5", exact=True)).to_be_visible()
    assert not (studio.home / "files" / "out.txt").exists()
    await report.get_by_role("button", name="Close").click()
    await expect(window.run_bar.get_by_text("Rehearsal")).to_be_visible()
    await window.lit("save", "rehearsed")
    await window.run_bar.get_by_role("link", name="Details").click()
    await expect(page.get_by_role("complementary").get_by_text("One thing would have happened")).to_be_visible()
    await page.goto(f"{studio.base}/runs")
    await expect(page.get_by_role("row").filter(has_text="as a rehearsal").first).to_be_visible()

    await window.open("prices")
    await window.run_bar.get_by_role("button", name="Report").click()
    await report.get_by_role("button", name="Run for real").click()
    await window.lit("save", "done")
    assert (studio.home / "files" / "out.txt").read_text() == "Moon mug costs 24.5"


async def test_the_debugger_stops_shows_and_changes_what_a_step_is_given(window: Window, studio: Studio) -> None:
    page, bar = window.page, window.page.get_by_role("alertdialog")
    await window.open("prices")
    await window.choose("dear")
    await window.press("F9")
    await window.page.reload()
    await window.choose("dear")
    await expect(page.get_by_role("button", name="Take the breakpoint away")).to_be_visible()
    await window.press("g")
    await expect(bar).to_contain_text("Stopped before “Dear ones”", timeout=40_000)
    await window.lit("dear", "paused")
    await bar.get_by_text("Look at what it is given").click()
    await bar.get_by_label("Comparison").fill("is about")
    await window.press("F8")
    await expect(bar).to_contain_text("Nothing was changed.")
    await expect(bar.get_by_label("Comparison")).to_have_value("is about")
    await bar.get_by_label("Comparison").fill("is less than")
    await window.press("F10")
    await expect(bar).to_contain_text("Stopped before “Line”")
    await window.lit("dear", "done")
    # A breakpoint that is set now counts at once.
    await window.choose("after")
    await window.press("F9")
    await bar.get_by_role("button", name="Continue").click()
    await expect(bar).to_contain_text("Stopped before “After”")
    await window.press("F9")
    await window.press("F8")
    await window.ends("Done")
    await window.choose("line", "Result")
    await expect(window.result.get_by_text("Plum cup costs 14", exact=True).first).to_be_visible()

    await window.choose("dear")
    await window.press("F9")
    await window.press("Shift+g")
    await expect(bar).to_contain_text("Stopped before “Save”", timeout=40_000)
    await bar.get_by_role("button", name="Stop here").click()
    await window.ends("Stopped")


async def test_after_an_edit_only_what_is_out_of_date_runs_again(window: Window) -> None:
    await window.open("prices")
    await window.run()
    await expect(window.run_bar.get_by_text(re.compile(r"\d (ms|s)\b"))).to_be_visible()
    await window.ends("Done")
    await window.choose("line", "Settings")
    await window.field("Text").fill("Only {{ dear.kept[0].name }}")
    for path in ("line", "save", "after"):
        await expect(window.step(path)).to_have_class(re.compile(r"\bis-stale\b"))
    await expect(window.step("dear")).not_to_have_class(re.compile(r"\bis-stale\b"))
    await window.pane.click(position={"x": 20, "y": 20})
    await window.press("s")
    await expect(window.step("dear")).to_contain_text("reused")
    await window.ends("Done")
    await expect(window.step("line")).not_to_have_class(re.compile(r"\bis-stale\b"))
    await window.press("s")
    await expect(window.page.get_by_text("Nothing is out of date")).to_be_visible()

    await window.choose("line")
    await window.press("r")
    await expect(window.step("save")).to_have_class(re.compile(r"\bis-skipped\b"))
    await window.ends("Done")


async def test_a_failed_run_goes_on_with_the_mended_flow_and_says_what_that_means(
    window: Window, studio: Studio
) -> None:
    page, form = window.page, window.page.get_by_role("dialog")
    await window.open("prices")
    await window.choose("line", "Settings")
    await window.field("Text").fill("{{ dear.kept[5].name }}")
    await expect(window.step("line")).to_contain_text("kept[5]")
    await window.run()
    await window.ends("Failed")
    await window.field("Text").fill("Again {{ dear.kept[0].name }}")
    await page.get_by_role("button", name="Continue with the changes").click()
    await expect(form).to_contain_text("2 steps are taken over, 3 will run.")
    await form.get_by_role("button", name="Continue").click()
    await window.ends("Done")
    assert (studio.home / "files" / "out.txt").read_text() == "Again Moon mug"

    await window.run_bar.get_by_role("link", name="Details").click()
    await window.choose("line")
    await page.get_by_role("button", name="Edit its data").click()
    await form.get_by_label("Value").fill("By hand")
    await form.get_by_role("button", name="Continue with this data").click()
    asked = form.filter(has_text="ran already and will run again")
    await asked.get_by_role("button", name="Continue", exact=True).click()
    await expect(page.get_by_role("link", name="An earlier run")).to_be_visible()
    await window.lit("save", "done")
    assert (studio.home / "files" / "out.txt").read_text() == "By hand"


async def pin_the_mugs(window: Window) -> None:
    """Python counts as something that writes, so a rehearsal would stop at it."""
    await window.press("e")
    form = window.page.get_by_role("dialog")
    await form.get_by_label("Value").fill(
        '[{"name": "Moon mug", "price": 24.5}, {"name": "Plum cup", "price": 14}]',
    )
    await form.get_by_role("button", name="Pin this").click()
    await expect(form).to_have_count(0)
