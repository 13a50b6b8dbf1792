"""Keep versions of a flow, see what has changed between two, and go back to one."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import FilePayload, expect

from flows.text import read_flow, write_flow
from tests.e2e.driving import FLOWS as FOLDER
from tests.e2e.driving import Studio, Window

FLOWS = ("lights", "rounds", "wires")

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_person_keeps_a_version_sees_what_changed_and_goes_back(window: Window) -> None:
    page = window.page
    await window.open("lights")
    count = await window.steps().count()
    first = await window.steps().first.get_attribute("data-path")
    assert first is not None

    await page.keyboard.press("Control+s")
    await page.get_by_label("Name", exact=True).fill("As it was")
    await page.get_by_label("Note", exact=True).fill("Before I tried anything.")
    await page.get_by_role("button", name="Keep", exact=True).click()
    await expect(page.get_by_text("This version is kept as “As it was”.")).to_be_visible()

    await window.choose(first)
    await window.press("Delete")
    await expect(window.steps()).to_have_count(count - 1)
    await window.saved()

    await page.get_by_role("button", name="History").click()
    different = page.get_by_role("complementary", name="What is different")
    versions = page.get_by_role("complementary", name="Versions")
    await expect(versions.get_by_text("Before I tried anything.")).to_be_visible()
    await expect(different.get_by_role("status")).to_have_text(re.compile("^1 change$"))
    await expect(different.get_by_text("Removed", exact=True)).to_be_visible()
    # What is gone is still drawn, with a word that says so and not only a colour.
    await expect(window.step(first)).to_have_class(re.compile(r"\bis-removed\b"))
    await expect(window.step(first).locator(".step-change")).to_have_text(re.compile("Removed$"))

    await page.get_by_role("button", name="The other way round").click()
    await expect(window.step(first).locator(".step-change")).to_have_text(re.compile("New$"))
    await page.get_by_role("button", name="The other way round").click()
    await expect(window.step(first).locator(".step-change")).to_have_text(re.compile("Removed$"))

    await page.get_by_role("button", name="Go back to “As it was”").click()
    await expect(different.get_by_role("status")).to_have_text("No difference")
    await expect(versions.get_by_text("Before going back to “As it was”")).to_be_visible()

    await page.get_by_role("button", name="To the flow").click()
    await expect(window.steps()).to_have_count(count)
    await window.undo.click()
    await expect(window.steps()).to_have_count(count - 1)


async def test_a_file_is_compared_with_the_draft(window: Window) -> None:
    page = window.page
    await window.open("lights")
    await window.canvas.focus()
    await window.press("h")
    await expect(page.get_by_text("History of")).to_be_visible()
    flow = read_flow((FOLDER / "lights.flow.yaml").read_bytes(), "lights.flow.yaml").flow
    other = flow.model_copy(update={"description": "Another one."})
    file = FilePayload(name="other.flow.yaml", mimeType="application/yaml", buffer=write_flow(other).encode())
    async with page.expect_file_chooser() as chooser:
        await page.get_by_role("button", name="Compare with a file").click()
    await (await chooser.value).set_files(file)
    await expect(page.get_by_text("Description none → “Another one.”")).to_be_visible()
    await expect(page.locator(".weft-versions-choice")).to_contain_text("other.flow.yaml")


async def test_the_flows_of_two_runs_are_compared(window: Window, studio: Studio) -> None:
    page = window.page
    await window.open("rounds")
    await window.canvas.focus()
    await window.run()
    await window.ends("Done")
    await window.choose("each")
    await window.press("Delete")
    await expect(window.steps()).to_have_count(1)
    await window.run()
    await window.ends("Done")
    await page.goto(f"{studio.base}/runs?flow={studio.ids['rounds']}")
    boxes = page.get_by_role("checkbox", name=re.compile("Choose this run"))
    await expect(boxes).to_have_count(2)
    for box in await boxes.all():
        await box.click()
    await page.get_by_role("button", name="Compare their flows").click()
    await expect(window.step("each")).to_have_class(re.compile(r"\bis-removed\b"))
    await expect(page.get_by_role("complementary", name="What is different").get_by_role("status")).to_have_text(
        "3 changes"
    )
    await expect(page.locator(".weft-versions-choice")).to_contain_text("The run of just now")


async def test_a_version_is_published_and_the_draft_says_how_far_it_is_from_it(window: Window) -> None:
    page = window.page
    await window.open("wires")
    path = await window.steps().first.get_attribute("data-path") or ""
    await page.keyboard.press("Control+s")
    await page.get_by_label("Name", exact=True).fill("Live")
    await page.get_by_text("Publish it").click()
    await page.get_by_role("button", name="Keep", exact=True).click()
    await expect(page.get_by_text("This version is published as “Live”.")).to_be_visible()
    since = page.locator(".weft-since")
    await expect(since).to_have_text("As published")
    await window.choose(path)
    await window.press("d")
    await expect(since).to_have_text("1 change since the published version")
    await since.click()

    versions = page.get_by_role("complementary", name="Versions")
    await expect(versions.get_by_text("1 change since the published version")).to_be_visible()
    live = versions.get_by_role("listitem").filter(has_text="Live")
    await expect(live.get_by_text("Published", exact=True)).to_be_visible()
    await expect(page.get_by_text("Switched off no → yes")).to_be_visible()
    await live.get_by_role("button", name="Publish no longer: Live").click()
    await expect(page.get_by_text("No version is published any more.")).to_be_visible()
    await expect(live.get_by_text("Published", exact=True)).to_have_count(0)
    await page.keyboard.press("p")
    await expect(live.get_by_text("Published", exact=True)).to_be_visible()
