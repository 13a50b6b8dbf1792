"""What a real browser does with the guard's answers: the own window works, every other page stays outside."""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, Playwright, async_playwright, expect

from tests.server.neighbour import Neighbour, neighbour
from tests.server.started import Studio, token_of

FILES = ("picture.svg", "script.js", "style.css")

# Tries to use each file as a page would, and says of each whether it came.
LOAD_ALL = """base => Promise.all([["img", "src", "picture.svg"], ["script", "src", "script.js"],
    ["link", "href", "style.css"]].map(([tag, attribute, file]) => new Promise(done => {
        const element = document.createElement(tag);
        if (tag === "link") element.rel = "stylesheet";
        element.onload = () => done(file + " came");
        element.onerror = () => done(file + " was blocked");
        element[attribute] = base + "/" + file;
        document.head.append(element);
    })))"""


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def playwright() -> AsyncIterator[Playwright]:
    async with async_playwright() as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser(playwright: Playwright) -> AsyncIterator[Browser]:
    launched = await playwright.chromium.launch(executable_path=chromium(playwright))
    yield launched
    await launched.close()


@pytest_asyncio.fixture(loop_scope="module")
async def window(browser: Browser, studio: Studio) -> AsyncIterator[Page]:
    """A browser that was let in by a link, on the studio's first page."""
    page = await browser.new_page()
    await page.goto(studio.link)
    yield page
    await page.close()


@pytest.fixture
def other() -> Iterator[Neighbour]:
    with neighbour() as running:
        yield running


async def test_the_window_opens_and_its_button_works_under_the_policy(window: Page, studio: Studio) -> None:
    complaints: list[str] = []
    window.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    sockets: list[str] = []
    window.on("websocket", lambda socket: sockets.append(socket.url))
    await window.reload()
    before = studio.ledger.count("clicked")
    await window.get_by_role("button", name="Press").click()
    await expect(window.get_by_role("button", name="Thank you")).to_be_visible()
    assert studio.ledger.count("clicked") == before + 1
    assert {url.partition("?")[0] for url in sockets} == {f"ws://{studio.here}/_nicegui_ws/socket.io/"}
    assert complaints == []


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_s13_it_cannot_be_put_into_a_frame(window: Page, studio: Studio, other: Neighbour, host: str) -> None:
    other.page = f'<h1>Elsewhere</h1><iframe src="{studio.url}/"></iframe>'
    await window.goto(other.on(host), wait_until="networkidle")
    inside = window.frames[1]
    assert await inside.get_by_role("button", name="Press").count() == 0
    assert "client_id" not in await inside.content()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_s14_its_files_cannot_be_used_elsewhere(
    window: Page, studio: Studio, other: Neighbour, host: str
) -> None:
    assert await window.evaluate(LOAD_ALL, studio.url) == [f"{file} came" for file in FILES]
    await window.goto(other.on(host))
    assert await window.evaluate(LOAD_ALL, studio.url) == [f"{file} was blocked" for file in FILES]


async def test_s15_the_token_stays_out_of_the_page_its_address_and_the_referer(
    window: Page, studio: Studio, other: Neighbour
) -> None:
    link = studio.link
    await window.goto(link)
    assert window.url == f"{studio.url}/"
    assert token_of(link) not in await window.content()
    assert await window.evaluate("document.cookie") == ""
    entries = await window.evaluate("performance.getEntries().map(entry => entry.name)")
    assert [name for name in entries if token_of(link) in name] == []

    await window.evaluate("url => { location.href = url }", other.on("localhost"))
    await window.wait_for_url(other.on("localhost"))
    assert "referer" not in other.heard[0]
    await window.go_back()
    assert window.url == f"{studio.url}/"


async def test_s15_what_a_browser_remembers_of_the_link_is_worth_nothing(
    studio: Studio, playwright: Playwright, tmp_path: Path
) -> None:
    link = studio.link
    context = await playwright.chromium.launch_persistent_context(tmp_path, executable_path=chromium(playwright))
    await opened(context, link)
    await context.close()
    # Chromium writes every address of a redirect into its profile, and nothing a server says prevents it.
    assert studio.get(f"/?t={token_of(link)}").status == 401


async def opened(context: BrowserContext, link: str) -> None:
    page = await context.new_page()
    await page.goto(link)
    assert await page.get_by_role("button", name="Press").count() == 1


def chromium(playwright: Playwright) -> str | None:
    """Playwright's own Chromium where it was installed, else the system's."""
    own = playwright.chromium.executable_path
    return own if Path(own).is_file() else shutil.which("chromium")
