"""Pictures of a page in which nothing secret can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page

TAKES_WITHIN = 10.0
# Passwords also while they are shown in clear, one-time codes, card numbers, and fields named like keys.
SECRET_FIELDS = ", ".join(
    [
        "input[type=password]",
        *(f"input[autocomplete~={word}]" for word in ("current-password", "new-password", "one-time-code")),
        *(f"input[autocomplete~={word}]" for word in ("cc-number", "cc-csc")),
        *(
            f':is(input:not([type=button], [type=submit], [type=checkbox], [type=radio]), textarea)[{name}*="{word}" i]'
            for name in ("name", "id", "placeholder", "aria-label")
            for word in ("passw", "passcode", "api key", "api_key", "api-key", "apikey", "secret", "token")
        ),
        "[style*=text-security]",
    ]
)


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
    mask = [frame.locator(SECRET_FIELDS) for frame in page.frames]
    limit, quality_of_it = takes_within * 1000, quality if kind == "jpeg" else None
    if only:
        return await only.screenshot(type=kind, quality=quality_of_it, mask=mask, timeout=limit)
    return await page.screenshot(type=kind, quality=quality_of_it, mask=mask, timeout=limit, full_page=whole)
