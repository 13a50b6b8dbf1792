"""A flow with hundreds of steps: what is spared, and what is there all the same."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.ui.flows_to_draw import grid
from tests.ui.test_canvas import Stage, browser, server, stage  # noqa: F401  fixtures

pytestmark = pytest.mark.asyncio(loop_scope="module")

PICTURE = ".far-wires path"
SINGLE = ".react-flow__edge"


async def _large(on: Stage, zoom: float) -> None:
    await on.tell("load", {**grid(300), "mode": "edit", "viewport": {"x": 640, "y": 400, "zoom": zoom}})
    await expect(on.page.locator(".react-flow__node").first).to_be_visible()


async def test_from_far_away_all_wires_are_one_picture_and_nearby_each_can_be_pointed_at(stage: Stage) -> None:  # noqa: F811
    await _large(stage, 0.13)
    assert await stage.page.locator(PICTURE).count() > 0
    await expect(stage.page.locator(SINGLE)).to_have_count(0)
    await stage.tell("zoom_100")
    await expect(stage.page.locator(SINGLE).first).to_be_attached()
    await expect(stage.page.locator(PICTURE)).to_have_count(0)


async def test_the_picture_of_the_wires_is_lit_by_the_run(stage: Stage) -> None:  # noqa: F811
    await _large(stage, 0.13)
    await stage.tell("lights", {"s0": {"status": "running"}})
    await expect(stage.page.locator(f"{PICTURE}.is-live").first).to_be_attached()
    await stage.tell("lights", {"s0": {"status": "done"}, "s1": {"status": "done"}})
    await expect(stage.page.locator(f"{PICTURE}.is-live")).to_have_count(0)
    await expect(stage.page.locator(f"{PICTURE}.is-used").first).to_be_attached()


async def test_a_step_can_be_chosen_from_far_away(stage: Stage) -> None:  # noqa: F811
    await _large(stage, 0.13)
    await stage.page.locator('.react-flow__node[data-id="s41"]').click()
    await expect(stage.page.locator('.react-flow__node[data-id="s41"].selected')).to_have_count(1)


async def test_no_rule_of_the_page_concerns_any_element_beside_any_other(stage: Stage) -> None:  # noqa: F811
    """With such a rule, each step that comes into sight makes the browser look at all of them again."""
    found = await stage.page.evaluate(
        """() => {
            const rules = sheets => [...sheets].flatMap(sheet => [...sheet.cssRules].flatMap(function all(rule) {
                return rule.styleSheet ? [...rule.styleSheet.cssRules].flatMap(all)
                    : [rule.selectorText ?? "", ...[...(rule.cssRules ?? [])].flatMap(all)];
            }));
            return rules(document.styleSheets).filter(each => /> (\\*|div) \\+ \\1(,|$)/.test(each));
        }"""
    )
    assert found == []
