"""Keys: where they are kept, added, tested, replaced, deleted, and never shown again."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Locator, expect

from tests.e2e.driving import Studio, Window
from tests.model_server import ModelServer

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def keys(window: Window) -> None:
    await window.page.goto(f"{window.studio.base}/keys")
    await expect(window.page.get_by_role("button", name="Add a model")).to_be_visible()


def line(window: Window, name: str) -> Locator:
    named = window.page.get_by_text(name, exact=True)
    return window.page.locator(".weft-key-line").filter(has=named)


async def test_without_a_password_store_a_person_chooses_and_nothing_is_kept_before(window: Window) -> None:
    page = window.page
    await keys(window)
    await expect(page.get_by_text("This computer has no running password store.")).to_be_visible()
    await page.get_by_role("button", name="Add a key").click()
    await page.get_by_role("dialog").get_by_role("button", name="Not now").click()
    await expect(page.get_by_role("dialog")).to_be_hidden()

    await page.get_by_role("button", name="Add a key").click()
    await page.get_by_role("dialog").get_by_role("button", name="Choose a passphrase").click()
    choosing = page.get_by_role("dialog").filter(has_text="The same again")
    await choosing.get_by_label("Passphrase").fill("too few")
    await page.keyboard.press("Enter")
    await expect(choosing.get_by_role("alert")).to_have_text("Take at least 8 characters; a few words are good.")
    await choosing.get_by_label("Passphrase").fill("correct horse battery")
    await choosing.get_by_label("The same again").fill("correct horse battery")
    await page.keyboard.press("Enter")
    await page.get_by_label("Name", exact=True).fill("shop_password")
    await page.get_by_label("Value", exact=True).fill("Hunter-22-secret")
    await page.get_by_role("button", name="Keep it").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(line(window, "shop_password")).to_contain_text("Kept just now")
    await expect(page.get_by_text("sealed with your passphrase")).to_be_visible()
    assert "Hunter-22-secret" not in await page.content()


async def test_a_model_is_added_tested_and_its_models_offered(window: Window) -> None:
    page = window.page
    with ModelServer() as server:
        server.keys = {"right-key-12345"}
        await keys(window)
        await page.get_by_role("button", name="Add a model").click()
        form = page.get_by_role("dialog")
        await form.get_by_role("radio", name="Another").click()
        await expect(form.get_by_label("Name")).to_have_value("Model")
        await form.get_by_label("Name").fill("Mine")
        await form.get_by_role("radio", name="Anthropic").click()
        await form.get_by_role("radio", name="Another").click()
        await expect(form.get_by_label("Name")).to_have_value("Mine")
        await form.get_by_role("button", name="Test").click()
        await expect(form.get_by_role("alert").filter(visible=True)).to_have_text("The address is missing.")
        await form.get_by_label("Address").fill(server.openai)
        await form.get_by_label("Key", exact=True).fill("wrong-key-12345")
        await form.get_by_role("button", name="Test").click()
        await expect(form.get_by_role("status")).to_contain_text("key")
        await form.get_by_label("Key", exact=True).fill('"right-key-12345"')
        await form.get_by_role("button", name="Test").click()
        await expect(form.get_by_role("status")).to_have_text(re.compile("It works: practice-1, practice-2"))
        await expect(form.get_by_label("Usual model")).to_have_value("practice-1")
        assert await page.locator("datalist option").count() == 2
        await form.get_by_role("button", name="Add", exact=True).click()
        await expect(line(window, "Mine")).to_contain_text("Key kept just now")

        await line(window, "Mine").get_by_role("button", name="Test Mine").click()
        await expect(line(window, "Mine").get_by_role("status")).to_contain_text("It works")
        assert "right-key-12345" not in await page.content()

        await line(window, "Mine").get_by_role("button", name="Change Mine").click()
        await expect(form).to_contain_text("One is kept. Leave this empty to keep it.")
        await expect(form.get_by_label("Key", exact=True)).to_have_value("")
        await form.get_by_label("Key", exact=True).fill("wrong-key-99999")
        await form.get_by_role("button", name="Save").click()
        await line(window, "Mine").get_by_role("button", name="Test Mine").click()
        await expect(line(window, "Mine").get_by_role("status")).not_to_contain_text("It works")


async def test_a_key_of_another_provider_is_refused_at_its_field(window: Window) -> None:
    page = window.page
    await keys(window)
    await page.get_by_role("button", name="Add a model").click()
    form = page.get_by_role("dialog")
    await form.get_by_label("Key", exact=True).fill("sk-ant-abcdefghijklmn")
    await form.get_by_role("button", name="Add", exact=True).click()
    await expect(form.get_by_role("alert").filter(visible=True)).to_contain_text("looks like a key of Anthropic")
    await page.keyboard.press("Escape")
    await expect(line(window, "OpenAI")).to_have_count(0)


async def test_deleting_says_which_flows_use_it(window: Window, studio: Studio) -> None:
    page = window.page
    await keys(window)
    await expect(line(window, "Mine")).to_contain_text("Morning prices")
    await line(window, "Mine").get_by_role("button", name="Delete Mine").click()
    await expect(page.get_by_role("dialog")).to_contain_text("“Morning prices”")
    await page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    await expect(line(window, "Mine")).to_have_count(0)
    await line(window, "shop_password").get_by_role("button", name="Delete shop_password").click()
    await page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    await expect(line(window, "shop_password")).to_have_count(0)


async def test_after_a_start_the_passphrase_unlocks_the_keys(window: Window, studio: Studio) -> None:
    """The last one here: it starts the studio anew."""
    await studio.end()
    await studio.start()
    again = Window(await studio.context.new_page(), studio)
    await keys(again)
    field = again.page.get_by_label("Passphrase")
    await field.fill("not this one at all")
    await again.page.keyboard.press("Enter")
    await expect(again.page.get_by_role("alert").filter(visible=True)).to_contain_text("This is not the passphrase")
    await field.fill("correct horse battery")
    await again.page.keyboard.press("Enter")
    await expect(again.page.get_by_text("sealed with your passphrase.")).to_be_visible()
    await expect(again.page.get_by_role("button", name="Change the passphrase")).to_be_visible()
    assert again.troubles == []
    await again.page.close()
