"""The run panel below the canvas: the timeline and what one sees by it, the log, the problems, the questions."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Locator, expect

from tests.e2e.driving import Window, still

pytestmark = pytest.mark.asyncio(loop_scope="module")
FLOWS = ("lights", "rounds", "approvals", "shop")


def drawer(window: Window) -> Locator:
    return window.page.get_by_role("region", name="Run panel")


def rows(window: Window) -> Locator:
    return window.page.get_by_role("treeitem")


def moment(window: Window) -> Locator:
    return window.page.get_by_role("slider", name="Moment of the run")


async def turn_to(window: Window, tab: str) -> Locator:
    """Open the panel at a tab."""
    button = window.page.get_by_role("tab", name=re.compile(f"^{tab}"))
    await button.click()
    await expect(button).to_have_attribute("aria-selected", "true")
    return drawer(window).get_by_role("tabpanel", name=re.compile(f"^{tab}"))


async def ran(window: Window, flow: str, status: str) -> None:
    """Open a flow, and run it to its end."""
    await window.open(flow)
    link = window.run_bar.locator("a").filter(has_text="Details")
    before = await link.get_attribute("href") or ""
    await window.run()
    await expect(link).not_to_have_attribute("href", before)
    await window.ends(status)


async def timeline(window: Window) -> None:
    """Open the timeline of the run that is shown."""
    await turn_to(window, "Timeline")
    href = await window.page.locator(".weft-run-bar a").filter(has_text="Details").get_attribute("href") or ""
    await expect(window.page.locator(".weft-timeline")).to_have_attribute("data-run", href.rpartition("/")[2])


async def test_a_key_opens_the_panel_and_it_stays_as_it_was_left(window: Window) -> None:
    await window.open("lights")
    await window.canvas.focus()
    await window.press("j")
    await expect(moment(window).or_(drawer(window).get_by_text("Nothing yet."))).to_be_visible()
    height = drawer(window).get_by_role("separator", name="Height of the run panel")
    before = int(await height.get_attribute("aria-valuenow") or 0)
    await height.focus()
    await window.press("ArrowUp")
    await expect(height).to_have_attribute("aria-valuenow", str(before + 24))
    await turn_to(window, "Log")
    await expect(drawer(window).get_by_role("combobox", name="Show")).to_be_visible()
    await window.page.reload()
    await expect(drawer(window).get_by_role("combobox", name="Show")).to_be_visible()
    await expect(height).to_have_attribute("aria-valuenow", str(before + 24))
    await window.canvas.focus()
    await window.press("j")
    await expect(height).to_be_hidden()
    await window.press("j")
    await window.press("Escape")
    await expect(height).to_be_visible()
    await expect(window.canvas).to_be_focused()
    # However fast: what Python says to an earlier press moves nothing.
    for _ in range(5):
        await window.press("j")
    await expect(height).to_be_hidden()
    await expect(window.canvas).to_be_focused()
    for _ in range(5):
        await window.press("j")
    await expect(height).to_be_visible()
    await expect(drawer(window).get_by_role("listbox", name="Log of the run")).to_be_focused()
    await window.press("Escape")
    await expect(window.canvas).to_be_focused()


async def test_each_step_has_a_bar_that_says_how_it_went_and_leads_to_it(window: Window) -> None:
    await ran(window, "lights", "Failed")
    await timeline(window)
    await expect(rows(window)).to_have_count(4)
    told = [await row.get_attribute("aria-label") or "" for row in await rows(window).all()]
    assert [re.sub(r", began.*", "", each) for each in told] == [
        "Run Python, Done",
        "Filter a list, Done",
        "Filter a list, Failed",
        "Compose text, Skipped",
    ]
    await rows(window).nth(0).locator(".tl-bar").hover()
    await expect(window.page.locator(".tl-tip")).to_contain_text(re.compile(r"Run Python · Done.*took \d"))
    await rows(window).nth(2).click()
    await expect(window.step("bad")).to_have_class(re.compile("is-selected|selected"))
    await expect(window.side.get_by_text("No item has a field `weight`.")).to_be_visible()


async def test_the_canvas_shows_the_moment_that_is_looked_at(window: Window) -> None:
    await ran(window, "lights", "Failed")
    await timeline(window)
    await expect(rows(window)).to_have_count(4)
    await moment(window).focus()
    await window.press("Home")
    await expect(window.page.get_by_text(re.compile(r"You see \d\d:\d\d:\d\d of this run\."))).to_be_visible()
    await window.lit("slow", "running")
    await expect(window.step("bad")).not_to_have_class(re.compile("is-failed"))
    await window.press("ArrowRight")
    await window.lit("slow", "done")
    await window.choose("good", "Result")
    await expect(window.result.get_by_text("Not run yet")).to_be_visible()
    await moment(window).focus()
    await window.press("ArrowRight")
    await window.lit("good", "done")
    await expect(window.result.get_by_text("Not run yet")).to_be_hidden()
    await expect(moment(window)).to_have_attribute("aria-valuetext", re.compile("event 3 of 6$"))
    await window.press("Escape")
    await window.lit("bad", "failed")
    await expect(window.page.get_by_text("You see")).to_be_hidden()
    await expect(moment(window)).to_have_attribute("aria-valuetext", "Now")


async def test_the_page_of_a_run_is_scrubbed_with_the_mouse(window: Window) -> None:
    await ran(window, "lights", "Failed")
    await window.run_bar.get_by_role("link", name="Details").click()
    await window.lit("bad", "failed")
    await turn_to(window, "Timeline")
    await expect(rows(window)).to_have_count(4)
    box = await still(moment(window))
    await window.page.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + 10)
    await window.page.mouse.down()
    await window.page.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + 10, steps=5)
    await window.page.mouse.up()
    await window.lit("slow", "running")
    await expect(window.step("bad")).not_to_have_class(re.compile("is-failed"))
    await window.page.get_by_role("button", name="Back to the end").click()
    await window.lit("bad", "failed")


async def test_a_loop_opens_into_its_rounds_by_keys_and_a_round_is_shown_on_the_canvas(window: Window) -> None:
    await ran(window, "rounds", "Done")
    await timeline(window)
    each = rows(window).filter(has_text="For each number")
    await expect(each).to_have_attribute("aria-expanded", "false")
    tree = window.page.get_by_role("tree", name="Steps of the run, in the order in which they began")
    await tree.focus()
    await window.press("ArrowDown")
    await window.press("End")
    await expect(each).to_have_class(re.compile("is-active"))
    await window.press("ArrowRight")
    await expect(rows(window)).to_have_count(6)
    await window.press("End")
    await window.press("ArrowUp")
    await expect(rows(window).filter(has_text="Round 3")).to_have_class(re.compile("is-active"))
    await window.press("ArrowRight")
    await expect(rows(window)).to_have_count(8)
    await window.press("ArrowDown")
    await window.press("Enter")
    await expect(window.result.get_by_text("Round 3 of 4")).to_be_visible()
    await expect(window.result.get_by_text("Text: This divides by zero.")).to_be_visible()


async def test_the_time_axis_is_zoomed_and_moved_by_keys(window: Window) -> None:
    await ran(window, "lights", "Failed")
    await timeline(window)
    await expect(rows(window)).to_have_count(4)
    first = window.page.locator(".tl-tick").first
    await expect(first).to_have_text("0")
    await moment(window).focus()
    await window.press("+")
    await expect(first).not_to_have_text("0")
    await window.press("Control+ArrowLeft")
    await window.press("Control+ArrowLeft")
    await expect(first).to_have_text("0")
    await window.press("Control+ArrowRight")
    await expect(first).not_to_have_text("0")
    await window.press("0")
    await expect(first).to_have_text("0")


async def test_the_log_is_filtered_and_a_line_leads_to_its_step(window: Window) -> None:
    await ran(window, "lights", "Failed")
    log = await turn_to(window, "Log")
    lines = log.get_by_role("option")
    await expect(lines.filter(has_text="I am working on it")).to_be_visible()
    await expect(window.page.get_by_role("tab", name="Log 3")).to_be_visible()
    await log.get_by_role("combobox", name="Show").click()
    await window.page.get_by_role("option", name="Errors", exact=True).click()
    await expect(lines.filter(has_text="I am working on it")).to_have_count(0)
    await log.get_by_role("textbox", name="Find in the log").fill("weight")
    await expect(lines).to_have_count(2)
    await log.get_by_role("textbox", name="Find in the log").fill("nowhere")
    await expect(log.get_by_text("No line fits.")).to_be_visible()
    await log.get_by_role("textbox", name="Find in the log").fill("")
    await lines.first.click()
    await log.get_by_role("button", name="Show the step").click()
    await expect(window.side.get_by_text("No item has a field `weight`.")).to_be_visible()


async def test_problems_are_counted_while_editing_and_lead_to_their_field(window: Window) -> None:
    await window.open("shop")
    problems = await turn_to(window, "Problems")
    await expect(problems.get_by_text("Nothing is wrong with this flow.")).to_be_visible()
    await window.choose("dear", "Settings")
    await window.field("Field").fill("{{ nothing.here }}")
    await expect(window.page.get_by_role("tab", name="Problems 1")).to_be_visible()
    await window.pane.click(position={"x": 20, "y": 20})
    await problems.get_by_role("button").filter(has_text="nothing").click()
    await expect(window.field("Field")).to_be_focused()
    await window.field("Field").fill("price")
    await expect(problems.get_by_text("Nothing is wrong with this flow.")).to_be_visible()


async def test_a_question_is_answered_in_the_panel_and_is_there_only_once(window: Window) -> None:
    await window.open("approvals")
    await turn_to(window, "Questions")
    await window.run()
    for number in (2, 1):
        question = drawer(window).get_by_role("alertdialog", name=f"Take {number}?")
        await expect(window.page.get_by_role("alertdialog", name=f"Take {number}?")).to_have_count(1)
        await question.get_by_role("button", name="Approve").click()
        await expect(question).to_have_count(0)
    await window.ends("Done")
    await expect(drawer(window).get_by_text("This run asks nothing.")).to_be_visible()
