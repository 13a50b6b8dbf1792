"""Run a flow and watch it: lights, words, questions, Stop and Continue."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Iterator

import pytest
from playwright.async_api import expect

from tests.e2e.driving import Studio, Window
from tests.model_server import ModelServer, Silent

pytestmark = pytest.mark.asyncio(loop_scope="module")
FLOWS = ("greets", "lights", "picture", "tale", "asks", "wrong")


@pytest.fixture(scope="module")
def model() -> Iterator[ModelServer]:
    with ModelServer() as server:
        yield server


async def test_without_a_model_the_run_stops_there_and_continues_once_there_is_one(
    window: Window, studio: Studio, model: ModelServer
) -> None:
    page = window.page
    await page.goto(studio.base)
    await page.get_by_role("link", name="Morning prices", exact=True).click()
    await window.canvas.wait_for()
    await window.run()
    await page.get_by_role("dialog").get_by_label("Price from").fill("30")
    await window.press("Enter")
    await window.ends("Failed")
    await window.lit("each/line", "failed")
    failed = window.step("each/line")
    await expect(failed).to_contain_text("no model is connected yet")
    await expect(failed).to_contain_text("Add a key on the Keys page")
    await expect(window.run_bar.get_by_role("link", name="Open the Keys page")).to_have_attribute("href", "/keys")

    await studio.connect_model(model.openai)
    await page.get_by_role("button", name="Continue").click()
    await window.ends("Done")
    for path in ("open", "shelf", "dear", "each", "each/line", "report", "save"):
        await window.lit(path, "done")
    assert _starts(studio, "open", "shelf") == {"open": 1, "shelf": 1}
    assert "Hello." in (studio.home / "files" / "morning-prices.md").read_text()


async def test_a_flow_asks_for_its_inputs_and_remembers_them(window: Window) -> None:
    page = window.page
    form = page.get_by_role("dialog")
    await window.open("greets")
    await window.run()
    await form.get_by_role("button", name="Run").click()
    await expect(form.get_by_role("alert").filter(visible=True)).to_have_count(1)
    await form.get_by_label("Whom to greet").fill("Ada")
    await form.get_by_label("How often").fill("3")
    await window.press("Enter")
    await window.ends("Done")
    await window.choose("greeting", "Result")
    await expect(window.result.get_by_text("Hello Ada, 3 times", exact=True)).to_be_visible()
    await page.get_by_role("button", name="Run", exact=True).click()
    await expect(form.get_by_label("Whom to greet")).to_have_value("Ada")
    await expect(form.get_by_label("How often")).to_have_value("3")
    await window.press("Escape")
    await expect(form).to_have_count(0)


async def test_steps_light_up_as_they_run_and_say_why_they_did_not(window: Window) -> None:
    await window.open("lights")
    await window.run()
    await window.lit("slow", "running")
    await expect(window.step("slow").locator(".elapsed")).to_have_text(re.compile(r"[1-9]\.\d s|\d{3} ms"))
    await expect(window.page.get_by_role("button", name="Stop", exact=True)).to_be_visible()
    await window.ends("Failed")
    await window.lit("slow", "done")
    await window.lit("good", "done")
    await window.lit("bad", "failed")
    await window.lit("after", "skipped")
    await expect(window.step("bad")).to_contain_text("No item has a field `weight`.")
    await expect(window.step("bad")).to_contain_text("They have: name, price.")
    await window.choose("after", "Result")
    await expect(window.result.get_by_text("Skipped")).to_be_visible()
    await expect(window.result).to_contain_text("Filter a list")


async def test_a_step_shows_what_it_was_given_what_it_gave_and_its_log(window: Window) -> None:
    await window.open("lights")
    await window.run()
    await window.ends("Failed")
    await window.choose("slow", "Result")
    await expect(window.result.get_by_text("I am working on it", exact=True)).to_be_visible()
    await expect(window.result.get_by_role("gridcell", name="Moon mug")).to_be_visible()
    await window.choose("good")
    await window.result.get_by_text("Was given").click()
    await expect(window.result.get_by_text("Items", exact=True)).to_be_visible()
    await window.choose("bad")
    await expect(window.result.get_by_text("No item has a field `weight`.")).to_be_visible()


async def test_a_picture_a_step_took_is_shown(window: Window) -> None:
    await window.open("picture")
    await window.run()
    await window.ends("Done")
    await window.choose("picture", "Result")
    picture = window.result.get_by_role("img")
    await expect(picture).to_be_visible()
    assert await picture.evaluate("picture => picture.decode().then(() => picture.naturalWidth)") > 300


async def test_a_models_text_streams_into_its_step_and_stop_ends_it(
    window: Window, studio: Studio, model: ModelServer
) -> None:
    model.script(Silent(30, "Once upon a time"))
    if not _connected(studio):
        await studio.connect_model(model.openai)
    await window.open("tale")
    await window.choose("tale", "Result")
    await window.run()
    await expect(window.step("tale")).to_contain_text("Once upon a time")
    await expect(window.result.get_by_text("Once upon a time")).to_be_visible()
    pressed = time.monotonic()
    await window.page.get_by_role("button", name="Stop", exact=True).click()
    await window.ends("Stopped")
    assert time.monotonic() - pressed < 20, "It waits for the model, which says nothing for 30 seconds."
    await window.lit("tale", "stopped")


async def test_a_question_of_a_run_is_answered_on_the_canvas(window: Window, model: ModelServer) -> None:
    page = window.page
    await window.open("asks")
    await window.run()
    await page.get_by_role("dialog").get_by_label("Address").fill(f"{model.url}/v1/models")
    await window.press("Enter")
    question = page.get_by_role("alertdialog")
    await expect(question).to_contain_text("127.0.0.1")
    await window.lit("look", "asked")
    await question.get_by_role("button").first.click()
    await window.ends("Done")
    await expect(question).to_have_count(0)


async def test_a_flow_with_problems_leads_to_the_first_and_says_how_many_there_are(window: Window) -> None:
    await window.open("wrong")
    await window.run()
    await expect(
        window.page.get_by_text(re.compile(r"This flow cannot run yet: .* There is 1 more problem\."))
    ).to_be_visible()
    await expect(window.field("Path")).to_be_focused()
    await expect(window.problem("Path")).not_to_be_empty()


async def test_the_flow_can_be_edited_while_it_runs(window: Window) -> None:
    await window.open("lights")
    await window.run()
    await window.lit("slow", "running")
    await window.choose("after")
    await window.press("Delete")
    await expect(window.step("after")).to_have_count(0)
    await window.ends("Failed")
    await window.lit("bad", "failed")
    await expect(window.page.get_by_role("button", name="Continue with the changes")).to_be_visible()
    await window.undo.click()
    await expect(window.page.get_by_role("button", name="Continue", exact=True)).to_be_visible()


def _starts(studio: Studio, *steps: str) -> dict[str, int]:
    """How often each of these steps has begun."""
    with sqlite3.connect(f"file:{studio.home / 'weft.db'}?mode=ro", uri=True) as database:
        rows = database.execute("SELECT step, count(*) FROM event WHERE kind = 'started' GROUP BY step").fetchall()
    return {step: count for step, count in rows if step in steps}


def _connected(studio: Studio) -> bool:
    with sqlite3.connect(f"file:{studio.home / 'weft.db'}?mode=ro", uri=True) as database:
        return bool(database.execute("SELECT 1 FROM connection").fetchone())
