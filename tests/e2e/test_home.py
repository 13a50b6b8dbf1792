"""Flows as cards: found, run, copied, deleted and brought back; and flows from files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import FilePayload, Locator, expect

from tests.e2e.driving import Studio, Window

pytestmark = pytest.mark.asyncio(loop_scope="module")

GREET = """\
format: 1
id: 0d6f3c1e-6f0e-4c57-9d0b-3f3a5f3f9f10
name: Greet
description: Says hello to whoever you name.
inputs:
  who: {type: text, label: Who, default: Ada}
steps:
  say:
    kind: data.compose
    settings:
      text: Hello {{ inputs.who }}
"""

WAITS = """\
format: 1
id: 1d6f3c1e-6f0e-4c57-9d0b-3f3a5f3f9f10
name: Waits
steps:
  nap:
    kind: code.python
    settings:
      code: |
        import time
        time.sleep(60)
        return 1
"""

REACHES_FAR = """\
format: 1
id: 2d6f3c1e-6f0e-4c57-9d0b-3f3a5f3f9f10
name: Reaches far
steps:
  get:
    kind: web.get
    settings:
      url: https://shop.example/prices
      secret: shop_token
  write:
    kind: files.write
    settings:
      path: prices.txt
      text: "{{ get.body }}"
"""


def card(window: Window, name: str) -> Locator:
    return window.page.get_by_role("article", name=name, exact=True)


async def home(window: Window) -> None:
    await window.page.goto(window.studio.base)
    await expect(window.page.get_by_role("article").first).to_be_visible()


async def bring(window: Window, *files: tuple[str, str]) -> None:
    """Choose these files, by name and text, with the Import button."""
    async with window.page.expect_file_chooser() as chooser:
        await window.page.get_by_role("button", name="Import").click()
    payloads: list[FilePayload] = [
        {"name": name, "mimeType": "application/yaml", "buffer": text.encode()} for name, text in files
    ]
    await (await chooser.value).set_files(payloads)


async def choose(window: Window, name: str, entry: str) -> None:
    """Choose an entry of a card's menu, once what was open before is gone."""
    await expect(window.page.get_by_role("dialog")).to_have_count(0)
    await expect(window.page.get_by_role("menu")).to_have_count(0)
    await card(window, name).get_by_role("button", name=f"More for {name}", exact=True).click()
    await window.page.get_by_role("menuitem", name=entry, exact=True).click()


async def accepted(window: Window, name: str) -> None:
    """Press the card's button and accept what the sheet says."""
    await card(window, name).get_by_role("button", name=f"Review {name}").click()
    await window.page.get_by_role("button", name="Accept").click()


async def test_a_flow_from_a_file_is_reviewed_asks_for_its_inputs_and_says_on_its_card_how_it_ended(
    window: Window,
) -> None:
    page = window.page
    await home(window)
    await bring(window, ("greet.flow.yaml", GREET))
    await expect(card(window, "Greet")).to_contain_text("Needs your review")
    await accepted(window, "Greet")
    await expect(page.get_by_label("Who")).to_have_value("Ada")
    await page.get_by_label("Who").fill("Grace")
    await page.get_by_role("dialog").get_by_role("button", name="Run").click()
    await expect(card(window, "Greet").get_by_role("link", name="Done")).to_be_visible()

    await card(window, "Greet").get_by_role("link", name="Done").click()
    await expect(page.get_by_text("Hello Grace")).to_be_visible()
    await page.reload()
    await expect(page.get_by_text("Hello Grace")).to_be_visible()


async def test_a_run_is_followed_and_stopped_on_its_card_without_moving_the_others(window: Window) -> None:
    page = window.page
    await home(window)
    await bring(window, ("waits.flow.yaml", WAITS))
    await expect(card(window, "Waits")).to_be_visible()
    before = [await each.bounding_box() for each in await page.get_by_role("article").all()]
    await accepted(window, "Waits")
    await expect(card(window, "Waits")).to_contain_text(re.compile(r"Running.*[1-9]\.\d s|Running.*\d s"))
    assert [await each.bounding_box() for each in await page.get_by_role("article").all()] == before
    await card(window, "Waits").get_by_role("button", name="Stop Waits").click()
    await expect(card(window, "Waits").get_by_role("link", name="Stopped")).to_be_visible()
    await expect(card(window, "Waits").get_by_role("button", name="Run Waits")).to_be_visible()


async def test_the_review_says_what_is_touched_and_esc_means_not_now(window: Window) -> None:
    page = window.page
    await home(window)
    await bring(window, ("far.flow.yaml", REACHES_FAR))
    await card(window, "Reaches far").get_by_role("button", name="Review Reaches far").click()
    sheet = page.get_by_role("dialog")
    for words in ("shop.example", "prices.txt, in Weft's own files folder", "shop_token"):
        await expect(sheet.get_by_text(words)).to_be_visible()
    await expect(sheet.get_by_role("button", name="Not now")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(sheet).to_be_hidden()
    await expect(card(window, "Reaches far")).to_contain_text("Needs your review")
    await expect(card(window, "Reaches far").get_by_role("button", name="Review Reaches far")).to_be_focused()


async def test_every_problem_of_a_bad_file_is_said_and_nothing_of_it_comes_in(window: Window) -> None:
    page = window.page
    await home(window)
    count = await page.get_by_role("article").count()
    bad = "format: 1\nname: Bad\nsteps:\n  a:\n    kind: data.compose\n    setings: {}\n    retry: often\n"
    await bring(window, ("bad.flow.yaml", bad), ("good.flow.yaml", GREET.replace("Greet", "Good one")))
    told = page.get_by_role("dialog")
    await expect(told).to_contain_text("“bad.flow.yaml” was not imported")
    await expect(told.get_by_role("listitem")).to_have_count(2)
    await expect(told).to_contain_text("Line 6")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("article")).to_have_count(count + 1)
    await expect(card(window, "Good one")).to_be_visible()


async def test_a_flow_is_pasted_or_dropped_anywhere_on_the_page(window: Window) -> None:
    page = window.page
    await home(window)
    await page.evaluate(
        """text => {
            const given = new DataTransfer();
            given.setData("text/plain", text);
            document.body.dispatchEvent(new ClipboardEvent("paste", {clipboardData: given, bubbles: true}));
        }""",
        GREET.replace("name: Greet", "name: Pasted"),
    )
    await expect(card(window, "Pasted")).to_be_visible()
    await page.evaluate(
        """text => {
            const given = new DataTransfer();
            given.items.add(new File([text], "dropped.flow.yaml"));
            const how = {dataTransfer: given, bubbles: true, cancelable: true};
            for (const type of ["dragover", "drop"]) document.body.dispatchEvent(new DragEvent(type, how));
        }""",
        GREET.replace("name: Greet", "name: Dropped"),
    )
    await expect(card(window, "Dropped")).to_be_visible()


async def test_a_flow_is_renamed_copied_exported_deleted_and_brought_back(window: Window, tmp_path: Path) -> None:
    page = window.page
    await home(window)
    await bring(window, ("greet.flow.yaml", GREET.replace("name: Greet", "name: First name")))
    await choose(window, "First name", "Rename")
    await page.get_by_role("textbox", name="Name", exact=True).fill("Second name")
    # A key that is let go when the dialog is gone, as people do, opens nothing.
    await page.keyboard.down("Enter")
    await expect(card(window, "Second name")).to_be_visible()
    await expect(page.get_by_role("button", name="More for Second name", exact=True)).to_be_focused()
    await page.keyboard.up("Enter")
    await choose(window, "Second name", "Duplicate")
    await expect(card(window, "Second name (copy)")).to_be_visible()

    async with page.expect_download() as download:
        await choose(window, "Second name", "Export as a file")
    saved = tmp_path / (await download.value).suggested_filename
    await (await download.value).save_as(saved)
    assert saved.name == "Second name.flow.yaml"
    assert "name: Second name\n" in saved.read_text()

    await choose(window, "Second name", "Delete")
    await expect(card(window, "Second name")).to_be_hidden()
    await page.get_by_role("button", name="Undo").click()
    await expect(card(window, "Second name")).to_be_visible()
    await choose(window, "Second name", "Delete")
    await expect(card(window, "Second name")).to_be_hidden()
    await page.keyboard.press("Control+z")
    await expect(card(window, "Second name")).to_be_visible()


async def test_search_finds_as_you_type_and_keys_do_what_the_mouse_does(window: Window, studio: Studio) -> None:
    page = window.page
    await home(window)
    await page.keyboard.press("/")
    await page.keyboard.type("price list")
    cards = page.get_by_role("article").filter(visible=True)
    await expect(cards.filter(has_not_text=re.compile("price list", re.I))).to_have_count(0)
    await expect(cards.first).to_be_visible()
    await page.keyboard.type(" nowhere")
    await expect(page.get_by_text("No flow is called “price list nowhere”")).to_be_visible()
    await page.get_by_role("button", name="Show all flows").click()
    await expect(cards.first).to_be_visible()

    await card(window, "Open a page").get_by_role("link", name="Open a page").focus()
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/flow/*")
    await home(window)
    await page.keyboard.press("n")
    await page.wait_for_url("**/flow/*")
