"""Wheel, trackpad, fingers, lasso and the menu of the canvas."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, CDPSession, Locator, Page, expect

from tests.ui.test_canvas import Stage, browser, middle, server, stage  # noqa: F401  fixtures

pytestmark = pytest.mark.asyncio(loop_scope="module")

VIEW = "() => document.querySelector('.react-flow__viewport').style.transform.match(/-?[\\d.]+/g).map(Number)"
LONG = 0.7
"""Seconds after which a finger that stays has opened the menu."""


async def view(page: Page) -> list[float]:
    """The canvas's corner and its zoom."""
    found: list[float] = await page.evaluate(VIEW)
    return found


async def moved(page: Page, before: list[float]) -> list[float]:
    """The view, once it is another than it was."""
    await page.wait_for_function(f"before => JSON.stringify(({VIEW})()) !== JSON.stringify(before)", arg=before)
    return await view(page)


async def turn(on: Stage, across: float, down: float, ctrl: bool = False) -> tuple[list[float], list[float]]:
    """Turn the wheel over the middle of the canvas: the view before and after."""
    await on.page.wait_for_timeout(300)  # So long a pause begins a movement of its own.
    await on.page.mouse.move(700, 620)
    before = await view(on.page)
    if ctrl:
        await on.page.keyboard.down("Control")
    await on.page.mouse.wheel(across, down)
    after = await moved(on.page, before)
    if ctrl:
        await on.page.keyboard.up("Control")
    return before, after


async def scrolls(on: Stage, what: str) -> None:
    """Choose on the canvas what scrolling does."""
    await on.page.get_by_role("button", name="Mouse and trackpad").click()
    await on.page.get_by_role("menuitemradio", name=what).click()


async def test_a_wheel_zooms_and_a_trackpad_pans_without_being_asked(stage: Stage) -> None:  # noqa: F811
    before, after = await turn(stage, 0, 120)
    assert after[2] < before[2]
    before, after = await turn(stage, 6, 9)
    assert after == pytest.approx([before[0] - 6, before[1] - 9, before[2]])


async def test_what_scrolling_does_is_chosen_on_the_canvas(stage: Stage) -> None:  # noqa: F811
    await scrolls(stage, "Scrolling pans")
    assert {"hand": {"wheel": "pans"}} in await stage.heard()
    before, after = await turn(stage, 0, 120)
    assert after == pytest.approx([before[0], before[1] - 120, before[2]])
    before, after = await turn(stage, 0, 120, ctrl=True)
    assert after[2] < before[2]
    await scrolls(stage, "Scrolling zooms")
    before, after = await turn(stage, 6, 9)
    assert after[2] < before[2]


async def test_the_choice_is_made_with_keys_and_gives_the_focus_back(stage: Stage) -> None:  # noqa: F811
    button = stage.page.get_by_role("button", name="Mouse and trackpad")
    await button.focus()
    await stage.page.keyboard.press("Enter")
    await expect(stage.page.get_by_role("menuitemradio", name="Wheel zooms, trackpad pans")).to_be_focused()
    await stage.page.keyboard.press("ArrowDown")
    await stage.page.keyboard.press("ArrowDown")
    await stage.page.keyboard.press("Enter")
    await expect(button).to_be_focused()
    assert {"hand": {"wheel": "pans"}} in await stage.heard()
    await stage.page.keyboard.press("Enter")
    await stage.page.keyboard.press("Escape")
    await expect(button).to_be_focused()
    await expect(stage.page.get_by_role("menu")).to_have_count(0)


async def test_what_was_chosen_before_holds(stage: Stage) -> None:  # noqa: F811
    await stage.tell("hand", {"wheel": "pans"})
    before, after = await turn(stage, 0, 120)
    assert after[2] == before[2]


async def around(on: Stage, *steps: str, held: tuple[str, ...] = ()) -> None:
    """Draw a line around the middles of these steps, and not around the corners of their rectangle."""
    places = [await middle(on.step(path)) for path in steps]
    left, right = min(x for x, _ in places) - 30, max(x for x, _ in places) + 30
    line = [*((x, y - 50) for x, y in sorted(places)), (right, places[-1][1])]
    line += [*((x, y + 50) for x, y in sorted(places, reverse=True)), (left, sorted(places)[0][1])]
    for key in held:
        await on.page.keyboard.down(key)
    await on.page.mouse.move(*line[0])
    await on.page.mouse.down()
    for place in [*line[1:], line[0]]:
        await on.page.mouse.move(*place, steps=3)
    await on.page.mouse.up()
    for key in held:
        await on.page.keyboard.up(key)


async def selected(on: Stage) -> list[list[str]]:
    return [each["select"]["steps"] for each in await on.heard() if "select" in each]


async def test_a_lasso_takes_what_a_box_could_not_take_alone(stage: Stage) -> None:  # noqa: F811
    before = await view(stage.page)
    await stage.page.get_by_role("button", name="Select with a lasso").click()
    await around(stage, "shelf", "sorry")
    assert (await selected(stage))[-1] == ["shelf", "sorry"]
    await expect(stage.step("some")).not_to_have_class("is-selected")
    assert await view(stage.page) == before
    await stage.page.keyboard.press("Escape")
    await expect(stage.page.locator(".weft-flow")).not_to_have_class("has-lasso")
    assert await stage.page.locator(".react-flow__node.selected").count() == 2
    await stage.page.mouse.click(700, 700)
    await expect(stage.page.locator(".react-flow__node.selected")).to_have_count(0)


async def test_alt_and_shift_draw_a_lasso_at_once(stage: Stage) -> None:  # noqa: F811
    await around(stage, "open", "shelf", held=("Alt", "Shift"))
    assert (await selected(stage))[-1] == ["open", "shelf"]


async def test_escape_gives_a_lasso_up_while_it_is_drawn(stage: Stage) -> None:  # noqa: F811
    await stage.page.get_by_role("button", name="Select with a lasso").click()
    await stage.page.mouse.move(300, 300)
    await stage.page.mouse.down()
    await stage.page.mouse.move(600, 320, steps=4)
    await expect(stage.page.locator(".weft-lasso path")).to_have_count(1)
    await stage.page.keyboard.press("Escape")
    await expect(stage.page.locator(".weft-lasso path")).to_have_count(0)
    await stage.page.mouse.up()
    assert await selected(stage) == []


async def test_the_right_button_asks_what_to_do_with_a_step(stage: Stage) -> None:  # noqa: F811
    await stage.head("sorry").click(button="right")
    menu = stage.page.get_by_role("menu", name="What to do with Say sorry")
    await expect(menu.get_by_role("menuitem").first).to_be_focused()
    assert await selected(stage) == [["sorry"]]
    await menu.get_by_role("menuitem", name="Duplicate").click()
    assert await stage.commands() == ["duplicate"]
    await expect(menu).to_have_count(0)
    await expect(stage.page.locator(".weft-flow")).to_be_focused()


async def test_the_menu_is_walked_with_keys_and_left_with_escape(stage: Stage) -> None:  # noqa: F811
    await stage.head("sorry").click(button="right")
    await stage.page.keyboard.press("End")
    await expect(stage.page.get_by_role("menuitem", name="Delete")).to_be_focused()
    await stage.page.keyboard.press("Escape")
    await expect(stage.page.get_by_role("menu")).to_have_count(0)
    assert await stage.gestures() == []
    await stage.head("sorry").click(button="right")
    await stage.page.keyboard.press("ArrowUp")
    await stage.page.keyboard.press("Enter")
    [[edit]] = await stage.gestures()
    assert (edit["do"], edit["steps"], edit["wires"]) == ("remove", ["sorry"], [])


async def test_a_step_is_added_where_the_ground_was_pressed(stage: Stage) -> None:  # noqa: F811
    await stage.zoom_to_100()
    await stage.page.mouse.click(500, 700, button="right")
    await stage.page.get_by_role("menuitem", name="Add a step here").click()
    [command] = [each["command"] for each in await stage.heard() if "command" in each]
    assert (command["name"], command["x"], command["y"]) == ("search", 500, 700)


async def test_a_wire_is_removed_by_its_menu(stage: Stage) -> None:  # noqa: F811
    await stage.point_at_wire("open -> shelf", 0.3)
    await stage.page.mouse.click(*await _pointed(stage, "open -> shelf"), button="right")
    await stage.page.get_by_role("menuitem", name="Remove this wire").click()
    [[edit]] = await stage.gestures()
    assert (edit["do"], edit["steps"], edit["wires"]) == ("remove", [], ["open -> shelf"])


async def test_in_a_run_the_menu_offers_only_what_looks(stage: Stage) -> None:  # noqa: F811
    await stage.open("?view=true")
    await stage.head("sorry").click(button="right")
    assert await stage.page.get_by_role("menuitem").locator("span:not(.weft-icon)").all_inner_texts() == [
        "Open its settings",
        "Copy",
    ]


async def _pointed(on: Stage, wire: str) -> tuple[float, float]:
    path = on.page.locator(f'[data-id="{wire}"] .react-flow__edge-interaction')
    x, y = await path.evaluate(
        "path => { const {x, y} = path.getPointAtLength(path.getTotalLength() * 0.3)"
        ".matrixTransform(path.getScreenCTM()); return [x, y]; }"
    )
    return x, y


class Fingers:
    """A touch screen."""

    def __init__(self, on: Stage, screen: CDPSession) -> None:
        self.stage = on
        self._screen = screen

    async def down(self, *places: tuple[float, float]) -> None:
        await self._send("touchStart", places)

    async def move(self, *places: tuple[float, float]) -> None:
        await self._send("touchMove", places)

    async def up(self) -> None:
        await self._send("touchEnd", ())

    async def tap(self, target: Locator) -> None:
        await self.stage.page.touchscreen.tap(*await middle(target))

    async def _send(self, kind: str, places: tuple[tuple[float, float], ...]) -> None:
        points: list[Any] = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(places)]
        await self._screen.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


@pytest_asyncio.fixture(loop_scope="module")
async def fingers(browser: Browser, server: str) -> AsyncIterator[Fingers]:  # noqa: F811
    context = await browser.new_context(viewport={"width": 1024, "height": 700}, has_touch=True)
    page = await context.new_page()
    page.set_default_timeout(20_000)
    opened = Stage(page, server)
    await opened.open()
    yield Fingers(opened, await context.new_cdp_session(page))
    await context.close()


async def test_two_fingers_zoom_and_one_pans(fingers: Fingers) -> None:
    page = fingers.stage.page
    before = await view(page)
    await fingers.down((400, 500), (500, 500))
    for far in (20, 40, 60, 80):
        await fingers.move((400 - far, 500), (500 + far, 500))
    await fingers.up()
    near = await moved(page, before)
    assert near[2] > before[2]
    await fingers.down((500, 600))
    for far in (20, 40, 60):
        await fingers.move((500 - far, 600))
    await fingers.up()
    panned = await moved(page, near)
    assert panned[0] < near[0]
    assert panned[2] == near[2]


async def test_a_tap_selects(fingers: Fingers) -> None:
    await fingers.tap(fingers.stage.head("shelf"))
    assert await selected(fingers.stage) == [["shelf"]]
    await fingers.stage.page.touchscreen.tap(500, 600)
    assert await selected(fingers.stage) == [[]]


async def test_a_finger_that_stays_opens_the_menu_and_moves_nothing(fingers: Fingers) -> None:
    page = fingers.stage.page
    x, y = await middle(fingers.stage.head("shelf"))
    await fingers.down((x, y))
    menu = page.get_by_role("menu", name="What to do with Read the shelf")
    await menu.wait_for()
    await fingers.move((x + 40, y + 40))
    await fingers.up()
    await asyncio.sleep(0.15)
    await expect(menu).to_be_visible()
    assert await fingers.stage.gestures() == []
    await fingers.tap(menu.get_by_role("menuitem", name="Duplicate"))
    assert await fingers.stage.commands() == ["duplicate"]


async def test_a_finger_that_goes_on_moves_the_step_and_opens_nothing(fingers: Fingers) -> None:
    x, y = await middle(fingers.stage.head("shelf"))
    await fingers.down((x, y))
    for by in (20, 40, 64):
        await fingers.move((x, y + by))
    await asyncio.sleep(LONG)
    await fingers.up()
    [[edit]] = await fingers.stage.gestures()
    assert edit["do"] == "move"
    await expect(fingers.stage.page.get_by_role("menu")).to_have_count(0)


async def test_a_wire_is_drawn_by_a_tap_on_each_end(fingers: Fingers) -> None:
    await fingers.tap(fingers.stage.port("sorry", "out:text"))
    await expect(fingers.stage.port("some", "in:value")).to_have_class(re.compile("offer-fits"))
    await fingers.tap(fingers.stage.port("some", "in:value"))
    [[edit]] = await fingers.stage.gestures()
    assert (edit["do"], edit["source"], edit["target"]) == ("connect", "sorry", "some")


async def test_a_finger_draws_a_lasso(fingers: Fingers) -> None:
    on = fingers.stage
    before = await view(on.page)
    await fingers.tap(on.page.get_by_role("button", name="Select with a lasso"))
    x, y = await middle(on.head("open"))
    line = [(x - 90, y - 60), (x + 90, y - 60), (x + 90, y + 60), (x - 90, y + 60), (x - 90, y - 50)]
    await fingers.down(line[0])
    for place in line[1:]:
        await fingers.move(place)
    await fingers.up()
    await expect(on.page.locator(".weft-lasso path")).to_have_count(0)
    assert (await selected(on))[-1] == ["open"]
    assert await view(on.page) == before
