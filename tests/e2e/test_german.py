"""A browser that asks for German gets all of it: nothing of the catalogue is left in English on any page."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from app.language.catalogue import words_of
from tests.e2e.driving import Studio, Window
from tests.language.files import gaps

pytestmark = pytest.mark.asyncio(loop_scope="module")
FLOWS = ("rounds", "approvals", "shapes", "shop")

SHOWN = """() => {
  const texts = new Set();
  const unsaid = '.cm-content, code, pre, .q-icon, [aria-hidden=true]';
  const seen = (element) => element?.checkVisibility({ visibilityProperty: true }) && !element.closest(unsaid);
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) if (seen(walk.currentNode.parentElement)) texts.add(walk.currentNode.textContent.trim());
  for (const name of ['aria-label', 'title', 'placeholder', 'alt', 'aria-roledescription'])
    for (const element of document.querySelectorAll(`[${name}]`))
      if (seen(element)) texts.add(element.getAttribute(name).trim());
  return [...texts];
}"""
ENGLISH = {text: german for text, german in words_of("de").one.items() if text != german}
MANY = {text for one, forms in words_of("de").many.items() for text in (one,) if forms[0] != one}
PATTERNS = [
    re.compile(re.sub(r"\\\{\w+\\\}", ".+?", re.escape(text)))
    for text in (*ENGLISH, *MANY)
    if gaps(text) and re.search(r"[A-Za-z]{3,} [A-Za-z]{2,}", text)
]


@pytest_asyncio.fixture(loop_scope="module")
async def german(studio: Studio, browser: Browser) -> AsyncIterator[Window]:
    """A window of a browser that asks for German."""
    context = await browser.new_context(
        storage_state=await studio.context.storage_state(), locale="de-DE", viewport={"width": 1440, "height": 900}
    )
    context.set_default_timeout(10_000)
    opened = Window(await context.new_page(), studio)
    opened.canvas = opened.page.locator(".weft-flow")
    yield opened
    await context.close()
    assert opened.troubles == []


async def left_in_english(window: Window) -> list[str]:
    """Texts of ours that are shown or read out in English. What flows are called is theirs."""
    shown: list[str] = await window.page.evaluate(SHOWN)
    ours = set(shown) - window.studio.called()
    return [text for text in sorted(ours) if text in ENGLISH or any(each.fullmatch(text) for each in PATTERNS)]


@pytest.mark.parametrize("path", ["/", "/runs", "/inbox", "/keys", "/storage"])
async def test_a_page_is_in_german(german: Window, path: str) -> None:
    await german.page.goto(german.studio.base + path)
    await expect(german.page.get_by_role("navigation", name="Weft")).to_contain_text("Abläufe")
    await german.page.wait_for_load_state("networkidle")
    assert await german.page.evaluate("document.documentElement.lang") == "de-DE"
    assert await left_in_english(german) == []


async def test_the_editor_and_what_opens_over_it_are_in_german(german: Window) -> None:
    page = german.page
    await page.goto(f"{german.studio.base}/flow/{german.studio.ids['rounds']}")
    await expect(page.get_by_role("button", name="Ausführen", exact=True)).to_be_visible()
    found = await left_in_english(german)
    await german.run()
    await german.ends("Fertig")
    found += await left_in_english(german)
    await german.step("each/share").locator("> .step-head .step-words").click()
    await expect(german.page.locator("aside, [role=complementary]").get_by_role("tab").first).to_be_visible()
    found += await left_in_english(german)
    for keys in ("?", "Control+k", "Enter", "F1"):
        await german.canvas.focus() if keys != "Enter" else await german.step("each/share").focus()
        await german.press(keys)
        await expect(page.get_by_role("dialog").first).to_be_visible()
        await page.wait_for_load_state("networkidle")
        found += [f"{keys}: {text}" for text in await left_in_english(german)]
        await german.press("Escape")
        await expect(page.get_by_role("dialog")).to_have_count(0)
    await german.canvas.focus()
    await german.press("j")
    for tab in await page.get_by_role("tab").all():
        if await tab.is_visible():
            await tab.click()
            found += await left_in_english(german)
    await german.canvas.focus()
    await german.press("o")
    await expect(page.get_by_role("tree").first).to_be_visible()
    found += await left_in_english(german)
    assert "\n".join(found) == ""


async def test_a_window_keeps_its_language_when_one_in_another_language_edits(german: Window, window: Window) -> None:
    await german.page.goto(f"{german.studio.base}/flow/{german.studio.ids['shop']}")
    await german.canvas.wait_for()
    await window.open("shop")
    await expect(german.steps()).to_have_count(3)
    await german.step("dear").locator("> .step-head .step-words").click()
    await expect(german.page.locator("[data-step='dear']")).to_be_visible()
    await window.drag_in("Compose text", 300, 420)
    await window.choose("dear")
    await window.field("Field").fill("prices")
    await expect(german.steps()).to_have_count(4)
    await expect(german.step("dear")).to_contain_text("prices")
    await expect(german.page.get_by_label("Feld", exact=True)).to_have_value("prices")
    assert await left_in_english(german) == []
