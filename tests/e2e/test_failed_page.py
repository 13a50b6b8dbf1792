"""A step that failed in the browser shows the page it failed on."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.e2e.driving import Window

pytestmark = pytest.mark.asyncio(loop_scope="module")
FLOWS = ("missing",)


async def test_the_page_when_it_failed_is_shown_under_the_failure_as_soon_as_it_is_there(window: Window) -> None:
    await window.open("missing")
    await window.choose("buy", "Result")
    await window.run()
    await window.ends("Failed")
    result = window.result
    await expect(result.get_by_text("The page when it failed", exact=True)).to_be_visible()
    picture = result.get_by_role("img", name="The page when it failed")
    await expect(picture).to_be_visible()
    assert await picture.evaluate("picture => picture.decode().then(() => picture.naturalWidth)") > 300
    await expect(result.get_by_text(re.compile(r"^http://127\.0\.0\.1:\d+/mugs$"))).to_be_visible()
    await expect(result.get_by_text(re.compile(r"The page when it failed: “Mugs"))).to_be_visible()
    failure, seen = await result.get_by_text("Nothing on “Mugs").bounding_box(), await picture.bounding_box()
    assert failure is not None
    assert seen is not None
    assert failure["y"] < seen["y"]
