"""The canvas as a person meets it: a really started page, real Chromium, mouse and keys."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import socket
import sys
import time
import urllib.request
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from tests.ui.flows_to_draw import grid, shop, step, wire

pytestmark = pytest.mark.asyncio(loop_scope="module")
ROOT = Path(__file__).parents[2]


class Stage:
    """A page with a canvas on it, and what the canvas said."""

    def __init__(self, page: Page, base: str) -> None:
        self.page = page
        self.base = base

    async def open(self, query: str = "") -> None:
        await self.page.goto(f"{self.base}/{query}")
        await self.page.locator(".weft-flow").wait_for()
        await self.page.wait_for_timeout(150)
        await self.heard()

    async def tell(self, call: str, *arguments: Any, **named: Any) -> None:
        await _ask(f"{self.base}/tell", {"call": call, "with": arguments, "named": named})
        await self.page.wait_for_timeout(120)

    async def heard(self) -> list[dict[str, Any]]:
        await self.page.wait_for_timeout(120)
        told: list[dict[str, Any]] = await _ask(f"{self.base}/heard")
        return told

    async def gestures(self) -> list[list[dict[str, Any]]]:
        return [each["gesture"] for each in await self.heard() if "gesture" in each]

    async def commands(self) -> list[str]:
        return [each["command"]["name"] for each in await self.heard() if "command" in each]

    async def rounds(self) -> list[dict[str, Any]]:
        return [each["round"] for each in await self.heard() if "round" in each]

    async def strip(self, **shape: Any) -> Locator:
        """The strip of the container, once it is drawn."""
        plain = {"each": 1, "ended": 0, "failed": 0, "total": None, "chosen": None, "newest": None, "within": ""}
        await self.tell("lights", {"each": {"status": "running"}})
        await self.tell("strips", {"each": {**plain, **shape}})
        strip = self.step("each").get_by_role("slider")
        await strip.wait_for()
        return strip

    async def aim_at_mark(self, strip: Locator, mark: int, of: int) -> None:
        box = await strip.bounding_box()
        assert box is not None
        await self.page.mouse.move(box["x"] + box["width"] * (mark + 0.5) / of, box["y"] + box["height"] / 2)

    def step(self, path: str) -> Locator:
        return self.page.locator(f'[data-path="{path}"]')

    def head(self, path: str) -> Locator:
        return self.step(path).locator("> .step-head")

    def port(self, path: str, handle: str) -> Locator:
        return self.page.locator(f'.react-flow__handle[data-nodeid="{path}"][data-handleid="{handle}"]')

    async def click_near_the_start_of(self, wire: str) -> None:
        await self.point_at_wire(wire, 0.3)
        await self.page.mouse.down()
        await self.page.mouse.up()

    async def point_at_wire(self, wire: str, part: float = 0.5) -> None:
        path = self.page.locator(f'[data-id="{wire}"] .react-flow__edge-interaction')
        x, y = await path.evaluate(
            """(path, part) => {
                const {x, y} = path.getPointAtLength(path.getTotalLength() * part).matrixTransform(path.getScreenCTM());
                return [x, y];
            }""",
            part,
        )
        await self.page.mouse.move(x, y)

    async def drag(self, start: Locator, by: tuple[float, float] | Locator) -> None:
        x, y = await middle(start)
        to = await middle(by) if isinstance(by, Locator) else (x + by[0], y + by[1])
        await self.page.mouse.move(x, y)
        await self.page.mouse.down()
        await self.page.mouse.move((x + to[0]) / 2, (y + to[1]) / 2, steps=4)
        await self.page.mouse.move(*to, steps=4)

    async def drop(self, start: Locator, by: tuple[float, float] | Locator) -> None:
        await self.drag(start, by)
        await self.page.mouse.up()

    async def zoom_to_100(self) -> None:
        await self.page.locator(".weft-flow").focus()
        await self.page.keyboard.press("0")
        await self.page.wait_for_timeout(350)


async def _ask(url: str, body: dict[str, Any] | None = None) -> Any:
    request = urllib.request.Request(
        url, json.dumps(body).encode() if body else None, {"content-type": "application/json"}
    )

    def answer() -> Any:
        with urllib.request.urlopen(request, timeout=10) as response:
            return json.load(response)

    return await asyncio.to_thread(answer)


async def middle(locator: Locator) -> tuple[float, float]:
    box = await locator.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def environment() -> dict[str, str]:
    """Ours, without what tells NiceGUI that it is being tested: the page runs as it does for a person."""
    return {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}


def chromium(bundled: str) -> str | None:
    return bundled if Path(bundled).exists() else shutil.which("chromium")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server() -> AsyncIterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.ui.canvas_page",
        "--port",
        str(port),
        cwd=ROOT,
        env=environment(),
        stdout=asyncio.subprocess.DEVNULL,
    )
    base = f"http://127.0.0.1:{port}"
    patience = time.monotonic() + 40
    while True:
        try:
            await _ask(f"{base}/heard")
            break
        except OSError:
            assert time.monotonic() < patience, "The canvas page did not start."
            await asyncio.sleep(0.1)
    yield base
    process.terminate()
    await process.wait()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        bundled = playwright.chromium.executable_path
        opened = await playwright.chromium.launch(executable_path=chromium(bundled), args=["--no-sandbox"])
        yield opened
        await opened.close()


@pytest_asyncio.fixture(loop_scope="module")
async def stage(browser: Browser, server: str) -> AsyncIterator[Stage]:
    page = await browser.new_page(viewport={"width": 1440, "height": 900})
    page.set_default_timeout(20_000)
    troubles: list[str] = []
    page.on("console", lambda said: troubles.append(said.text) if said.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    opened = Stage(page, server)
    await opened.open()
    yield opened
    await page.close()
    assert troubles == []


async def test_every_step_says_what_it_is(stage: Stage) -> None:
    assert await stage.page.locator("[data-path]").evaluate_all("all => all.map(each => each.ariaLabel)") == [
        "Open page, Open the shop, practice.local/mugs",
        "Read table, Read the shelf, table “Mugs”",
        "If, Anything there?, shelf.rows is not empty",
        "For each, For each mug, 4 at a time",
        "Compose text, Say sorry, No mugs today.",
        "Write file, Write the report, report.md",
        "Click, Add to cart, button “Add to cart”, Choose what to click.",
        "Ask, One line about it, One line about {{ item.name }}",
        "Compose text, Tidy up, {{ line.text }}",
    ]


async def test_the_flow_is_drawn_before_there_is_a_way_to_the_studio(browser: Browser, server: str) -> None:
    page = await browser.new_page()
    page.set_default_timeout(20_000)
    await page.route_web_socket("**", lambda _socket: None)  # It opens, and nothing ever comes.
    await page.goto(server)
    await page.locator(".react-flow__node").first.wait_for()
    assert await page.evaluate("window.did_handshake") is False
    await page.close()


async def test_dragging_many_steps_is_one_gesture(stage: Stage) -> None:
    await stage.zoom_to_100()
    await stage.head("open").click()
    await stage.head("shelf").click(modifiers=["Shift"])
    assert await stage.heard() == [
        {"select": {"steps": ["open"], "wires": [], "notes": [], "frames": []}},
        {"select": {"steps": ["open", "shelf"], "wires": [], "notes": [], "frames": []}},
    ]
    await stage.drop(stage.head("shelf"), (0, 90))
    assert await stage.gestures() == [[{"do": "move", "to": {"open": [0, 200], "shelf": [256, 200]}}]]


async def test_a_moved_step_goes_where_python_says(stage: Stage) -> None:
    await stage.drop(stage.head("open"), (40, 100))
    before = await stage.step("open").bounding_box()
    await stage.tell("patch", {"steps": {"open": {"x": 0, "y": 120}}})
    after = await stage.step("open").bounding_box()
    assert before is not None
    assert after is not None
    assert after["y"] < before["y"] - 80


async def test_fitting_ports_glow_and_a_drop_connects(stage: Stage) -> None:
    await stage.drag(stage.port("shelf", "out:rows"), stage.port("each", "in:items"))
    assert await stage.page.locator(".offer-fits").evaluate_all(
        "all => all.map(each => each.dataset.nodeid + ' ' + each.dataset.handleid).sort()"
    ) == sorted(
        [f"{path} in:" for path in ("open", "some", "each", "sorry", "write", "tell")]
        + ["some in:value", "each in:items", "sorry in:values"]
    )
    await stage.page.mouse.up()
    assert await stage.gestures() == [
        [{"do": "connect", "source": "shelf", "source_port": "rows", "target": "each", "target_port": "items"}]
    ]
    assert await stage.page.locator(".react-flow__edge").count() == len(shop()["wires"])


async def test_a_wire_that_does_not_fit_is_refused_in_a_sentence(stage: Stage) -> None:
    await stage.drag(stage.port("sorry", "out:text"), stage.port("each", "in:items"))
    await expect(stage.page.locator(".weft-refusal")).to_have_text("Text does not fit a list.")
    await stage.page.mouse.up()
    assert await stage.gestures() == []
    await expect(stage.page.locator(".weft-refusal")).to_have_text("Text does not fit a list.")
    await expect(stage.page.locator(".weft-refusal")).to_have_count(0)


async def test_wires_do_not_leave_a_container(stage: Stage) -> None:
    await stage.drop(stage.port("shelf", "out:rows"), stage.port("each/line", "in:context"))
    assert await stage.gestures() == []
    await expect(stage.page.locator(".weft-refusal")).to_contain_text("stays inside one container")


async def test_a_wire_dropped_on_a_step_finds_its_port(stage: Stage) -> None:
    await stage.drop(stage.port("sorry", "out:text"), stage.head("write"))
    await stage.drop(stage.port("write", "in:"), stage.head("open"))
    assert await stage.gestures() == [
        [{"do": "connect", "source": "sorry", "source_port": "text", "target": "write", "target_port": "content"}],
        [{"do": "connect", "source": "open", "source_port": "", "target": "write", "target_port": ""}],
    ]


async def test_a_wire_is_drawn_by_two_clicks(stage: Stage) -> None:
    await stage.port("sorry", "out:text").click()
    await expect(stage.port("write", "in:content")).to_contain_class("offer-fits")
    await stage.port("write", "in:content").click()
    await stage.port("sorry", "out:text").click()
    await stage.port("each", "in:items").click()
    assert await stage.gestures() == [
        [{"do": "connect", "source": "sorry", "source_port": "text", "target": "write", "target_port": "content"}]
    ]
    await expect(stage.page.locator(".weft-refusal")).to_have_text("Text does not fit a list.")


async def test_a_wire_dropped_on_nothing_asks_for_a_step(stage: Stage) -> None:
    await stage.drop(stage.port("write", "out:file"), (-60, 200))
    [said] = await stage.heard()
    assert said["command"]["name"] == "search"
    assert said["command"]["from"] == {"step": "write", "port": "file", "side": "out"}
    assert said["command"]["parent"] is None


async def test_a_wire_is_cut_by_its_button_and_by_delete(stage: Stage) -> None:
    await stage.point_at_wire("open -> shelf")
    await stage.page.locator(".wire-cut").click()
    await stage.click_near_the_start_of("some.false -> sorry.values")
    await stage.page.keyboard.press("Delete")
    assert await stage.heard() == [
        {"gesture": [{"do": "disconnect", "wires": ["open -> shelf"]}]},
        {"select": {"steps": [], "wires": ["some.false -> sorry.values"], "notes": [], "frames": []}},
        {
            "gesture": [
                {"do": "remove", "steps": [], "wires": ["some.false -> sorry.values"], "notes": [], "frames": []}
            ]
        },
    ]


async def test_the_end_of_a_selected_wire_can_be_moved(stage: Stage) -> None:
    await stage.click_near_the_start_of("some.false -> sorry.values")
    await stage.heard()
    await stage.drop(stage.page.locator(".react-flow__edgeupdater-target"), stage.port("write", "in:content"))
    assert await stage.gestures() == [
        [
            {"do": "disconnect", "wires": ["some.false -> sorry.values"]},
            {"do": "connect", "source": "some", "source_port": "false", "target": "write", "target_port": "content"},
        ]
    ]


async def test_opening_renaming_and_removing_by_key(stage: Stage) -> None:
    await stage.head("shelf").click()
    for key in ("Enter", "F2", "d", "Control+d", "Delete"):
        await stage.page.keyboard.press(key)
    await stage.head("open").dblclick()
    assert await stage.heard() == [
        {"select": {"steps": ["shelf"], "wires": [], "notes": [], "frames": []}},
        {"open": "shelf"},
        {"command": {"name": "rename"}},
        {"command": {"name": "disable"}},
        {"command": {"name": "duplicate"}},
        {"gesture": [{"do": "remove", "steps": ["shelf"], "wires": [], "notes": [], "frames": []}]},
        {"select": {"steps": ["open"], "wires": [], "notes": [], "frames": []}},
        {"open": "open"},
    ]


async def test_the_keys_python_answers(stage: Stage) -> None:
    await stage.page.locator(".weft-flow").focus()
    for key in ("Control+c", "Control+x", "n", "/", "Tab"):
        await stage.page.keyboard.press(key)
    assert await stage.commands() == ["copy", "cut", "search", "search", "search"]


async def test_the_keys_of_the_page_are_none_of_the_canvas(stage: Stage) -> None:
    await stage.page.locator(".weft-flow").focus()
    for key in ("Control+z", "Control+Shift+Z", "Control+Enter", "?", "F9", "F3"):
        await stage.page.keyboard.press(key)
    assert await stage.heard() == []


async def test_a_key_means_what_python_says_it_means(stage: Stage) -> None:
    await stage.head("shelf").click()
    await stage.heard()
    await stage.tell("run_method", "keys", {"edit": {"alt+x": "disable", "ctrl+e": "rename"}, "view": {}}, {})
    for key in ("d", "F2", "Alt+x", "Control+e"):
        await stage.page.keyboard.press(key)
    assert await stage.commands() == ["disable", "rename"]


async def test_keys_typed_into_a_field_are_not_the_canvas_s(stage: Stage) -> None:
    field = stage.page.get_by_role("textbox", name="Name")
    await field.click()
    await field.press_sequentially("nd/1?")
    await field.press("Control+z")
    await field.press("Delete")
    assert await stage.heard() == []


async def test_pasting_hands_over_the_text(stage: Stage) -> None:
    await stage.page.locator(".weft-flow").focus()
    await stage.page.evaluate(
        """() => {
            const board = new DataTransfer();
            board.setData("text/plain", "steps: {}");
            document.activeElement.dispatchEvent(new ClipboardEvent("paste", {clipboardData: board, bubbles: true}));
        }"""
    )
    [said] = await stage.heard()
    assert (said["command"]["name"], said["command"]["text"]) == ("paste", "steps: {}")


async def test_arrows_walk_along_the_wires(stage: Stage) -> None:
    await stage.page.locator(".weft-flow").focus()
    walked = []
    for key in (
        "ArrowRight",
        "ArrowRight",
        "ArrowRight",
        "ArrowRight",
        "ArrowDown",
        "ArrowRight",
        "ArrowUp",
        "ArrowLeft",
    ):
        await stage.page.keyboard.press(key)
        await stage.page.wait_for_timeout(60)
        walked.append(await stage.page.evaluate("document.activeElement.dataset.path"))
    assert walked == ["open", "shelf", "some", "each", "sorry", "tell", "write", "each"]
    await stage.page.keyboard.press("Shift+ArrowLeft")
    assert (await stage.heard())[-1] == {"select": {"steps": ["some", "each"], "wires": [], "notes": [], "frames": []}}


async def test_nudging_is_one_gesture(stage: Stage) -> None:
    await stage.head("open").click()
    for _ in range(3):
        await stage.page.keyboard.press("Control+ArrowDown")
    await stage.page.wait_for_timeout(300)
    assert await stage.gestures() == [[{"do": "move", "to": {"open": [0, 144]}}]]


async def test_selecting_everything_and_nothing(stage: Stage) -> None:
    await stage.page.locator(".weft-flow").focus()
    await stage.page.keyboard.press("Control+a")
    await stage.page.keyboard.press("Escape")
    said = await stage.heard()
    assert [len(each["select"]["steps"]) for each in said] == [9, 0]


async def test_a_wire_is_drawn_without_a_mouse(stage: Stage) -> None:
    await stage.head("shelf").click()
    for key in ("w", "Enter", "ArrowDown", "Enter"):
        await stage.page.keyboard.press(key)
    assert await stage.gestures() == [
        [{"do": "connect", "source": "shelf", "source_port": "rows", "target": "some", "target_port": ""}]
    ]
    await stage.page.keyboard.press("w")
    await stage.page.keyboard.press("Escape")
    assert await stage.gestures() == []
    await expect(stage.page.locator(".is-aimed")).to_have_count(0)


async def test_a_shift_drag_takes_what_it_touches(stage: Stage) -> None:
    await stage.page.keyboard.down("Shift")
    await stage.drag(stage.port("open", "in:"), (260, 60))
    x, y = await middle(stage.head("open"))
    await stage.page.mouse.up()
    await stage.page.keyboard.up("Shift")
    await stage.page.mouse.move(x - 100, y - 80)
    await stage.page.keyboard.down("Shift")
    await stage.page.mouse.down()
    await stage.page.mouse.move(x + 160, y + 20, steps=5)
    await stage.page.mouse.up()
    await stage.page.keyboard.up("Shift")
    assert (await stage.heard())[-1]["select"]["steps"] == ["open", "shelf"]


async def test_space_and_background_drags_pan(stage: Stage) -> None:
    before = await middle(stage.head("open"))
    await stage.page.keyboard.down(" ")
    await stage.drop(stage.head("open"), (0, 90))
    await stage.page.keyboard.up(" ")
    x, y = await middle(stage.head("open"))
    assert (round(x - before[0]), round(y - before[1])) == (0, 90)
    await stage.page.mouse.move(300, 750)
    await stage.page.mouse.down()
    await stage.page.mouse.move(360, 750, steps=3)
    await stage.page.mouse.up()
    assert round((await middle(stage.head("open")))[0] - x) == 60
    assert await stage.gestures() == []


async def test_a_palette_entry_lands_where_it_is_dropped(stage: Stage) -> None:
    await stage.zoom_to_100()
    entry = stage.page.get_by_text("Click", exact=True)
    inside = stage.step("each").locator(".box-inside")
    await entry.drag_to(stage.page.locator(".weft-flow"), target_position={"x": 300, "y": 800})
    corner = await inside.bounding_box()
    assert corner is not None
    await entry.drag_to(
        stage.page.locator(".weft-flow"), target_position={"x": corner["x"] + 270, "y": corner["y"] + 130}
    )
    [[outside], [within]] = await stage.gestures()
    assert (outside["do"], outside["kind"], outside["parent"]) == ("add", "browser.click", None)
    assert (within["do"], within["kind"], within["parent"]) == ("add", "browser.click", "each")
    assert 150 < within["at"][0] < 200
    assert 80 < within["at"][1] < 120


async def test_a_step_is_dragged_into_a_container_and_out_of_it(stage: Stage) -> None:
    await stage.drag(stage.head("sorry"), stage.head("each/clean"))
    await expect(stage.step("each")).to_contain_class("is-over")
    await stage.page.mouse.up()
    await stage.drop(stage.head("each/line"), (0, -200))
    [[into], [out]] = await stage.gestures()
    assert (into["do"], into["path"], into["parent"]) == ("reparent", "sorry", "each")
    assert (out["do"], out["path"], out["parent"]) == ("reparent", "each/line", None)
    assert out["at"][1] < 0


async def test_a_container_is_made_larger(stage: Stage) -> None:
    await stage.zoom_to_100()
    await stage.head("each").click()
    await stage.drop(stage.page.locator(".box-grip.is-corner"), (80, 40))
    [[resized]] = await stage.gestures()
    assert resized == {"do": "resize", "path": "each", "size": [640, 304], "at": [784, 0]}


async def test_lights_do_not_move_anything(stage: Stage) -> None:
    async def places() -> list[Any]:
        found: list[Any] = await stage.page.locator(".react-flow__node").evaluate_all(
            "all => all.map(each => JSON.stringify(each.getBoundingClientRect()))"
        )
        return found

    before = await places()
    await stage.tell(
        "lights",
        {
            "open": {"status": "done", "ms": 840},
            "shelf": {"status": "running", "started": time.time() * 1000 - 65_000, "progress": [3, 12]},
            "each/line": {"status": "running", "text": "A deep blue mug. " * 20},
            "sorry": {"status": "skipped", "reason": "“Anything there?” went the other way."},
            "tell": {"status": "failed", "message": "The button did not appear in 30 s.", "hint": "Raise the wait."},
        },
    )
    assert await places() == before
    await expect(stage.step("open").locator(".figures")).to_have_text("840 ms")
    await expect(stage.step("shelf").locator(".figures")).to_contain_text("1 min 05 s · 3 of 12")
    await expect(stage.step("tell").locator(".card")).to_have_text("The button did not appear in 30 s.Raise the wait.")
    await expect(stage.step("tell")).to_have_attribute(
        "aria-label",
        "Click, Add to cart, button “Add to cart”, failed: The button did not appear in 30 s., Choose what to click.",
    )
    await expect(stage.page.locator(".weft-said")).to_have_text("Add to cart: The button did not appear in 30 s.")
    await expect(stage.step("sorry").locator(".card")).to_be_hidden()
    await stage.head("sorry").hover()
    await expect(stage.step("sorry").locator(".card")).to_have_text("“Anything there?” went the other way.")
    await stage.tell("lights", {}, clear=True)
    await expect(stage.page.locator(".badge")).to_have_count(0)


async def test_streamed_text_shows_its_end(stage: Stage) -> None:
    await stage.tell("lights", {"each/line": {"status": "running", "text": "word " * 60 + "the very end"}})
    card = stage.step("each/line").locator(".card > span")
    last = await card.evaluate(
        """card => {
            const words = document.createRange();
            words.selectNodeContents(card);
            return [...words.getClientRects()].at(-1).bottom <= card.getBoundingClientRect().bottom;
        }"""
    )
    assert last


async def test_the_time_of_a_running_step_goes_on(stage: Stage) -> None:
    await stage.tell("lights", {"open": {"status": "running", "started": time.time() * 1000}})
    first = await stage.step("open").locator(".elapsed").inner_text()
    await stage.page.wait_for_timeout(500)
    assert await stage.step("open").locator(".elapsed").inner_text() != first


async def test_a_light_or_patch_touches_only_its_step(stage: Stage) -> None:
    watch = """() => {
        window.touched = new Set();
        new MutationObserver(seen => seen.forEach(({target}) => {
            const step = (target.closest ?? target.parentElement.closest).call(
                target.closest ? target : target.parentElement, "[data-path]");
            if (step) window.touched.add(step.dataset.path);
        })).observe(document.querySelector(".react-flow__nodes"),
                    {subtree: true, childList: true, attributes: true, characterData: true});
    }"""
    await stage.page.evaluate(watch)
    await stage.tell("lights", {"open": {"status": "done", "ms": 3}})
    await stage.tell("patch", {"steps": {"write": {"summary": "other.md"}}})
    assert await stage.page.evaluate("[...window.touched].sort()") == ["open", "write"]


async def test_patches_add_change_and_take_away(stage: Stage) -> None:
    await stage.tell(
        "patch",
        {
            "steps": {"late": step("late", "files.write", "Later", "late.md", 1424, 480), "tell": None},
            "wires": {"new": {**wire("sorry.text", "late.content"), "id": "new"}, "sorry -> tell": None},
        },
    )
    await expect(stage.step("late")).to_be_visible()
    await expect(stage.step("tell")).to_have_count(0)
    wires = await stage.page.locator(".react-flow__edge").evaluate_all("all => all.map(each => each.dataset.id).sort()")
    expected = {each["id"] for each in shop()["wires"]} - {"sorry -> tell", "shelf -> tell faint"} | {"new"}
    assert wires == sorted(expected)


async def test_a_step_of_an_unknown_kind_keeps_its_wires(stage: Stage) -> None:
    await stage.tell("patch", {"steps": {"shelf": {"kind": "shop.gone", "missing": True}}})
    await expect(stage.step("shelf").locator(".step-summary")).to_have_text("shop.gone is not installed")
    await expect(stage.step("shelf").locator(".port-label")).to_have_text("rows")
    await expect(stage.page.locator('[data-id="shelf.rows -> some.value"]')).to_have_count(1)


async def test_a_step_may_have_a_way_for_its_failure(stage: Stage) -> None:
    failure = {"name": "error", "label": "error", "type": "record", "failure": True}
    await stage.tell("patch", {"steps": {"shelf": {"more_outputs": [failure]}}})
    await stage.drop(stage.port("shelf", "out:error"), stage.port("sorry", "in:"))
    assert await stage.gestures() == [
        [{"do": "connect", "source": "shelf", "source_port": "error", "target": "sorry", "target_port": ""}]
    ]


async def test_watching_changes_nothing_but_selects_and_opens(stage: Stage) -> None:
    await stage.open("?view=true")
    await stage.drop(stage.head("open"), (40, 60))
    await stage.head("shelf").click()
    for key in ("Delete", "n", "Control+z", "d", "Control+ArrowDown", "w", "Enter"):
        await stage.page.keyboard.press(key)
    await stage.page.wait_for_timeout(300)
    assert await stage.heard() == [
        {"select": {"steps": ["shelf"], "wires": [], "notes": [], "frames": []}},
        {"open": "shelf"},
    ]


async def test_python_selects_without_an_echo(stage: Stage) -> None:
    await stage.tell("select", ["write"])
    await expect(stage.step("write")).to_contain_class("is-selected")
    assert await stage.heard() == []


async def test_far_away_steps_are_icon_and_title(stage: Stage) -> None:
    for _ in range(8):
        await stage.page.mouse.move(700, 450)
        await stage.page.mouse.wheel(0, 200)
    await expect(stage.step("open")).to_contain_class("is-far")
    await expect(stage.step("open").locator(".step-summary")).to_have_count(0)
    assert await stage.page.locator(".react-flow__edge").count() == len(shop()["wires"])
    await stage.page.locator(".weft-flow").focus()
    await stage.page.keyboard.press("0")
    await expect(stage.page.locator(".step-summary").first).to_be_visible()


async def test_a_large_flow_draws_what_is_seen(stage: Stage) -> None:
    await stage.tell("load", grid(1000))
    await expect(stage.step("s0")).to_be_visible()
    assert await stage.page.locator("[data-path]").count() < 80
    await stage.tell("focus", "s999")
    await expect(stage.step("s999")).to_be_in_viewport()


async def test_an_empty_flow_shows_nothing(stage: Stage) -> None:
    await stage.open("?empty=true")
    await expect(stage.page.locator("[data-path]")).to_have_count(0)
    await expect(stage.page.locator(".weft-controls")).to_have_count(0)
    await stage.page.locator(".react-flow__pane").dblclick(position={"x": 500, "y": 400})
    [said] = await stage.heard()
    assert (said["command"]["name"], said["command"]["x"], said["command"]["y"]) == ("search", 500, 400)


async def test_a_flow_stays_in_view_until_it_is_touched(stage: Stage) -> None:
    await stage.page.set_viewport_size({"width": 1100, "height": 700})
    await stage.page.wait_for_timeout(200)
    for path in ("open", "write", "tell"):
        await expect(stage.step(path)).to_be_in_viewport(ratio=0.99)
    await stage.head("open").click()
    before = await stage.step("open").bounding_box()
    await stage.page.set_viewport_size({"width": 800, "height": 500})
    await stage.page.wait_for_timeout(200)
    assert await stage.step("open").bounding_box() == before


async def test_a_strip_has_a_mark_for_each_round_that_says_how_it_ended(stage: Stage) -> None:
    strip = await stage.strip(count=8, total=8, marks="ddfsxra-", ended=5, failed=1, newest=6)
    shapes = await strip.locator("path").evaluate_all(
        "all => all.map(each => each.getAttribute('d').match(/ [\\d.]+|V[\\d.]+/g))"
    )
    assert len({str(sorted(set(shape))) for shape in shapes}) == 7
    await stage.aim_at_mark(strip, 2, 8)
    await expect(stage.page.locator(".strip-tip")).to_have_text("Round 3 of 8: failed")
    await stage.aim_at_mark(strip, 6, 8)
    await expect(stage.page.locator(".strip-tip")).to_have_text("Round 7 of 8: waits for your answer")
    await expect(stage.step("each").locator(".rounds")).to_have_text("5 / 8 1 failed")
    await stage.page.mouse.down()
    await stage.page.mouse.up()
    assert await stage.rounds() == [{"path": "each", "mark": 6}]


async def test_a_mark_of_many_rounds_says_which_they_are_and_what_the_worst_was(stage: Stage) -> None:
    marks = "d" * 100 + "f" + "d" * 99
    strip = await stage.strip(count=1000, each=5, total=1000, marks=marks, ended=1000, failed=1)
    await stage.aim_at_mark(strip, 100, 200)
    await expect(stage.page.locator(".strip-tip")).to_have_text(
        "Rounds 501 to 505 of 1,000: at least one failed. Click to see the first that failed."
    )
    await stage.aim_at_mark(strip, 5, 200)
    await expect(stage.page.locator(".strip-tip")).to_have_text("Rounds 26 to 30 of 1,000: done")


async def test_rounds_are_walked_by_keys(stage: Stage) -> None:
    strip = await stage.strip(count=3, total=3, marks="ddf", ended=3, failed=1)
    await strip.focus()
    for key in ("ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", "Escape"):
        await stage.page.keyboard.press(key)
    said = await stage.heard()
    assert [{key: value for key, value in each["round"].items() if key != "path"} for each in said] == [
        {"by": -1}, {"by": 1}, {"failed": -1}, {"failed": 1}, {"mark": 0}, {"newest": True}, {"newest": True},
    ]  # fmt: skip
    await stage.head("each/line").click()
    await stage.heard()
    await stage.page.keyboard.press("[")
    await stage.page.keyboard.press(".")
    assert await stage.rounds() == [{"path": "each", "by": -1}, {"path": "each", "by": 1}]


async def test_the_chosen_round_is_said_and_left_again(stage: Stage) -> None:
    strip = await stage.strip(count=3, total=3, marks="ddf", ended=3, failed=1)
    words = stage.step("each").locator(".strip-words")
    await expect(words).to_have_count(0)
    await stage.tell("strips", {"each": {"chosen": 2, "status": "failed", "within": "in round 4 of 10 of “Orders”"}})
    await expect(words).to_contain_text("Round 3 of 3 · failed · in round 4 of 10 of “Orders”")
    await expect(strip).to_have_attribute("aria-valuetext", "Round 3 of 3 · failed · in round 4 of 10 of “Orders”")
    await words.get_by_role("button", name="Back to the newest round").click()
    assert await stage.rounds() == [{"path": "each", "newest": True}]


async def test_failed_rounds_are_retried_where_that_is_offered(stage: Stage) -> None:
    await stage.strip(count=3, total=3, marks="dff", ended=3, failed=2)
    retry = stage.step("each").get_by_role("button", name="Retry 2 failed rounds")
    await expect(retry).to_have_count(0)
    await stage.tell("strips", {"each": {"retry": True}})
    await retry.click()
    assert [each for each in await stage.heard() if "retry" in each] == [{"retry": "each"}]


async def test_only_new_marks_are_told_and_a_strip_goes_with_its_run(stage: Stage) -> None:
    strip = await stage.strip(count=3, total=None, marks="ddr")
    await stage.tell("strips", {"each": {"count": 6, "changes": [[2, "df"], [5, "r"]], "newest": 5}})
    await stage.aim_at_mark(strip, 3, 6)
    await expect(stage.page.locator(".strip-tip")).to_have_text("Round 4: failed")
    await stage.aim_at_mark(strip, 4, 6)
    await expect(stage.page.locator(".strip-tip")).to_have_text("Round 5: still to come")
    await stage.tell("strips", {"each": None})
    await expect(strip).to_have_count(0)


async def test_a_strip_and_its_words_move_nothing(stage: Stage) -> None:
    where = "all => all.map(each => JSON.stringify(each.getBoundingClientRect()))"
    before = await stage.page.locator(".react-flow__node").evaluate_all(where)
    await stage.strip(count=1000, each=5, total=1000, marks="d" * 200, chosen=3, status="done", failed=3, retry=True)
    assert await stage.page.locator(".react-flow__node").evaluate_all(where) == before


async def test_marks_of_the_debugger_and_of_what_is_stale(stage: Stage) -> None:
    await stage.tell("patch", {"steps": {"open": {"breakpoint": True}, "shelf": {"stale": True}}})
    await stage.tell(
        "lights",
        {
            "open": {"status": "paused", "message": "It stops before this step."},
            "shelf": {"status": "done", "ms": 20, "reused": True},
            "tell": {"status": "rehearsed", "would": "Click “Add to cart”."},
            "write": {"status": "waiting", "reason": "It waits for 2 of 3: “Sorry” and “Tell”."},
        },
    )
    await expect(stage.step("open").locator(".step-break")).to_have_attribute("data-tip", re.compile("^Breakpoint"))
    await expect(stage.step("open").locator(".figures")).to_have_text("paused here")
    await expect(stage.step("open").locator(".card")).to_have_text("It stops before this step.")
    await expect(stage.step("shelf").locator(".step-mark.is-stale")).to_have_attribute(
        "data-tip", "Its inputs changed since the last run"
    )
    await expect(stage.step("shelf").locator(".figures")).to_have_text("reused")
    await expect(stage.step("tell").locator(".card")).to_have_text("Click “Add to cart”.")
    await expect(stage.step("write").locator(".figures")).to_have_text("It waits for 2 of 3: “Sorry” and “Tell”.")


async def test_a_step_may_have_other_ports_than_its_kind(stage: Stage) -> None:
    many = {"name": "all", "label": "all", "type": "any", "many": True}
    cases = [{"name": name, "label": name, "type": "any"} for name in ("small", "large")]
    await stage.tell("patch", {"steps": {"tell": {"inputs": [many]}, "some": {"outputs": cases}}})
    await expect(stage.port("tell", "in:all")).to_have_attribute("data-tip", "all · any · takes many wires")
    ports = stage.page.locator('.react-flow__handle[data-nodeid="some"].source')
    handles = await ports.evaluate_all("all => all.map(each => each.dataset.handleid)")
    assert handles == ["out:", "out:small", "out:large", "out:true", "out:false"]
    for source in ("each.out:results", "sorry.out:text"):
        await stage.heard()
        await stage.drop(stage.port(*source.split(".")), stage.head("tell"))
        [[wired]] = await stage.gestures()
        assert (wired["do"], wired["target"], wired["target_port"]) == ("connect", "tell", "all")
        drawn = wire(f"{wired['source']}.{wired['source_port']}", "tell.all")
        await stage.tell("patch", {"wires": {drawn["id"]: drawn}})
    await expect(stage.page.locator('.react-flow__edge[data-id$="-> tell.all"]')).to_have_count(2)
