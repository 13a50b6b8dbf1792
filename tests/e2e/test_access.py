"""Every page and everything that opens over it, as axe-core sees it: nothing serious, in light and in dark."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.e2e.driving import Studio, Window
from tests.e2e.looked_over import looked_over

pytestmark = pytest.mark.asyncio(loop_scope="module")

FLOWS = ("rounds", "approvals", "shapes")
DIALOG = ".q-dialog"
PANEL = "[aria-label='Run panel']"


async def test_the_editor_and_all_that_opens_over_it(window: Window) -> None:
    page, found = window.page, []
    await window.open("rounds")
    found += await looked_over(page, "the editor")
    await window.run()
    await window.ends("Done")
    await window.choose("each/line", "Settings")
    await expect(window.side.get_by_label("Name of the step")).to_be_visible()
    found += await looked_over(page, "a chosen step")
    await window.choose("each/share", "Result")
    found += await looked_over(page, "the result of a step")

    await window.step("each/share").focus()
    await window.press("Enter")
    await expect(page.get_by_role("dialog").get_by_role("region", name="Settings")).to_be_visible()
    found += await looked_over(page, "an open step", DIALOG)
    await window.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)

    await window.press("Control+k")
    await expect(page.get_by_role("dialog").get_by_role("option").first).to_be_visible()
    found += await looked_over(page, "the palette", DIALOG)
    await window.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await window.press("?")
    await expect(page.get_by_role("dialog", name="Keys", exact=True)).to_be_visible()
    found += await looked_over(page, "the list of keys", DIALOG)
    await window.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)

    await window.canvas.focus()
    await window.press("j")
    panel = page.get_by_role("region", name="Run panel")
    for tab in ("Timeline", "Log", "Problems", "Questions"):
        await page.get_by_role("tab", name=re.compile(f"^{tab}")).click()
        await expect(panel.get_by_role("tabpanel", name=re.compile(f"^{tab}"))).to_be_visible()
        found += await looked_over(page, f"the {tab} of the run panel", PANEL)
    await window.canvas.focus()
    await window.press("j")

    await window.press("o")
    await expect(page.get_by_role("tree", name="Steps")).to_be_visible()
    found += await looked_over(page, "the list")
    await window.press("o")
    await expect(window.step("each")).to_be_visible()
    await window.press("n")
    await expect(page.get_by_role("dialog", name="Add a step").get_by_role("option").first).to_be_visible()
    found += await looked_over(page, "adding a step", DIALOG)
    assert "\n".join(found) == ""


async def test_every_other_page(window: Window, studio: Studio) -> None:
    page, found = window.page, []
    await window.open("shapes")
    found += await looked_over(page, "notes and frames")
    await window.open("approvals")
    await window.run()
    await expect(page.get_by_role("alertdialog").first).to_be_visible()
    found += await looked_over(page, "a question in the editor")
    details = await window.run_bar.locator("a").filter(has_text="Details").get_attribute("href")
    for path, shows in (
        ("/", "Approvals"),
        ("/inbox", "Take 1?"),
        ("/runs", "Approvals"),
        (f"{details}", "Take 1?"),
        ("/keys", "Add a model"),
        ("/storage", "Approvals"),
        (f"/flow/{studio.ids['approvals']}/versions", "Draft"),
    ):
        await page.goto(f"{studio.base}{path}")
        await expect(page.get_by_text(shows).filter(visible=True).first).to_be_visible()
        found += await looked_over(page, path)
    assert "\n".join(found) == ""
