"""A computer that reaches the web through a proxy does so in gated runs too."""

from __future__ import annotations

import asyncio
from asyncio import StreamReader, StreamWriter

import pytest
from playwright.async_api import Error

from app.browser.browsers import Browsers
from app.browser.run import RunBrowser


async def test_a_gated_run_goes_through_the_proxy_of_this_computer(
    browsers: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    heads: list[list[str]] = []

    async def company_proxy(reader: StreamReader, writer: StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        heads.append([head[0], *(line for line in head if line.startswith("Proxy-Auth"))])
        if head[0].startswith("CONNECT"):
            writer.write(b"HTTP/1.1 403 Forbidden\r\n\r\n")
        else:
            writer.write(
                b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\nContent-Type: text/html\r\n\r\n<title>Shop</title>\n"
            )
        writer.close()

    server = await asyncio.start_server(company_proxy, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    for name in ("http_proxy", "https_proxy"):
        monkeypatch.setenv(name, f"http://ada:p%40ss@127.0.0.1:{port}")
    monkeypatch.delenv("no_proxy", raising=False)

    run = RunBrowser(browsers, report=print, allow=lambda url: "shop.test" in url)
    page = await run.page(patience=5)
    await page.goto("http://shop.test/mugs?at=1")
    assert await page.title() == "Shop"
    for refused in ("https://shop.test/", "https://elsewhere.test/"):
        with pytest.raises(Error):
            await page.goto(refused)
        await asyncio.sleep(0.3)
    await run.close()
    server.close()

    credentials = "Proxy-Authorization: Basic YWRhOnBAc3M="
    assert ["GET http://shop.test/mugs?at=1 HTTP/1.1", credentials] in heads
    assert ["CONNECT shop.test:443 HTTP/1.1", credentials] in heads
    assert not any("elsewhere" in head[0] for head in heads)
