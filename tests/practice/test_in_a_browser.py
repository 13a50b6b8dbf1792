"""The practice shop as a person meets it: by labels, roles and names, in real Chromium."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from app.practice import PracticeSite

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=chromium(playwright.chromium.executable_path))
        yield opened
        await opened.close()


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser) -> AsyncIterator[Page]:
    site = PracticeSite()
    context = await browser.new_context(base_url=await site.start())
    context.set_default_timeout(20_000)
    opened = await context.new_page()
    troubles: list[str] = []
    opened.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: troubles.append(str(error)))
    yield opened
    await context.close()
    await site.stop()
    assert [trouble for trouble in troubles if "401" not in trouble] == []


async def test_signing_in_and_out(page: Page) -> None:
    await page.goto("/")
    await page.get_by_role("link", name="Sign in").click()
    await page.get_by_label("Name").fill("ada")
    await page.get_by_label("Password").fill("wrong")
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("alert")).to_have_text("That name and password do not belong together.")
    await expect(page.get_by_label("Name")).to_have_value("ada")
    await page.get_by_label("Password").fill("practice")
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Hello, Ada")
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


async def test_searching_and_filling_the_cart(page: Page) -> None:
    await page.goto("/search")
    await page.get_by_label("What are you looking for?").fill("white")
    await page.get_by_role("button", name="Search").click()
    await expect(page.get_by_role("status")).to_have_text("2 found for “white”.")
    assert await page.get_by_role("list", name="Results").locator("strong").all_inner_texts() == [
        "Moon mug",
        "Winter teapot",
    ]
    await page.get_by_role("link", name="Winter teapot").click()
    await expect(page.get_by_role("link", name="Cart (0)")).to_be_visible()
    await page.get_by_role("button", name="Add to cart").click()
    await expect(page.get_by_role("status")).to_have_text("Winter teapot is in your cart.")
    await expect(page.get_by_role("link", name="Cart (1)")).to_be_visible()


async def test_turning_the_pages_of_the_orders(page: Page) -> None:
    await page.goto("/orders")
    numbers: list[str] = []
    while True:
        numbers += await page.get_by_role("table", name="Orders").get_by_role("rowheader").all_inner_texts()
        if not await page.get_by_role("link", name="Next").count():
            break
        await page.get_by_role("link", name="Next").click()
    assert numbers == [str(number) for number in range(1024, 1000, -1)]


async def test_the_table_reads_as_name_price_stock(page: Page) -> None:
    await page.goto("/mugs")
    rows = page.get_by_role("table", name="Mugs").get_by_role("row")
    assert await rows.nth(0).get_by_role("columnheader").all_inner_texts() == ["Name", "Price", "Stock"]
    assert await rows.nth(1).get_by_role("cell").all_inner_texts() == ["Moon mug", "24.50", "7"]
    assert await rows.count() == 13


async def test_something_appears_late_on_the_page_that_changes(page: Page) -> None:
    await page.goto("/changing")
    assert await page.get_by_role("button", name="Show the offer").count() == 0
    await page.get_by_role("button", name="Reserve").first.click()
    await expect(page.get_by_role("status")).to_contain_text("is reserved.")
    await page.get_by_role("button", name="Show the offer").click()
    await expect(page.get_by_role("status")).to_have_text("Every second cup is free.")


def chromium(own: str) -> str | None:
    """Playwright's own Chromium if it was installed, else the system's."""
    return own if Path(own).is_file() else shutil.which("chromium")
