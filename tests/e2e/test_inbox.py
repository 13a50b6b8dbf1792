"""The inbox: what runs ask, seen from every page, decided once, and shown as nothing but text."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Locator, Page, expect

from tests.e2e.driving import Studio, Window
from tests.e2e.test_home import card, home

pytestmark = pytest.mark.asyncio(loop_scope="module")

FLOWS = ("letter", "letters", "strange")


async def run(window: Window, name: str) -> None:
    """Run a flow from its card until it asks."""
    await home(window)
    await card(window, name).get_by_role("button", name=f"Run {name}").click()
    await expect(card(window, name).get_by_role("link", name="Waiting for you")).to_be_visible()


def inbox(page: Page, waiting: int) -> Locator:
    """The entry of the rail that says how many questions wait."""
    questions = "1 question waits" if waiting == 1 else f"{waiting} questions wait"
    return page.get_by_role("link", name=f"Inbox, {questions}" if waiting else "Inbox", exact=True)


def question(page: Page, title: str | re.Pattern[str]) -> Locator:
    return page.get_by_role("article", name=title)


async def open_inbox(window: Window, studio: Studio) -> Page:
    await window.page.goto(f"{studio.base}/inbox")
    await expect(window.page.get_by_role("heading", name="Inbox")).to_be_visible()
    return window.page


async def test_an_empty_inbox_says_what_comes_here(window: Window, studio: Studio) -> None:
    page = await open_inbox(window, studio)
    await expect(page.get_by_text("Nothing waits for you")).to_be_visible()
    await expect(inbox(page, 0)).to_be_visible()


async def test_a_question_is_counted_on_every_page_edited_and_approved_with_a_key(
    window: Window, studio: Studio
) -> None:
    other = await studio.context.new_page()
    await other.goto(f"{studio.base}/keys")
    await run(window, "Morning letter")
    await expect(inbox(other, 1)).to_be_visible()
    page = await open_inbox(window, studio)
    asked = question(page, "Send this letter?")
    await expect(asked).to_contain_text("It goes to everybody.")
    await expect(asked).to_contain_text("Morning letter")
    await expect(asked).to_contain_text("Ask about it")
    await expect(asked).to_contain_text(re.compile("Decide before .* After that it counts as “Reject”."))
    await asked.get_by_label("Copies").fill("many")
    await asked.get_by_role("button", name="Approve").click()
    await expect(asked.get_by_role("alert").filter(has_text=re.compile("."))).to_be_visible()
    await expect(asked.get_by_label("Copies")).to_be_focused()
    await asked.get_by_label("Copies").fill("5")
    await asked.focus()
    await page.keyboard.press("a")
    await expect(page.get_by_text("Answered with “Approve”.")).to_be_visible()
    await expect(asked).to_have_count(0)
    await expect(inbox(other, 0)).to_be_visible()
    await other.goto(f"{studio.base}/runs")
    await other.get_by_role("link", name="Morning letter").first.click()
    await expect(other.get_by_text("5 letters to ada@example.com, said the Inbox")).to_be_visible()
    await other.close()
    assert window.troubles == []


async def test_several_are_chosen_with_the_keyboard_and_answered_together(window: Window, studio: Studio) -> None:
    await run(window, "Three letters")
    page = await open_inbox(window, studio)
    asked = page.locator(".weft-question")
    await expect(asked).to_have_count(3)
    await expect(asked.first).to_contain_text(re.compile(r"Ask about one, round \d"))
    await expect(asked.nth(0)).to_be_focused()  # From then on the page hears its keys.
    await page.keyboard.press(" ")
    await expect(page.get_by_role("button", name="Approve 1")).to_be_visible()
    await page.keyboard.press("ArrowDown")
    await expect(asked.nth(1)).to_be_focused()
    await page.keyboard.press(" ")
    await expect(page.get_by_role("button", name="Approve 2")).to_be_visible()
    other = Window(await studio.context.new_page(), studio)
    elsewhere = await open_inbox(other, studio)
    await elsewhere.locator(".weft-question").nth(0).get_by_role("button", name="Reject").click()
    # What another window has decided is gone here too, and chosen no more; it is said who decided it.
    await expect(asked).to_have_count(2)
    await expect(
        page.get_by_text(re.compile("“Send it to .*” It had been decided today at .* in the Inbox"))
    ).to_be_visible()
    await expect(page.get_by_text("1 chosen")).to_be_visible()
    await asked.nth(1).get_by_role("checkbox").click()
    await page.get_by_role("button", name="Reject 2").click()
    await expect(page.get_by_text("2 answered with “Reject”.")).to_be_visible()
    await expect(page.get_by_text("Nothing waits for you")).to_be_visible()
    await other.page.close()
    assert window.troubles == []


async def test_s52_looking_at_an_address_decides_nothing(window: Window, studio: Studio) -> None:
    await run(window, "Morning letter")
    asks = studio.context.request
    for _ in range(3):
        for address in ("/inbox", "/inbox?answer=Approve&choice=Approve", "/inbox/1/approve", "/approve/1?yes=1"):
            await asks.get(studio.base + address)
            await asks.head(studio.base + address)
    page = await open_inbox(window, studio)
    await expect(question(page, "Send this letter?")).to_have_count(1)
    await question(page, "Send this letter?").get_by_role("button", name="Approve").click()
    await expect(question(page, "Send this letter?")).to_have_count(0)


async def test_s53_no_request_from_elsewhere_decides(window: Window, studio: Studio) -> None:
    await run(window, "Morning letter")
    asks = studio.context.request
    for origin in ("http://evil.example", "null", studio.base):
        for address in ("/inbox", "/inbox/1/approve"):
            answer = await asks.post(
                studio.base + address, data={"choice": "Approve"}, headers={"Origin": origin}, fail_on_status_code=False
            )
            assert answer.status in (403, 404, 405)
    page = await open_inbox(window, studio)
    await question(page, "Send this letter?").get_by_role("button", name="Reject").click()
    await expect(question(page, "Send this letter?")).to_have_count(0)


async def test_s54_a_question_is_shown_as_nothing_but_text(window: Window, studio: Studio) -> None:
    dialogs: list[str] = []
    window.page.on("dialog", lambda shown: dialogs.append(shown.message))
    await run(window, "Strange")
    page = await open_inbox(window, studio)
    asked = question(page, re.compile("^Pay <b>"))
    await expect(asked.get_by_role("heading")).to_have_text("Pay <b>nothing</b> ⟨U+202E⟩won⟨U+202C⟩?")
    await expect(asked).to_contain_text('<button onclick="alert(1)">Approve</button> <img src=x onerror="alert(1)">')
    await expect(asked.get_by_role("button", name="Approve")).to_have_count(1)
    await expect(asked.locator("img")).to_have_count(0)
    assert len(await asked.inner_text()) < 5_000
    await asked.get_by_role("button", name=re.compile("Show more")).click()
    await expect(asked.get_by_role("button", name=re.compile("Show more"))).to_be_visible()
    await asked.get_by_role("button", name="Reject").click()
    await expect(asked).to_have_count(0)
    assert (dialogs, window.troubles) == ([], [])
