"""Pictures of a page in which nothing secret can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from nodes.secret_fields import PAINT, secret_fields

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page

TAKES_WITHIN = 10.0


async def shot(
    page: Page,
    *,
    kind: Literal["png", "jpeg"] = "png",
    quality: int = 50,
    whole: bool = False,
    only: Locator | None = None,
    takes_within: float = TAKES_WITHIN,
) -> bytes:
    """The picture's bytes: what is in the window, the `whole` page, or `only` one element; secret fields painted over.

    `quality` is for jpeg. Errors are Playwright's, after `takes_within` seconds at most.
    """
    mask = secret_fields(page)
    limit, quality_of_it = takes_within * 1000, quality if kind == "jpeg" else None
    if only:
        return await only.screenshot(type=kind, quality=quality_of_it, mask=mask, mask_color=PAINT, timeout=limit)
    return await page.screenshot(
        type=kind, quality=quality_of_it, mask=mask, mask_color=PAINT, timeout=limit, full_page=whole
    )
