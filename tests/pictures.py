"""Take the pictures of the docs from a really started studio: `python -m tests.pictures`."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from playwright.async_api import async_playwright

from flows.text import read_flow
from tests.docs import DOCS, EXAMPLES
from tests.e2e.driving import Studio, Window, chromium
from tests.model_server import ModelServer, Says

EXAMPLE = EXAMPLES / "mugs-report.flow.yaml"
LINES = "A quiet companion for long mornings and slow tea."


async def main() -> None:
    """The editor after a run of the example to begin with."""
    with tempfile.TemporaryDirectory() as home, ModelServer() as server:
        server.script("text", *(Says(LINES) for _ in range(20)))
        async with async_playwright() as playwright:
            bundled = playwright.chromium.executable_path
            browser = await playwright.chromium.launch(executable_path=chromium(bundled), args=["--no-sandbox"])
            studio = Studio(Path(home), browser)
            await studio.start()
            await studio.connect_model(server.openai)
            window = Window(await studio.context.new_page(), studio)
            await window.page.set_viewport_size({"width": 1760, "height": 840})
            await window.open(read_flow(EXAMPLE.read_bytes()).flow.id)
            await window.run()
            await window.page.get_by_role("dialog").get_by_role("button", name="Run").click()
            await window.ends("Done")
            await window.choose("shelf", "Result")
            await window.canvas.focus()
            await window.press("1")
            await window.page.wait_for_timeout(1000)
            await window.page.screenshot(path=DOCS / "editor.png")
            await studio.end()
            await browser.close()


if __name__ == "__main__":
    asyncio.run(main())
