"""Settings beside the canvas: what is wrong with them, what they may refer to, what they give."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.e2e.driving import Window, becomes, middle

pytestmark = pytest.mark.asyncio(loop_scope="module")
FLOWS = ("wrong", "shop", "code")


async def test_what_is_wrong_is_said_at_the_field_and_on_the_step_until_it_is_mended(window: Window) -> None:
    await window.open("wrong")
    mark = window.step("write").locator(".is-problem")
    await expect(mark).to_be_visible()
    await window.choose("write")
    await expect(window.problem("Text")).to_contain_text("nobody")
    await expect(window.problem("Path")).to_be_visible()
    await window.field("Path").fill("out.txt")
    await expect(window.problem("Path")).to_be_hidden()
    await expect(mark).to_be_visible()
    await window.field("Text").fill("{{ fine.value")
    await expect(window.problem("Text")).to_be_visible()
    await window.field("Text").fill("{{ fine.value }}")
    await expect(window.problem("Text")).to_be_hidden()
    await expect(mark).to_be_hidden()


async def test_a_problem_in_the_list_leads_to_its_step_and_field(window: Window) -> None:
    await window.open("shop")
    await window.choose("dear")
    await window.field("Field").fill("{{ nothing.here }}")
    await expect(window.problem("Field")).to_be_visible()
    await window.pane.click(position={"x": 20, "y": 20})
    await window.side.get_by_role("button", name="Show the problem").click()
    await window.page.get_by_role("tabpanel").get_by_role("button").filter(has_text="nothing").click()
    await expect(window.field("Field")).to_be_focused()
    await window.field("Field").fill("price")
    await expect(window.problem("Field")).to_be_hidden()


async def test_references_are_offered_with_the_last_values_and_previewed(window: Window) -> None:
    await window.open("shop")
    await window.choose("line")
    await expect(window.side.get_by_text("The value is shown here after a run.")).to_be_visible()
    await window.run()
    await window.ends("Done")
    await expect(window.side.get_by_text("text · Moon mug costs 24.5")).to_be_visible()
    text = window.field("Text")
    await text.fill("")
    await text.press_sequentially("Left: {{ dear.kept[0].st")
    option = window.page.get_by_role("option")
    await expect(option).to_have_count(1)
    await expect(option).to_contain_text("dear.kept[0].stock")
    await expect(option).to_contain_text("number")
    await expect(option).to_contain_text("7")
    await window.press("Enter")
    await expect(text).to_have_value("Left: {{ dear.kept[0].stock }}")
    await expect(text).to_be_focused()
    await expect(window.side.get_by_text("text · Left: 7")).to_be_visible()
    await expect(window.page.locator('[data-id=":~dear -> line"]')).to_have_count(1)


async def test_code_has_its_own_editor_and_its_mistakes_are_said(window: Window) -> None:
    await window.open("code")
    await window.choose("work")
    editor = window.side.locator(".cm-content")
    await expect(editor).to_contain_text("return 1")
    await editor.click()
    await window.press("Control+a")
    await window.page.keyboard.type("return )")
    await expect(window.problem("Code")).to_contain_text("Line 1 is not Python")
    await window.press("Control+a")
    await window.page.keyboard.type("return 2")
    await window.run()
    await window.ends("Done")
    await window.choose("work", "Result")
    await expect(window.result.locator(".weft-value").first).to_have_text("2")


async def test_what_was_typed_is_kept_when_another_step_is_clicked_at_once(window: Window) -> None:
    await window.open("shop")
    await window.choose("line")
    await window.field("Text").fill("Typed just now")
    await window.choose("dear")
    await expect(window.field("Comparison")).to_be_visible()
    await expect(window.step("line")).to_contain_text("Typed just now")
    await window.undo.click()
    await expect(window.step("line")).not_to_contain_text("Typed just now")


async def test_a_tab_pressed_right_after_another_step_is_the_one_of_that_step(window: Window) -> None:
    await window.open("shop")
    await window.choose("dear")
    tab = {name: await middle(window.side.get_by_role("tab", name=name)) for name in ("Result", "Settings")}
    line = await middle(window.step("line").locator("> .step-head .step-words"))
    dear = await middle(window.step("dear").locator("> .step-head .step-words"))
    for _ in range(3):
        await window.page.mouse.click(*line)
        await window.page.mouse.click(*tab["Result"])
        await expect(window.side).to_have_attribute("data-step", "line")
        await expect(window.side.get_by_role("tab", name="Result")).to_have_attribute("aria-selected", "true")
        await expect(window.field("Text")).to_be_hidden()
        await window.page.mouse.click(*dear)
        await window.page.mouse.click(*tab["Settings"])
        await expect(window.side).to_have_attribute("data-step", "dear")
        await expect(window.side.get_by_role("tab", name="Settings")).to_have_attribute("aria-selected", "true")
        await expect(window.field("Field")).to_be_visible()


async def test_what_a_run_gave_while_the_settings_were_shown_is_there_with_its_tooltips(window: Window) -> None:
    await window.open("shop")
    await window.choose("dear", "Result")
    await window.choose("dear", "Settings")
    await expect(window.field("Field")).to_be_visible()
    await window.run()
    await window.ends("Done")
    await window.choose("dear", "Result")
    copies = window.result.get_by_role("button", name="Copy Gave: kept")
    told = window.page.get_by_role("tooltip").filter(has_text="Copy the value (C)")

    async def hovered() -> bool:
        # What comes under a resting pointer is hovered once it moves again.
        await window.page.mouse.move(600, 500)
        await copies.hover()
        return await told.is_visible()

    assert await becomes(hovered, bool)


async def test_settings_most_people_leave_alone_are_folded_and_kept(window: Window) -> None:
    await window.open("shop")
    await window.choose("line")
    await window.side.get_by_text("When it fails", exact=True).click()
    await window.field("Try again, times").fill("2")
    await window.side.get_by_text("This step", exact=True).click()
    await window.field("Note").fill("Says what it costs.")
    await expect(window.step("line").locator("[data-tip='Says what it costs.']")).to_be_visible()
    await window.page.reload()
    await window.choose("line")
    await window.side.get_by_text("When it fails", exact=True).click()
    await expect(window.field("Try again, times")).to_have_value("2")


async def test_the_cases_of_a_switch_become_its_ways_in_their_order(window: Window) -> None:
    page, side = window.page, window.side
    await window.open("shop")
    await window.drag_in("Switch", 300, 420)
    for number, (name, when) in enumerate((("Dear", "{{ dear.count > 0 }}"), ("Cheap", "true")), 1):
        await side.get_by_role("button", name="Add one").click()
        await side.get_by_label(f"Name {number}", exact=True).fill(name)
        await side.get_by_label(f"When {number}", exact=True).fill(when)
        await expect(window.step("switch").locator(f'[data-handleid="out:{name.lower()}"]')).to_be_visible()
    await side.get_by_role("button", name="Further up").nth(1).click()
    await expect(side.get_by_label("Name 1", exact=True)).to_have_value("Cheap")
    await expect(window.step("switch")).to_contain_text("Cheap, Dear")
    await side.get_by_role("button", name="Remove", exact=True).first.click()
    await expect(window.step("switch")).not_to_contain_text("Cheap")
    await page.reload()
    await window.choose("switch")
    await expect(side.get_by_label("When 1", exact=True)).to_have_value("{{ dear.count > 0 }}")
