"""What a page looked like when a step failed on it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from playwright.async_api import Page

TITLE_WITHIN = 0.5
PICTURED_WITHIN = 3.0


class Sight(NamedTuple):
    """A page as a person knows it."""

    title: str
    url: str

    def __str__(self) -> str:
        return f"“{self.title}” ({self.url})" if self.title else self.url


async def sight_of(page: Page) -> Sight:
    """The page's title, where it can say it at once, and its address."""
    from playwright.async_api import Error

    with suppress(Error, TimeoutError):
        async with asyncio.timeout(TITLE_WITHIN):
            return Sight((await page.title()).strip()[:200], page.url)
    return Sight("", page.url)


async def picture_of(page: Page) -> bytes:
    """What is in the page's window, as a JPEG without secrets. Errors after three seconds at most."""
    from app.browser.shots import shot

    async with asyncio.timeout(PICTURED_WITHIN):
        return await shot(page, kind="jpeg", takes_within=PICTURED_WITHIN)
