"""What a run gets from its browser: pages that stay, sessions that come back, and an end in time."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from playwright.async_api import Error

from app.browser.browsers import Browsers
from app.browser.notices import Notice
from app.browser.run import RunBrowser
from nodes.values import NodeError
from tests.browser.site import Site


def running_pid(browsers: Browsers) -> int:
    (running,) = browsers._up.values()
    return running.pid


def alive(marker: str) -> list[int]:
    """Chromium's main processes with this mark, without those that are dead and only not yet forgotten."""
    found = []
    for process in psutil.process_iter(["cmdline", "status"]):
        line = " ".join(process.info["cmdline"] or [])
        if f"--weft-studio={marker}" in line and process.info["status"] != psutil.STATUS_ZOMBIE:
            found.append(process.pid)
    return found


async def becomes(holds: Callable[[], bool]) -> None:
    """Return once it holds."""
    for _ in range(3000):
        if holds():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("It never came to hold.")


async def test_a_session_keeps_its_page_and_sessions_know_nothing_of_each_other(browsers: Browsers, shop: Site) -> None:
    run = RunBrowser(browsers, report=print)
    page = await run.page(patience=5)
    await page.goto(f"{shop.url}/login")
    assert await run.page() is page
    await page.goto(f"{shop.url}/who")
    assert await page.title() == "who=ada"

    other = await run.page("other")
    await other.goto(f"{shop.url}/who")
    assert await other.title() == "nobody"
    await run.close()


async def test_rounds_at_the_same_time_have_pages_of_their_own_and_are_signed_in(
    browsers: Browsers, shop: Site
) -> None:
    run = RunBrowser(browsers, report=print)
    main = await run.page()
    await main.goto(f"{shop.url}/login")
    one, two = await asyncio.gather(run.page(lane="each/1"), run.page(lane="each/2"))
    assert len({main, one, two}) == 3
    await asyncio.gather(one.goto(f"{shop.url}/who"), two.goto(f"{shop.url}/who"))
    assert [await one.title(), await two.title(), await main.title()] == ["who=ada", "who=ada", "In"]
    await run.leave("each/1")
    assert (one.is_closed(), two.is_closed()) == (True, False)
    assert list(await run.save_state()) == ["main", "each/2:main"]
    await run.close()


async def test_a_dialog_is_dismissed_and_said(browsers: Browsers, shop: Site) -> None:
    told: list[Notice] = []
    run = RunBrowser(browsers, report=told.append)
    page = await run.page(patience=5)
    await page.goto(f"{shop.url}/ask")
    await page.click("button")
    assert await page.title() == "false"
    assert told == [Notice("dialog", "The page showed a question, which was dismissed: “Really?”", f"{shop.url}/ask")]
    await run.close()


async def test_a_popup_comes_to_the_front_and_leaves_when_it_closes(browsers: Browsers, shop: Site) -> None:
    told: list[Notice] = []
    run = RunBrowser(browsers, report=told.append)
    page = await run.page(patience=5)
    await page.goto(shop.url)
    async with page.expect_popup():
        await page.click("#new")
    popup = await run.page()
    await popup.wait_for_load_state()
    assert (await popup.title(), [notice.kind for notice in told]) == ("Second", ["popup"])
    await popup.close()
    assert await run.page() is page
    await run.close()


async def test_a_browser_killed_in_a_step_is_a_sentence_and_the_next_step_goes_on(
    browsers: Browsers, shop: Site
) -> None:
    told: list[Notice] = []
    run = RunBrowser(browsers, report=told.append)
    page = await run.page(patience=30)
    await page.goto(f"{shop.url}/login")
    await run.save_state()
    first = running_pid(browsers)

    waiting = asyncio.create_task(page.click("#never"))
    await asyncio.sleep(0.2)
    os.kill(first, signal.SIGKILL)
    with pytest.raises(Error) as failed:
        await asyncio.wait_for(waiting, 5)
    said = run.explain(failed.value)
    assert said is not None
    assert said.what == "The browser ended while this step was using it."

    again = await run.page(patience=5)
    assert running_pid(browsers) != first
    assert again.url == f"{shop.url}/login"
    await again.goto(f"{shop.url}/who")
    assert await again.title() == "who=ada"
    assert [notice.kind for notice in told] == ["crash", "restored"]
    await run.close()


async def test_a_crashed_page_is_replaced(browsers: Browsers, shop: Site) -> None:
    told: list[Notice] = []
    run = RunBrowser(browsers, report=told.append)
    page = await run.page(patience=5)
    await page.goto(shop.url)
    with pytest.raises(Error):
        await page.goto("chrome://crash")
    # The address is given up at once, the crash is heard of up to a second later.
    await becomes(lambda: bool(told))
    again = await run.page(patience=5)
    await again.goto(shop.url)
    assert (again is page, await again.title(), [notice.kind for notice in told]) == (False, "Home", ["crash"])
    await run.close()


async def test_a_killed_driver_is_survived_as_well(browsers: Browsers, shop: Site) -> None:
    run = RunBrowser(browsers, report=print)
    page = await run.page(patience=5)
    await page.goto(shop.url)
    (running,) = browsers._up.values()
    assert running.driver is not None
    running.driver.kill()
    await asyncio.sleep(0.2)
    again = await run.page(patience=5)
    await again.goto(shop.url)
    assert await again.title() == "Home"
    await run.close()


async def test_the_state_is_plain_json_and_brings_a_session_back_in_another_studio(
    browsers: Browsers, shop: Site
) -> None:
    run = RunBrowser(browsers, report=print)
    page = await run.page("shop")
    await page.goto(f"{shop.url}/login")
    await page.evaluate("localStorage.colour = 'blue'; sessionStorage.step = '3'")
    await page.goto(f"{shop.url}/second")
    state = json.loads(json.dumps(await run.save_state()))
    await run.close()

    told: list[Notice] = []
    later = Browsers("later")
    resumed = RunBrowser(later, report=told.append, state=state)
    page = await resumed.page("shop", patience=5)
    assert (page.url, await page.title()) == (f"{shop.url}/second", "Second")
    assert await page.evaluate("[document.cookie, localStorage.colour, sessionStorage.step]") == [
        "who=ada",
        "blue",
        "3",
    ]
    assert [notice.kind for notice in told] == ["restored"]
    await later.close()


async def test_closing_takes_less_than_five_seconds_even_when_a_page_hangs(browsers: Browsers, shop: Site) -> None:
    run = RunBrowser(browsers, report=print)
    page = await run.page(patience=5)
    await page.goto(f"{shop.url}/login")
    saved = await run.save_state()
    await page.goto(f"{shop.url}/hang")
    await asyncio.sleep(0.5)
    assert (await run.save_state()) == saved  # A stuck page keeps the state it had.
    began = time.monotonic()
    await run.close()
    assert time.monotonic() - began < 5


async def test_closing_takes_less_than_five_seconds_even_when_the_browser_is_stuck(shop: Site) -> None:
    browsers = Browsers("stuck")
    run = RunBrowser(browsers, report=print)
    page = await run.page(patience=5)
    await page.goto(shop.url)
    os.kill(running_pid(browsers), signal.SIGSTOP)
    began = time.monotonic()
    await run.close()
    assert time.monotonic() - began < 5

    after = RunBrowser(browsers, report=print)
    page = await after.page(patience=5)
    await page.goto(shop.url)
    assert await page.title() == "Home"
    began = time.monotonic()
    await browsers.close()
    assert time.monotonic() - began < 5
    assert alive("stuck.") == []


async def test_a_file_is_refused_or_kept_under_a_harmless_name(browsers: Browsers, shop: Site, tmp_path: Path) -> None:
    told: list[Notice] = []
    without = RunBrowser(browsers, report=told.append)
    page = await without.page(patience=5)
    with pytest.raises(Error) as failed:
        await page.goto(f"{shop.url}/file")
    said = without.explain(failed.value)
    assert said is not None
    assert said.what == "This address starts a download instead of opening a page."
    await asyncio.sleep(0.2)
    await without.close()
    assert [(notice.kind, notice.says) for notice in told] == [
        ("download", "The page offered the file “prices.csv”, which was not taken.")
    ]

    folder = tmp_path / "kept"
    folder.mkdir()
    into = RunBrowser(browsers, report=told.append, downloads=folder)
    for _ in range(2):
        page = await into.page(patience=5)
        with pytest.raises(Error):
            await page.goto(f"{shop.url}/file")
        await asyncio.sleep(0.3)
    await into.close()
    assert {path.name: path.read_text() for path in folder.iterdir()} == {
        "prices.csv": "a,b\n1,2\n",
        "prices 2.csv": "a,b\n1,2\n",
    }


async def test_steps_patience_is_what_playwright_waits(browsers: Browsers, shop: Site) -> None:
    run = RunBrowser(browsers, report=print)
    page = await run.page(patience=0.3)
    await page.goto(shop.url)
    with pytest.raises(Error) as failed:
        await page.click("#never")
    said = run.explain(failed.value)
    assert said is not None
    assert said.what == 'After 0.3 s the page still did not have locator("#never").'
    await run.close()


async def test_a_stopped_step_leaves_nothing_open(shop: Site) -> None:
    browsers = Browsers("stopped")
    run = RunBrowser(browsers, report=print)
    opening = asyncio.create_task(run.page())
    await asyncio.sleep(0.3)
    opening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await opening
    await run.close()
    await browsers.close()
    assert alive("stopped.") == []


async def test_without_a_browser_there_is_a_sentence_with_the_next_move() -> None:
    run = RunBrowser(Browsers("none", setting=Path("/no/such/browser")), report=print)
    with pytest.raises(NodeError, match="did not start") as failed:
        await run.page()
    assert "weft doctor" in failed.value.hint
    await run.close()
