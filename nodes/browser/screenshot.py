"""The Take screenshot node."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from nodes import Context, Effect, Field, File, Need, Node, NodeError
from nodes.browser._page import NO_PAGE, OptionalTarget, Session, Wait, plainly, the_one
from nodes.secret_fields import PAINT, secret_fields

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page

TALLEST = 20_000
"""Pixels. A page without an end would be a picture without an end."""


class TakeScreenshot(
    Node,
    kind="browser.screenshot",
    label="Take screenshot",
    icon="screenshot_monitor",
    words=("picture", "image", "capture", "photo", "png", "jpeg"),
    needs={Need.BROWSER},
    effect=Effect.READ,
    sentence="{target}",
    more=("format", "quality", "wait", "session"),
):
    """Take a picture of the page, or of one thing on it. Passwords and card numbers are painted over."""

    target: OptionalTarget = Field("", description="What to take a picture of; empty means the page.")
    whole_page: bool = Field(True, description="The whole page from top to bottom, or only what fits in the window.")
    format: Literal["png", "jpeg"] = Field("png", description="PNG is exact, JPEG is smaller.")
    quality: int = Field(80, ge=1, le=100, description="How good a JPEG is, from 1 to 100.")
    wait: Wait = 10
    session: Session = "main"

    async def run(self, ctx: Context) -> File:
        page = await ctx.page(self.session)
        if page.url == "about:blank":
            raise NodeError("No page is open in this browser yet.", hint=NO_PAGE)
        hidden = secret_fields(page)
        quality = self.quality if self.format == "jpeg" else None
        async with plainly(page, f"take a picture of `{self.target}`" if self.target else "take a picture"):
            if self.target:
                one = await the_one(page, self.target, self.wait)
                picture = await one.screenshot(
                    type=self.format, quality=quality, mask=hidden, mask_color=PAINT, animations="disabled"
                )
            else:
                picture = await self._page(ctx, page, hidden, quality)
            title = " ".join(re.sub(r"[^\w .-]+", " ", await page.title()).split())[:80] or "screenshot"
        name, kind = f"{title}.{'jpg' if self.format == 'jpeg' else 'png'}", f"image/{self.format}"
        return await ctx.save(picture, name, kind)

    async def _page(self, ctx: Context, page: Page, hidden: list[Locator], quality: int | None) -> bytes:
        size: dict[str, float] = await page.evaluate(
            "() => ({width: document.documentElement.clientWidth, height: document.documentElement.scrollHeight})"
        )
        too_tall = self.whole_page and size["height"] > TALLEST
        if too_tall:
            ctx.log(f"The page is {size['height']:,.0f} pixels tall; the first {TALLEST:,} are in the picture.")
        return await page.screenshot(
            full_page=self.whole_page,
            clip={"x": 0, "y": 0, "width": size["width"], "height": TALLEST} if too_tall else None,
            type=self.format,
            quality=quality,
            mask=hidden,
            mask_color=PAINT,
            animations="disabled",
        )
