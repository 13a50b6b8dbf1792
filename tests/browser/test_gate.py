"""A gated run reaches what it may and nothing else, on every way a page has to the outside."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from urllib.parse import quote

import pytest
from playwright.async_api import Error

from app.browser.browsers import Browsers
from app.browser.gate import Allow
from app.browser.notices import Notice
from app.browser.run import RunBrowser
from tests.browser.site import Site


def only(site: Site, asked: list[str] | None = None) -> Callable[[str], bool]:
    def allow(url: str) -> bool:
        if asked is not None:
            asked.append(url)
        return url.startswith(f"{site.url}/")

    return allow


async def refused(run: RunBrowser, url: str) -> str:
    page = await run.page(patience=5)
    with pytest.raises(Error) as failed:
        await page.goto(url)
    await asyncio.sleep(0.3)
    said = run.explain(failed.value)
    assert said is not None
    return said.what


async def test_an_allowed_site_works_through_the_gate(browsers: Browsers, shop: Site) -> None:
    asked: list[str] = []
    run = RunBrowser(browsers, report=print, allow=only(shop, asked))
    page = await run.page(patience=5)
    await page.goto(f"{shop.url}/login")
    await page.goto(f"{shop.url}/who")
    assert await page.title() == "who=ada"
    answer = await page.evaluate("fetch('/who', {method: 'POST', body: 'x'.repeat(300000)}).then(got => got.status)")
    assert (answer, asked) == (200, [f"{shop.url}/login"])
    await run.close()


async def test_another_site_is_refused_with_a_sentence_and_never_contacted(
    browsers: Browsers, shop: Site, elsewhere: Site
) -> None:
    told: list[Notice] = []
    run = RunBrowser(browsers, report=told.append, allow=only(shop))
    assert await refused(run, f"{elsewhere.url}/") == "This flow may not contact 127.0.0.1."
    assert await refused(run, f"https://127.0.0.1:{elsewhere.port}/") == "This flow may not contact 127.0.0.1."
    # Playwright does not intercept what a redirect leads to; the gate does.
    assert await refused(run, f"{shop.url}/go?{elsewhere.url}/") == "This flow may not contact 127.0.0.1."
    assert elsewhere.hits == []
    assert {(notice.kind, notice.about) for notice in told} == {("denied", "127.0.0.1")}
    await run.close()


WAYS_OUT = {
    "fetch": "fetch('{there}/fetch', {{mode: 'no-cors'}}).catch(() => 0)",
    "image": "new Image().src = '{there}/image'",
    "beacon": "navigator.sendBeacon('{there}/beacon', 'canary')",
    "socket": "new WebSocket('{socket}/socket')",
    "frame": "document.body.append(Object.assign(document.createElement('iframe'), {{src: '{there}/frame'}}))",
    "style": "document.body.style.background = 'url({there}/style)'",
    "form": "document.body.innerHTML = '<form action={there}/form></form>'; document.forms[0].submit()",
    "popup": "window.open('{there}/popup')",
    "refresh": "document.body.innerHTML = '<meta http-equiv=refresh content=\"0;url={there}/refresh\">'",
    "preconnect": "document.head.innerHTML = '<link rel=preconnect href={there}><link rel=prefetch href={there}/pre>'",
    "worker": "new Worker(URL.createObjectURL(new Blob([`fetch('{there}/worker', {{mode: 'no-cors'}})`])))",
    "redirected": "fetch('/go?{there}/redirected', {{mode: 'no-cors'}}).catch(() => 0)",
}


async def test_no_way_out_of_a_page_gets_around_the_gate(browsers: Browsers, shop: Site, elsewhere: Site) -> None:
    ws = elsewhere.url.replace("http:", "ws:")
    noticed: dict[str, bool] = {}
    for way, script in WAYS_OUT.items():
        told: list[Notice] = []
        run = RunBrowser(browsers, report=told.append, allow=only(shop))
        page = await run.page(patience=5)
        await page.goto(shop.url)
        await page.evaluate("() => {" + script.format(there=elsewhere.url, socket=ws) + "}")
        await asyncio.sleep(0.5)
        await run.close()
        noticed[way] = "denied" in {notice.kind for notice in told}
    assert elsewhere.hits == []
    assert noticed == dict.fromkeys(WAYS_OUT, True)


async def test_the_same_ways_do_reach_the_other_site_without_a_gate(
    browsers: Browsers, shop: Site, elsewhere: Site
) -> None:
    run = RunBrowser(browsers, report=print)
    page = await run.page(patience=5)
    await page.goto(shop.url)
    for way in ("fetch", "image", "beacon", "frame", "worker", "redirected"):
        await page.evaluate("() => {" + WAYS_OUT[way].format(there=elsewhere.url, socket="") + "}")
    await asyncio.sleep(0.7)
    assert sorted(elsewhere.hits) == ["/beacon", "/fetch", "/frame", "/image", "/redirected", "/worker"]
    await run.close()


@pytest.mark.parametrize("allow", [None, lambda url: True], ids=["without a gate", "when everything is allowed"])
async def test_the_studios_own_address_is_refused_in_every_spelling(
    shop: Site, elsewhere: Site, allow: Allow | None
) -> None:
    browsers = Browsers("own", never=[elsewhere.port])
    run = RunBrowser(browsers, report=print, allow=allow)
    page = await run.page(patience=5)
    await page.goto(shop.url)
    for host in ("127.0.0.1", "localhost", "127.1", "2130706433", "0x7f.1", "0.0.0.0", "a.localhost", "LOCALHOST."):
        await page.evaluate(f"fetch('http://{host}:{elsewhere.port}/{host}', {{mode: 'no-cors'}}).catch(() => 0)")
    said = await refused(run, f"{elsewhere.url}/")
    assert elsewhere.hits == []
    assert said in ("A flow cannot open Weft's own window.", "This flow may not contact 127.0.0.1.")
    await run.close()
    await browsers.close()


async def test_the_gate_may_take_its_time_and_asks_once_for_many_requests(browsers: Browsers, shop: Site) -> None:
    asked: list[str] = []

    async def a_person(url: str) -> bool:
        asked.append(url)
        await asyncio.sleep(0.5)
        return True

    run = RunBrowser(browsers, report=print, allow=a_person)
    page = await run.page(patience=10)
    images = "".join(f"<img src=/image{number}>" for number in range(12))
    await page.goto(f"{shop.url}/page?{quote(images)}")
    await page.wait_for_load_state("load")
    assert len(shop.hits) == 13
    assert len(asked) == 1
    await run.close()


async def test_a_site_that_is_not_there_is_said_through_the_gate_too(browsers: Browsers) -> None:
    run = RunBrowser(browsers, report=print, allow=lambda url: True)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert await refused(run, f"http://127.0.0.1:{port}/") == "127.0.0.1 does not answer."
    assert await refused(run, "https://no-such-host.invalid/") == "The address no-such-host.invalid was not found."
    await run.close()


async def test_a_question_nobody_answers_does_not_keep_a_run_from_closing(browsers: Browsers, shop: Site) -> None:
    async def nobody(url: str) -> bool:
        await asyncio.sleep(3600)
        return True

    run = RunBrowser(browsers, report=print, allow=nobody)
    page = await run.page(patience=0.5)
    with pytest.raises(Error):
        await page.goto(shop.url)
    async with asyncio.timeout(5):
        await run.close()
    assert shop.hits == []
