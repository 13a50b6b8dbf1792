"""What takes space, how long runs are kept, and runs removed by hand: nothing goes before it was said what goes."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect

from app.store.backup import back_up
from app.studio import open_studio
from tests.e2e.driving import Studio, Window
from tests.e2e.test_home import GREET

pytestmark = pytest.mark.asyncio(loop_scope="module")

RUNS = 6


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def studio(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Studio]:
    """A studio in which a flow has run a few times, and has older backups."""
    running = Studio(tmp_path_factory.mktemp("home"), browser)
    opened = await open_studio(running.home)
    flow = await opened.shelf.bring_in(GREET.encode(), "greet")
    await opened.shelf.accept(flow)
    for _ in range(RUNS):
        await opened.runs.wait(await opened.runs.start(flow, {"who": "Ada"}))
    for days in (2, 1):
        back_up(opened.database.path, 1_700_000_000 - days * 86_400)
    await opened.close()
    await running.start()
    yield running
    await running.end()


def section(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name)


async def storage(window: Window) -> Page:
    await window.page.goto(f"{window.studio.base}/storage")
    await expect(window.page.get_by_text(re.compile("in all$"))).to_be_visible()
    return window.page


async def listed(window: Window, count: int) -> Page:
    await window.page.goto(f"{window.studio.base}/runs")
    await expect(window.page.get_by_role("row").filter(has_text="Greet")).to_have_count(count)
    return window.page


async def test_the_page_says_what_takes_space_and_how_long_runs_are_kept(window: Window) -> None:
    await window.page.goto(window.studio.base)
    await window.page.get_by_role("link", name="Storage").click()
    page = window.page
    places = section(page, "What takes space")
    for name in ("Database", "Files that runs have kept", "Backups"):
        await expect(places.get_by_text(name, exact=True)).to_be_visible()
    await expect(places).to_contain_text(re.compile(r"\d (kB|MB)"))
    kept = section(page, "How long runs are kept")
    await expect(kept).to_contain_text("Runs older than 90 days are removed.")
    await expect(kept).to_contain_text("Runs that wait for an answer, go on now, or can still be continued")
    await expect(kept).to_contain_text("Last cleaned up", timeout=60_000)
    flow = section(page, "Runs by flow").get_by_role("row").filter(has_text="Greet")
    await expect(flow).to_contain_text(re.compile(rf"{RUNS}.*kB.*0 bytes", re.DOTALL))


async def test_older_backups_are_removed_when_asked(window: Window) -> None:
    page = await storage(window)
    await page.get_by_role("button", name="Free space of Backups").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text(re.compile(r"2 files, \d+ kB\. The newest .* stays"))
    await dialog.get_by_role("button", name="Remove").click()
    await expect(page.get_by_text(re.compile("2 files are removed"))).to_be_visible()
    await expect(page.get_by_role("button", name="Free space of Backups")).to_be_hidden()


async def test_runs_that_are_chosen_in_the_list_are_removed_after_a_question(window: Window) -> None:
    page = await listed(window, RUNS)
    boxes = page.get_by_role("checkbox", name="Choose this run of Greet")
    await boxes.nth(0).click()
    await boxes.nth(1).click()
    await expect(page.get_by_text("2 runs chosen")).to_be_visible()
    await page.get_by_role("button", name="Remove…").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text(re.compile("Remove 2 runs.*about .*cannot be undone", re.DOTALL))
    await dialog.get_by_role("button", name="Cancel").click()
    await expect(page.get_by_role("row").filter(has_text="Greet")).to_have_count(RUNS)
    await page.get_by_role("button", name="Remove…").click()
    await dialog.get_by_role("button", name="Remove").click()
    await expect(page.get_by_role("row").filter(has_text="Greet")).to_have_count(RUNS - 2)
    await expect(page.get_by_text("2 runs chosen")).to_be_hidden()


async def test_a_run_is_removed_from_its_own_page(window: Window) -> None:
    page = await listed(window, RUNS - 2)
    await page.get_by_role("link", name="Greet").first.click()
    await page.wait_for_url(re.compile("/run/"))
    run = page.url
    await page.get_by_role("button", name="Remove this run").click()
    await page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    await page.wait_for_url(re.compile("/runs$"))
    await page.goto(run)
    await expect(page.get_by_text(re.compile("There is no run"))).to_be_visible()
    await listed(window, RUNS - 3)


async def test_space_of_a_flow_is_freed_and_exactly_what_was_said_goes(window: Window) -> None:
    page = await storage(window)
    await page.get_by_role("button", name="Free space of Greet").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("No run goes.")
    await expect(dialog.get_by_role("button", name="Remove")).to_be_disabled()
    await dialog.get_by_text("All but the newest").click()
    await dialog.get_by_label("Runs that stay").fill("2")
    await expect(dialog).to_contain_text(re.compile("1 run goes: about "))
    await dialog.get_by_role("button", name="Remove 1 run").click()
    await expect(page.get_by_text(re.compile("1 run is removed"))).to_be_visible()
    await listed(window, 2)


async def test_lower_limits_say_what_they_remove_before_they_are_kept(window: Window) -> None:
    page = await storage(window)
    kept = section(page, "How long runs are kept")
    await kept.get_by_label("Runs of each flow").fill("1")
    await kept.get_by_role("button", name="Save").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text(re.compile("With these limits 1 run goes: about "))
    await dialog.get_by_role("button", name="Remove 1 run").click()
    await expect(kept).to_contain_text("Of each flow, the newest 1 run is kept.")
    await listed(window, 1)

    await storage(window)
    await page.get_by_role("button", name="How long runs of Greet are kept").click()
    await dialog.get_by_text("As for every flow").click()
    await dialog.get_by_label("Days").fill("7")
    await dialog.get_by_label("Runs", exact=True).fill("")
    await dialog.get_by_role("button", name="Save").click()
    await expect(section(page, "Runs by flow").get_by_text("Keeps 7 days")).to_be_visible()
