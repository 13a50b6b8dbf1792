"""Pages of a rehearsal: they may ask for things, and send nothing."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Request, Route, WebSocketRoute

HeldBack = Callable[[str, str, str], None]
"""Hears the method, the address and the body of what a page wanted to send."""

READS = ("GET", "HEAD", "OPTIONS")
LONGEST = 100_000

NO_WAY_ROUND = """
for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection", "WebTransport"]) delete window[name];
const send = window.fetch.bind(window);
window.fetch = (what, how) => send(what, how && how.keepalive ? {...how, keepalive: false} : how);
navigator.sendBeacon = (to, body) => {
  send(to, {method: "POST", body, mode: "no-cors"}).catch(() => {});
  return true;
};
"""
"""Closes ways out of a page that no route sees, and lets what outlives a page take one that does."""


async def only_reads(context: BrowserContext, held_back: HeldBack) -> None:
    """Hold back everything but reading, beacons and sockets included.

    What an address itself brings about cannot be held: a site that changes something when it is only asked for a page.
    """

    async def route(found: Route) -> None:
        from playwright.async_api import Error

        request = found.request
        with suppress(Error):  # The page may be gone by now.
            if request.method in READS:
                await found.continue_()
                return
            held_back(request.method, request.url, _body(request))
            await found.abort("blockedbyclient")

    def socket(found: WebSocketRoute) -> None:
        # It is never connected: the page speaks to nobody.
        found.on_message(lambda said: held_back("a message", found.url, str(said)[:LONGEST]))

    await context.route("**/*", route)
    await context.route_web_socket("**/*", socket)
    await context.add_init_script(NO_WAY_ROUND)


def _body(request: Request) -> str:
    sent = request.post_data_buffer
    return sent.decode(errors="replace")[:LONGEST] if sent else ""
