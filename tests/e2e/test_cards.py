"""What a step and a wire show after a run, and what scrolling does: chosen once, kept for good."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Locator, expect

from tests.e2e.driving import Studio, Window, still

pytestmark = pytest.mark.asyncio(loop_scope="module")
FLOWS = ("cards", "still")


async def ran(window: Window) -> None:
    """The flow after a run."""
    await window.open("cards")
    # In its own size, so that all of a step is drawn.
    await expect(window.step("mugs").locator(".step-summary")).to_be_visible()
    if not await window.run_bar.locator(".weft-status").get_by_text("Done").count():
        await window.run()
    await window.ends("Done")


async def aim(window: Window, wire: str) -> None:
    """Let the pointer rest on a wire, off its middle."""
    path = window.page.locator(f'.react-flow__edge[data-id=":{wire}"] .react-flow__edge-interaction')
    x, y = await path.evaluate(
        "path => { const {x, y} = path.getPointAtLength(path.getTotalLength() * 0.4)"
        ".matrixTransform(path.getScreenCTM()); return [x, y]; }"
    )
    await window.page.mouse.move(5, 5)
    await window.page.mouse.move(x, y)


def sample(window: Window) -> Locator:
    return window.page.locator(".weft-sample")


async def test_a_step_says_what_it_will_do_and_sets_its_own_words_apart(window: Window) -> None:
    await window.open("cards")
    await expect(window.step("open").locator(".step-summary")).to_have_text("Open {{ practice }}/mugs")
    await expect(window.step("open").locator(".step-summary em")).to_have_text("{{ practice }}/mugs")
    await expect(window.step("dear").locator(".step-summary em")).to_have_count(0)


async def test_a_step_shows_how_many_items_it_gave_and_how_long_it_took(window: Window) -> None:
    await ran(window)
    await expect(window.step("mugs").locator(".figures")).to_have_text(re.compile(r"(ms|s) · 6 items$"))
    await expect(window.step("dear").locator(".figures")).to_have_text(re.compile(r"3 \+ 3 items|3 items"))


async def test_nothing_moves_when_a_step_says_how_it_went(window: Window) -> None:
    await window.open("still")
    before = [await still(window.step(path)) for path in ("mugs", "dear", "picture", "sad")]
    await window.run()
    await window.ends("Done")
    await expect(window.step("picture").locator(".thumbnail")).to_be_visible()
    assert [await window.step(path).bounding_box() for path in ("mugs", "dear", "picture", "sad")] == before


async def test_a_picture_is_seen_under_the_step_that_took_it(window: Window) -> None:
    await ran(window)
    picture = window.step("picture").locator(".thumbnail img")
    assert await picture.evaluate("picture => picture.decode().then(() => picture.naturalWidth)") > 300
    box, step = await picture.bounding_box(), await window.step("picture").bounding_box()
    assert box is not None
    assert step is not None
    assert box["y"] >= step["y"] + step["height"]


async def test_a_wire_shows_the_first_of_what_passed_along_it(window: Window) -> None:
    await ran(window)
    await aim(window, "mugs.value -> dear.items")
    await expect(sample(window)).to_contain_text("6 items passed")
    await expect(sample(window)).to_contain_text('{"name": "Mug 1", "price": 5}')
    await expect(sample(window)).to_contain_text("and 3 more")
    await window.page.mouse.move(5, 5)
    await expect(sample(window)).to_have_count(0)


async def test_a_wire_that_was_not_taken_looks_so_and_says_so(window: Window) -> None:
    await ran(window)
    untaken = window.page.locator('.react-flow__edge[data-id=":any.false -> sad"] path.wire')
    await expect(untaken).to_have_class(re.compile("is-untaken"))
    await aim(window, "any.false -> sad")
    await expect(sample(window)).to_contain_text("This way was not taken")


async def test_steps_are_drawn_in_three_ways_as_one_goes_away(window: Window) -> None:
    await ran(window)
    words = window.step("mugs").locator(".step-summary")
    title = window.step("mugs").locator(".step-title")
    await window.canvas.focus()
    for _ in range(12):
        await window.press("-")
    await expect(title).to_be_hidden()
    await expect(window.step("mugs").locator(".step-tile")).to_be_visible()
    for _ in range(6):
        await window.press("+")
    await expect(title).to_be_visible()
    await expect(words).to_have_count(0)
    await window.press("0")
    await expect(words).to_be_visible()


async def test_what_scrolling_does_is_kept_on_disk(window: Window, studio: Studio) -> None:
    page = window.page
    await window.open("cards")
    await page.get_by_role("button", name="Mouse and trackpad").click()
    await page.get_by_role("menuitemradio", name="Scrolling pans").click()
    await expect(page.get_by_role("menuitemradio")).to_have_count(0)
    async with page.expect_event("websocket"):
        await page.reload()
    await window.canvas.wait_for()
    button = page.get_by_role("button", name="Mouse and trackpad")

    async def chosen() -> str | None:
        await button.click()
        found = await page.locator('[role="menuitemradio"][aria-checked="true"]').text_content()
        await window.press("Escape")
        return found

    await expect(page.get_by_role("button", name="Run", exact=True)).to_be_visible()
    await page.wait_for_function(
        """() => { const button = document.querySelector('.weft-controls [aria-label="Mouse and trackpad"]');
            return button && button.dataset.wheel === "pans"; }"""
    )
    assert "Scrolling pans" in (await chosen() or "")


async def test_the_list_of_steps_understands_other_words(window: Window) -> None:
    await window.open("cards")
    await window.canvas.focus()
    for key, word, expected in (
        ("n", "loop", "For each"),
        ("/", "http request", "Send a web request"),
        ("Tab", "foreach", "For each"),
    ):
        await window.press(key)
        search = window.page.get_by_role("dialog").get_by_label("Search steps")
        await search.fill(word)
        await expect(window.page.get_by_role("option").filter(has_text=expected)).to_have_count(1)
        await expect(window.page.get_by_role("option").first.locator(".weft-strong")).to_have_text(expected)
        await window.press("Escape")
        await expect(window.page.get_by_role("dialog")).to_have_count(0)
        await window.canvas.focus()


async def test_a_wire_let_go_on_nothing_offers_only_what_fits(window: Window) -> None:
    await window.open("cards")
    page = window.page
    start = await still(window.port("picture.out:value"))
    await page.mouse.move(start["x"] + 5, start["y"] + 5)
    await page.mouse.down()
    await page.mouse.move(start["x"] + 120, start["y"] + 60, steps=5)
    await page.mouse.up()
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_label("Search steps")).to_be_focused()
    await expect(dialog.get_by_role("option").filter(has_text="Approve")).to_have_count(1)
    await expect(dialog.get_by_role("option").filter(has_text="Filter a list")).to_have_count(0)
    await window.press("Escape")
    await expect(dialog).to_have_count(0)
