"""One browser for all runs, gone when nobody needs it, and none left by a studio that was killed."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from pathlib import Path

import psutil

from app.browser import mark
from app.browser.browsers import Browsers
from app.browser.run import RunBrowser
from app.setup import ROOT
from tests.browser.site import Site
from tests.browser.test_run import alive

A_STUDIO = """
import asyncio, sys
from app.browser.browsers import Browsers
from app.browser.run import RunBrowser

async def main():
    page = await RunBrowser(Browsers("killed"), report=print).page()
    await page.goto("data:text/html,<title>up</title>")
    print(await page.title(), flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


async def test_runs_share_one_browser(shop: Site) -> None:
    browsers = Browsers("shared")
    runs = [RunBrowser(browsers, report=print) for _ in range(3)]
    await asyncio.gather(*(run.page() for run in runs))
    assert len(alive("shared.")) == 1
    await asyncio.gather(*(run.close() for run in runs))
    await browsers.close()
    assert alive("shared.") == []


async def test_a_browser_nobody_uses_is_closed_after_a_while_and_comes_back(shop: Site) -> None:
    browsers = Browsers("idle", idle_after=0.3)
    for _ in range(2):
        run = RunBrowser(browsers, report=print)
        page = await run.page(patience=5)
        await page.goto(shop.url)
        await asyncio.sleep(0.6)
        assert len(alive("idle.")) == 1
        await run.close()
        for _ in range(50):
            if not alive("idle."):
                break
            await asyncio.sleep(0.1)
        assert alive("idle.") == []
    await browsers.close()


async def test_starting_a_browser_keeps_the_loop_free() -> None:
    browsers = Browsers("lag")
    gaps: list[float] = []

    async def watch() -> None:
        while True:
            # The loop's own work: what else the machine does meanwhile does not count.
            before = time.thread_time()
            await asyncio.sleep(0.005)
            gaps.append(time.thread_time() - before)

    watching = asyncio.create_task(watch())
    run = RunBrowser(browsers, report=print)
    await run.page()
    watching.cancel()
    await run.close()
    await browsers.close()
    assert max(gaps) < 0.1


def test_the_browser_listens_on_no_port_and_has_a_profile_of_its_own() -> None:
    studio = subprocess.Popen([sys.executable, "-c", A_STUDIO], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert studio.stdout is not None
    try:
        assert studio.stdout.readline() == "up\n"
        (browser,) = (psutil.Process(pid) for pid in alive("killed."))
        family = [browser, *browser.children(recursive=True)]
        listening = [
            socket for member in family for socket in member.net_connections("tcp") if socket.status == "LISTEN"
        ]
        line = " ".join(browser.cmdline())
        assert listening == []
        assert "--remote-debugging-pipe" in line
        assert "playwright_chromiumdev_profile-" in line
    finally:
        studio.kill()
        studio.wait()
        studio.stdout.close()
        mark.end_leftovers()


async def the_next_start() -> None:
    browsers = Browsers("next")
    browsers.clear_up(after=0)
    await asyncio.sleep(0.1)
    await browsers.close()


def test_what_a_killed_studio_leaves_is_ended_at_the_next_start_and_nothing_else() -> None:
    studio = subprocess.Popen(
        [sys.executable, "-c", A_STUDIO], cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert studio.stdout is not None
    try:
        assert studio.stdout.readline() == "up\n"
        assert len(alive("killed.")) == 1
        mark.end_leftovers()
        assert len(alive("killed.")) == 1  # Its studio lives.

        (pid,) = alive("killed.")
        browser = psutil.Process(pid)
        profile = Path(next(part for part in " ".join(browser.cmdline()).split() if "user-data-dir" in part)[16:])
        assert profile.is_dir()
        browser.suspend()  # It cannot end by itself when its studio and the driver are killed.
        for process in (*psutil.Process(studio.pid).children(), psutil.Process(studio.pid)):
            process.kill()
        studio.wait()
        asyncio.run(the_next_start())
        assert alive("killed.") == []
        assert not profile.exists()
    finally:
        studio.kill()
        studio.stdout.close()
