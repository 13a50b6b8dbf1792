"""What lasts: edits and lights after a power cut, one flow in two windows, a disk that is slow or refuses."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.e2e.driving import Studio, Window, becomes

pytestmark = pytest.mark.asyncio(loop_scope="module")
FLOWS = ("keys", "typed", "lights")


async def test_edits_and_lights_are_there_again_after_a_power_cut(browser: Browser, tmp_path: Path) -> None:
    studio = Studio(tmp_path, browser)
    await studio.seed("keys")
    await studio.start()
    window = Window(await studio.context.new_page(), studio)
    await window.open("keys")
    await window.run()
    await window.ends("Done")
    await window.choose("first")
    await window.field("Text").fill("Written at the last moment")
    await expect(window.step("first")).to_contain_text("Written at the last moment")
    await studio.kill()

    await studio.start()
    window = Window(await studio.context.new_page(), studio)
    await window.open("keys")
    await expect(window.step("first")).to_contain_text("Written at the last moment")
    await window.lit("second", "done")
    await expect(window.run_bar).to_contain_text("Done")
    await window.choose("second", "Result")
    await expect(window.result.get_by_text("Hello again", exact=True)).to_be_visible()
    await studio.end()


async def test_two_windows_on_one_flow_stay_in_step(studio: Studio, window: Window) -> None:
    other = Window(await studio.context.new_page(), studio)
    await window.open("lights")
    await other.open("lights")
    await window.choose("good")
    await window.field("Name of the step").fill("Only the dear")
    await expect(other.step("good")).to_contain_text("Only the dear")
    await other.choose("good")
    await expect(other.field("Name of the step")).to_have_value("Only the dear")
    place = "document.querySelector('[data-id=\"after\"].react-flow__node').style.transform"
    before = await other.page.evaluate(place)
    await other.drag("after", (40, 120))

    async def both() -> tuple[str, str]:
        return await window.page.evaluate(place), await other.page.evaluate(place)

    here, there = await becomes(both, lambda now: now[0] == now[1] != before)
    assert here == there != before
    await other.undo.click()
    await other.undo.click()
    await expect(window.step("good")).to_contain_text("Filter a list")

    await window.run()
    await other.lit("slow", "running")
    await window.ends("Failed")
    await other.ends("Failed")
    await other.lit("bad", "failed")
    await other.page.close()
    assert other.troubles == []


async def test_a_slow_disk_is_said_and_what_it_refuses_stays_on_screen(studio: Studio, window: Window) -> None:
    await window.open("typed")
    await window.choose("first")
    lock = sqlite3.connect(studio.home / "weft.db", isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    await window.field("Text").fill("This takes")
    await expect(window.page.get_by_text("Saving…")).to_be_visible()
    await window.field("Text").press_sequentially(" a while")
    lock.execute("ROLLBACK")
    await window.saved()
    await expect(window.step("first")).to_contain_text("This takes a while")

    lock.execute("BEGIN IMMEDIATE")
    await window.field("Text").fill("This is refused")
    await expect(window.page.get_by_role("alert").filter(has_text="Your last change is not saved.")).to_be_visible(
        timeout=30_000
    )
    await expect(window.field("Text")).to_have_value("This is refused")
    lock.execute("ROLLBACK")
    lock.close()
    await window.page.get_by_role("button", name="Try again").click()
    await window.saved()
    await expect(window.step("first")).to_contain_text("This is refused")
    await expect(window.page.get_by_text("Your last change is not saved.")).to_be_hidden()
