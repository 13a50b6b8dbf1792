"""Steps put in order on the canvas: tidied, aligned, distributed, snapped, put on a wire."""

from __future__ import annotations

import time
from typing import Any

import pytest
from playwright.async_api import expect

from tests.ui.flows_to_draw import ACCEPTS, CATALOGUE, WORDS, shop, step, wire
from tests.ui.test_canvas import Stage, browser, middle, server, stage  # noqa: F401  fixtures

pytestmark = pytest.mark.asyncio(loop_scope="module")


def spread(count: int = 3, *more: dict[str, Any]) -> dict[str, Any]:
    """Steps without wires, none level with another."""
    steps = [step(f"s{n}", "browser.click", f"Step {n}", "a button", n * 320, n * 104) for n in range(count)]
    return {"steps": [*steps, *more], "wires": [], "catalogue": CATALOGUE, "accepts": ACCEPTS, "words": WORDS}


async def arranged(on: Stage) -> tuple[str, dict[str, list[float]]]:
    """What one arranging gesture says: its name, and the new places."""
    patience = time.monotonic() + 20
    while not (said := await on.gestures()):
        assert time.monotonic() < patience, "Nothing was put in order."
    [[edit]] = said
    assert edit["do"] == "arrange"
    return edit["title"], edit["to"]


async def test_tidying_is_one_gesture_that_leads_wires_to_the_right(stage: Stage) -> None:  # noqa: F811
    flow = shop()
    for number, each in enumerate(flow["steps"]):
        each["x"], each["y"] = (number * 7 % 5) * 40, (number * 3 % 4) * 30
    await stage.tell("load", flow)
    await stage.page.locator(".weft-flow").focus()
    await stage.page.keyboard.press("Alt+Shift+T")
    title, to = await arranged(stage)
    places = {each["path"]: (each["x"], each["y"]) for each in flow["steps"]} | {p: tuple(at) for p, at in to.items()}
    assert title == "tidy"
    for led in flow["wires"]:
        assert places[led["source"]][0] + 200 < places[led["target"]][0]
    rects = [(*places[path][:2], *(places[path][2:] or (200, 56))) for path in places if "/" not in path]
    for number, (x, y, w, h) in enumerate(rects):
        for other in rects[:number]:
            assert x >= other[0] + other[2] or other[0] >= x + w or y >= other[1] + other[3] or other[1] >= y + h
    wide, high = places["each"][2:]
    for path in ("each/line", "each/clean"):
        assert 24 <= places[path][0] <= wide - 200 - 24
        assert 24 <= places[path][1] <= high - 56 - 24
    assert places["open"][1] == places["shelf"][1]


async def test_only_what_is_selected_is_tidied(stage: Stage) -> None:  # noqa: F811
    flow = spread(4)
    flow["wires"] = [wire("s1", "s0"), wire("s2", "s1")]
    await stage.tell("load", flow)
    for number, path in enumerate(("s0", "s1", "s2")):
        await stage.head(path).click(modifiers=["Shift"] if number else [])
    await stage.heard()
    await stage.tell("arrange", "tidy")
    _, to = await arranged(stage)
    assert to == {"s0": [528, 0], "s1": [264, 0], "s2": [0, 0]}


@pytest.mark.parametrize(
    ("key", "title", "to"),
    [
        ("Alt+a", "align left", {"s1": [0, 104], "s2": [0, 208]}),
        ("Alt+h", "align centre", {"s0": [320, 0], "s2": [320, 208]}),
        ("Alt+d", "align right", {"s0": [640, 0], "s1": [640, 104]}),
        ("Alt+w", "align top", {"s1": [320, 0], "s2": [640, 0]}),
        ("Alt+v", "align middle", {"s0": [0, 104], "s2": [640, 104]}),
        ("Alt+s", "align bottom", {"s0": [0, 208], "s1": [320, 208]}),
    ],
)
async def test_selected_steps_are_aligned_by_a_key(
    stage: Stage,  # noqa: F811
    key: str,
    title: str,
    to: dict[str, list[float]],
) -> None:
    await stage.tell("load", spread())
    await stage.page.locator(".weft-flow").focus()
    await stage.page.keyboard.press("Control+a")
    await stage.heard()
    await stage.page.keyboard.press(key)
    assert await arranged(stage) == (title, to)


async def test_selected_steps_are_distributed_with_equal_gaps(stage: Stage) -> None:  # noqa: F811
    flow = spread()
    flow["steps"][1]["x"], flow["steps"][1]["y"] = 250, 180
    await stage.tell("load", flow)
    await stage.page.locator(".weft-flow").focus()
    await stage.page.keyboard.press("Control+a")
    await stage.heard()
    await stage.page.keyboard.press("Alt+Shift+H")
    assert await arranged(stage) == ("distribute horizontally", {"s1": [320, 180]})
    await stage.page.keyboard.press("Alt+Shift+V")
    assert await arranged(stage) == ("distribute vertically", {"s1": [320, 104]})


async def test_a_dragged_step_catches_on_its_neighbour_unless_alt_is_held(stage: Stage) -> None:  # noqa: F811
    flow = spread(2)
    flow["steps"][1]["y"] = 133
    await stage.tell("load", flow)
    await stage.zoom_to_100()
    await stage.drag(stage.head("s0"), (0, 152))
    await expect(stage.page.locator(".weft-guide")).not_to_have_count(0)
    await stage.page.mouse.up()
    await expect(stage.page.locator(".weft-guide")).to_have_count(0)
    assert await stage.gestures() == [[{"do": "move", "to": {"s0": [0, 133]}}]]
    await stage.page.keyboard.down("Alt")
    await stage.drag(stage.head("s0"), (0, -16))
    await expect(stage.page.locator(".weft-guide")).to_have_count(0)
    await stage.page.mouse.up()
    await stage.page.keyboard.up("Alt")
    assert await stage.gestures() == [[{"do": "move", "to": {"s0": [0, 121]}}]]


async def test_a_step_is_put_on_a_wire(stage: Stage) -> None:  # noqa: F811
    await stage.tell("patch", {"steps": {"loose": step("loose", "ai.ask", "Ask", "", 256, 400)}})
    await stage.zoom_to_100()
    await stage.point_at_wire("shelf.rows -> some.value")
    x, y = await stage.page.evaluate(
        """() => {
            const path = document.querySelector('[data-id="shelf.rows -> some.value"] .react-flow__edge-path');
            const at = path.getPointAtLength(path.getTotalLength() / 2).matrixTransform(path.getScreenCTM());
            return [at.x, at.y];
        }"""
    )
    start = await middle(stage.head("loose"))
    await stage.drag(stage.head("loose"), (x - start[0], y - start[1]))
    await expect(stage.page.locator('[data-id="shelf.rows -> some.value"] .wire.is-onto')).to_have_count(1)
    await stage.page.mouse.up()
    await expect(stage.page.locator(".wire.is-onto")).to_have_count(0)
    [[put, moved]] = await stage.gestures()
    assert put == {"do": "insert", "path": "loose", "wire": "shelf.rows -> some.value"}
    # What is behind the wire makes room; what is before it stays.
    assert moved["to"]["loose"] == [512, 120]
    assert moved["to"]["some"] == [768, 120]
    assert not {"open", "shelf"} & moved["to"].keys()


async def test_a_palette_entry_is_dropped_on_a_wire(stage: Stage) -> None:  # noqa: F811
    await stage.zoom_to_100()
    path = stage.page.locator('[data-id="some.false -> sorry.values"] .react-flow__edge-path')
    x, y = await path.evaluate(
        """path => {
            const at = path.getPointAtLength(path.getTotalLength() / 2).matrixTransform(path.getScreenCTM());
            return [at.x, at.y];
        }"""
    )
    await stage.page.mouse.move(*await middle(stage.page.get_by_text("Click", exact=True)))
    await stage.page.mouse.down()
    await stage.page.mouse.move(x - 20, y, steps=4)
    await stage.page.mouse.move(x, y, steps=2)
    await stage.page.mouse.move(x + 1, y)
    await expect(stage.page.locator('[data-id="some.false -> sorry.values"] .wire.is-onto')).to_have_count(1)
    await stage.page.mouse.up()
    [[added, moved]] = await stage.gestures()
    assert (added["do"], added["parent"], added["wire"]) == ("add", None, "some.false -> sorry.values")
    assert moved["do"] == "move"


async def test_a_step_that_has_wires_is_put_on_none(stage: Stage) -> None:  # noqa: F811
    await stage.zoom_to_100()
    await stage.drop(stage.head("sorry"), stage.page.locator('[data-id="shelf.rows -> some.value"]'))
    [[moved]] = await stage.gestures()
    assert moved["do"] == "move"


async def test_ctrl_backspace_takes_a_step_out(stage: Stage) -> None:  # noqa: F811
    await stage.head("shelf").click()
    await stage.heard()
    await stage.page.keyboard.press("Control+Backspace")
    assert await stage.gestures() == [[{"do": "take_out", "steps": ["shelf"]}]]


async def test_the_selection_is_brought_near(stage: Stage) -> None:  # noqa: F811
    await stage.head("tell").click()
    await stage.page.keyboard.press("2")
    await stage.page.wait_for_timeout(400)
    x, y = await middle(stage.step("tell"))
    assert abs(x - 720) < 40
    assert abs(y - 450) < 40


async def test_whoever_watches_arranges_nothing(stage: Stage) -> None:  # noqa: F811
    await stage.open("?view=true")
    await stage.page.locator(".weft-flow").focus()
    for key in ("Control+a", "Alt+a", "Alt+Shift+T", "Control+Backspace"):
        await stage.page.keyboard.press(key)
    await stage.tell("arrange", "tidy")
    assert await stage.gestures() == []


async def test_a_thousand_steps_are_tidied_while_the_page_goes_on(stage: Stage) -> None:  # noqa: F811
    steps = [step(f"s{n}", "data.compose", f"Step {n}", "", 0, 0) for n in range(1000)]
    along = [wire(f"s{n}.text", f"s{n + 1}.values") for n in range(999) if n % 40 != 39]
    across = [wire(f"s{n}", f"s{n + (41 if n % 4 else 2)}") for n in range(0, 955, 2) if n % 40 < 37]
    flow = {"steps": steps, "wires": along + across, "catalogue": CATALOGUE, "accepts": ACCEPTS, "words": WORDS}
    await stage.tell("load", flow)
    await stage.page.evaluate(
        """() => {
            window.longest = 0;
            let last = performance.now();
            const look = now => {
                window.longest = Math.max(window.longest, now - last);
                last = now;
                requestAnimationFrame(look);
            };
            requestAnimationFrame(look);
        }"""
    )
    began = time.monotonic()
    await stage.tell("arrange", "tidy")
    title, to = await arranged(stage)
    assert title == "tidy"
    assert len(to) > 900
    assert time.monotonic() - began < 15
    assert await stage.page.evaluate("longest") < 1000


async def test_a_wire_says_how_many_items_passed(stage: Stage) -> None:  # noqa: F811
    done = {"status": "done", "ms": 3}
    counts = stage.page.locator(".wire-count text")
    await stage.tell("lights", {"shelf": {**done, "taken": ["rows"], "counts": {"rows": 12}}, "open": done})
    await expect(counts).to_have_count(0)
    await stage.tell("lights", {"some": {"status": "running"}})
    await expect(counts).to_have_text(["12"])
    await stage.tell("lights", {"shelf": {"counts": {"rows": 3_400}}})
    await expect(counts).to_have_text(["3.4K"])
    await stage.point_at_wire("shelf.rows -> some.value")
    await expect(counts).to_have_count(0)


async def test_a_layout_engine_that_cannot_be_loaded_is_said(stage: Stage) -> None:  # noqa: F811
    await stage.page.evaluate("() => { window.Worker = class { constructor() { throw new Error('No worker'); } }; }")
    await stage.tell("arrange", "tidy")
    await expect(stage.page.locator(".weft-refusal")).to_contain_text("The flow could not be tidied.")
