"""Fields as text or as an expression, by keyboard alone: offered, previewed, mended, and turned back."""

from __future__ import annotations

import pytest
from playwright.async_api import Locator, expect

from tests.e2e.driving import Studio, Window

pytestmark = pytest.mark.asyncio(loop_scope="module")
FLOWS = ("shop", "code")


def options(window: Window) -> Locator:
    return window.page.get_by_role("option")


def expression(window: Window, label: str) -> Locator:
    return window.field(f"{label}, as an expression")


async def told(studio: Studio, text: str) -> None:
    """Return once this text is on the disk: the next story runs the flow as this one has left it."""
    await studio.keeps("shop", lambda flow: flow.steps["line"].settings["text"] == text)


async def ran(window: Window, path: str) -> None:
    """The shop's flow after a run, with a step's settings in view."""
    await window.open("shop")
    await window.run()
    await window.ends("Done")
    await window.choose(path)


async def test_an_equals_sign_in_an_empty_field_begins_an_expression(window: Window, studio: Studio) -> None:
    await ran(window, "line")
    text = window.field("Text")
    await text.fill("")
    await text.press("=")
    await expect(text).to_have_value("{{  }}")
    await expect(options(window).first).to_be_visible()
    await window.page.keyboard.type("cou")
    await expect(options(window)).to_have_count(1)
    await expect(options(window)).to_contain_text("dear.count")
    await text.press("Tab")
    await expect(text).to_have_value("{{ dear.count }}")
    await expect(window.side.get_by_text("number · 1", exact=True)).to_be_visible()
    await expect(text).to_be_focused()
    await told(studio, "{{ dear.count }}")


async def test_the_list_is_walked_and_left_by_keys_and_knows_filters(window: Window, studio: Studio) -> None:
    await ran(window, "line")
    text = window.field("Text")
    await text.fill("")
    await text.press_sequentially("{{ dear.kept[0].")
    await expect(options(window)).to_have_count(3)
    await text.press("ArrowDown")
    await expect(options(window).nth(1)).to_have_attribute("aria-selected", "true")
    await text.press("Escape")
    await expect(options(window).first).to_be_hidden()
    await expect(text).to_be_focused()
    await text.press("Control+Space")
    await expect(options(window)).to_have_count(3)
    await window.page.keyboard.type("name | upp")
    await expect(options(window)).to_have_count(1)
    await expect(options(window)).to_contain_text("The text in capital letters")
    await text.press("Enter")
    await expect(text).to_have_value("{{ dear.kept[0].name | upper }}")
    await expect(window.side.get_by_text("text · MOON MUG")).to_be_visible()
    await told(studio, "{{ dear.kept[0].name | upper }}")


async def test_a_name_that_is_not_there_is_marked_and_mended_by_a_click(window: Window, studio: Studio) -> None:
    await ran(window, "line")
    text = window.field("Text")
    await text.fill("It costs {{ dear.kept[0].pirce }}")
    await expect(window.side.get_by_text("There is no pirce in dear.kept[0]. Did you mean price?")).to_be_visible()
    await expect(window.side.locator(".weft-mark-wrong")).to_have_text("pirce")
    await window.side.get_by_role("button", name="Use price instead").click()
    await expect(text).to_have_value("It costs {{ dear.kept[0].price }}")
    await expect(window.side.get_by_text("text · It costs 24.5")).to_be_visible()
    await told(studio, "It costs {{ dear.kept[0].price }}")


async def test_a_choice_becomes_an_expression_and_a_choice_again(window: Window, studio: Studio) -> None:
    await ran(window, "dear")
    await window.field("Comparison").locator("input").focus()
    await window.press("=")
    own = expression(window, "Comparison")
    await expect(own).to_be_focused()
    await expect(own).to_have_value('{{ "is at least" }}')
    await window.page.keyboard.type("mugs.value[0].name")
    await expect(own).to_have_value("{{ mugs.value[0].name }}")
    refused = "text · Moon mug. Comparison has to be"
    await expect(window.side.get_by_text(refused)).to_be_visible()
    await own.press("Alt+=")
    await expect(own).to_be_hidden()
    await expect(window.field("Comparison")).to_contain_text("Is at least")
    await expect(window.step("dear")).to_contain_text("price is at least 20")
    # Again, and as quickly as the keys go.
    await window.field("Comparison").locator("input").focus()
    await window.press("=")
    await expect(own).to_have_value("{{ mugs.value[0].name }}")
    await window.press("Alt+=")
    await window.press("=")
    await window.press("Alt+=")
    await expect(own).to_be_hidden()
    await expect(window.field("Comparison")).to_contain_text("Is at least")
    await expect(window.step("dear")).to_contain_text("price is at least 20")
    await studio.keeps("shop", lambda flow: flow.steps["dear"].settings["comparison"] == "is at least")


async def test_a_switch_that_is_an_expression_is_one_after_a_reload(window: Window, studio: Studio) -> None:
    await ran(window, "dear")
    await window.side.get_by_text("More settings").click()
    await window.side.get_by_role("button", name="Use an expression for Match case").click()
    own = expression(window, "Match case")
    await own.fill("{{ mugs.value | length > 1 }}")
    await expect(window.side.get_by_text("yes or no · yes")).to_be_visible()
    await window.saved()
    await window.page.reload()
    await window.choose("dear")
    await window.side.get_by_text("More settings").click()
    await expect(own).to_have_value("{{ mugs.value | length > 1 }}")
    await window.side.get_by_role("button", name="Give a value for Match case").click()
    await expect(own).to_be_hidden()
    await expect(window.side.get_by_role("switch", name="Match case")).to_have_attribute("aria-checked", "false")
    await studio.keeps("shop", lambda flow: not flow.steps["dear"].settings["match_case"])


async def test_a_text_turned_to_an_expression_and_back_is_what_it_was(window: Window, studio: Studio) -> None:
    await ran(window, "line")
    text = window.field("Text")
    await text.fill("Nothing yet")
    await text.press("Alt+=")
    await expect(text).to_have_value("Nothing yet{{  }}")
    await window.page.keyboard.type("dear.count")
    await expect(text).to_have_value("Nothing yet{{ dear.count }}")
    await text.press("Alt+=")
    await expect(text).to_have_value("Nothing yet")
    await window.choose("dear")
    await expect(window.field("Value")).to_be_visible()
    await window.choose("line")
    await text.fill("")
    await text.press("Alt+=")
    await expect(text).to_have_value("Nothing yet{{ dear.count }}")
    await told(studio, "Nothing yet{{ dear.count }}")


async def test_code_is_left_by_escape_and_tab_and_what_is_odd_in_it_is_said(window: Window) -> None:
    await window.open("code")
    await window.choose("work")
    code = window.side.get_by_role("textbox", name="Code", exact=True)
    await code.click()
    await window.press("Control+a")
    await window.page.keyboard.type("rows = []\nreturn rowz")
    await expect(window.side.get_by_text("Line 2: nothing here is called rowz. Did you mean rows?")).to_be_visible()
    await expect(window.side.locator(".weft-code-strange")).to_have_text("return rowz")
    await window.press("Control+z")
    await expect(code).not_to_contain_text("rowz")
    await window.press("Tab")
    await expect(code).to_be_focused()
    await window.press("Escape")
    await expect(window.side.get_by_text("Tab now leaves")).to_be_visible()
    await window.press("Tab")
    await expect(code).not_to_be_focused()


async def test_a_schema_is_written_in_an_editor_that_knows_json(window: Window) -> None:
    await window.open("shop")
    await window.drag_in("Ask a model", 300, 420)
    await window.side.get_by_text("More settings").click()
    code = window.side.get_by_role("textbox", name="Answer schema", exact=True)
    await code.click()
    await window.page.keyboard.type('{"type": ')
    await expect(window.problem("Answer schema")).to_have_text(
        "Line 1, character 10: a value is missing here. Text needs quotes."
    )
    await window.page.keyboard.type('"object"')
    await expect(window.problem("Answer schema")).to_be_hidden()
    await window.saved()
    path = await window.page.locator("[data-path].is-selected").get_attribute("data-path")
    await window.page.reload()
    await window.choose(path or "")
    await window.side.get_by_text("More settings").click()
    await expect(code).to_contain_text('"type": "object"')


async def test_a_number_that_cannot_be_is_said_and_not_changed(window: Window) -> None:
    await window.open("shop")
    await window.side.get_by_text("Several runs at once").click()
    most = window.field("Runs at once")
    for given, said in (("51", "The most is 50."), ("0", "The least is 1."), ("2.5", "This has to be a whole number.")):
        await most.fill(given)
        await most.press("Tab")
        await expect(window.problem("Runs at once")).to_have_text(said)
        await expect(most).to_have_value(given)
    await most.fill("7")
    await expect(window.problem("Runs at once")).to_be_hidden()
    await window.saved()
    await window.page.reload()
    await window.side.get_by_text("Several runs at once").click()
    await expect(most).to_have_value("7")


async def test_merge_asks_for_a_key_only_where_it_joins(window: Window) -> None:
    await window.open("shop")
    await window.drag_in("Merge", 300, 420)
    how, key = window.field("How"), window.side.locator(".weft-field", has=window.page.get_by_text("Key", exact=True))
    await expect(how).to_be_visible()
    await expect(key).to_be_hidden()
    await how.click()
    await window.page.get_by_role("option", name="Join").click()
    await expect(key).to_be_visible()
    await expect(window.problem("Key")).to_contain_text("Key is missing")
    await window.field("Key").fill("id")
    await expect(window.problem("Key")).to_be_hidden()
