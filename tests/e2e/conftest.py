"""One studio and one browser for a module of stories; a window for each story, which must not report any trouble."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from tests.e2e.driving import Studio, Window, chromium

# A person would wait so long too; a story fails at once where it can, and is only patient where the machine is slow.
expect.set_options(timeout=30_000)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        bundled = playwright.chromium.executable_path
        opened = await playwright.chromium.launch(executable_path=chromium(bundled), args=["--no-sandbox"])
        yield opened
        await opened.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def studio(
    browser: Browser, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Studio]:
    """A started studio with the flows that the module names in `FLOWS`."""
    running = Studio(tmp_path_factory.mktemp("home"), browser)
    await running.seed(*getattr(request.module, "FLOWS", ()))
    await running.start()
    yield running
    await running.end()


@pytest_asyncio.fixture(loop_scope="module")
async def window(studio: Studio) -> AsyncIterator[Window]:
    opened = Window(await studio.context.new_page(), studio)
    yield opened
    await opened.page.close()
    assert opened.troubles == []
