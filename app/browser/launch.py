"""Start one Chromium the careful way: own temporary profile, no open port, no secrets in its environment."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from app.browser.find import Found
from app.browser.mark import flag

if TYPE_CHECKING:
    from playwright.async_api import Browser, Playwright

START_WITHIN = 30.0
ARGUMENTS = (
    "--disable-background-networking",
    "--disable-crash-reporter",
    "--no-first-run",
    # Connections that a gate's proxy would not see.
    "--disable-quic",
    "--dns-prefetch-disable",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
)
LOOPBACK = (
    "127.0.0.1",
    "localhost",
    "localhost.",
    "*.localhost",
    "*.localhost.",
    "0.0.0.0",
    "[::1]",
    "[::]",
    "[::ffff:7f00:1]",
)
LOOKS_SECRET = re.compile(r"(?i)key|token|secret|passw|credential")


async def launch(
    playwright: Playwright, browser: Found, *, marker: str, headed: bool = False, never: Iterable[int] = ()
) -> Browser:
    """A running browser. `never` are ports of this computer it cannot reach in any spelling: the studio's own."""
    from playwright.async_api import Error

    arguments = [*ARGUMENTS, flag(marker)]
    if rules := [f"MAP {host}:{port} ~NOTFOUND" for port in never for host in LOOPBACK]:
        arguments.append("--host-resolver-rules=" + ", ".join(rules))

    async def start(sandbox: bool) -> Browser:
        return await playwright.chromium.launch(
            executable_path=browser.path,
            args=arguments,
            headless=not headed,
            chromium_sandbox=sandbox,
            env=environment(os.environ),
            timeout=START_WITHIN * 1000,
            # The studio closes its browsers itself, after the steps that use them.
            handle_sigint=False,
            handle_sigterm=False,
            handle_sighup=False,
        )

    if runs_as_root():
        return await start(sandbox=False)
    try:
        return await start(sandbox=True)
    except Error as error:
        # Containers and some distributions forbid what the sandbox is made of.
        if "sandbox" not in error.message.lower():
            raise
        return await start(sandbox=False)


def runs_as_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def environment(all_of_it: Mapping[str, str]) -> dict[str, str | float | bool]:
    """The environment for the browser: a page that breaks out of it finds no keys there."""
    return {name: value for name, value in all_of_it.items() if not LOOKS_SECRET.search(name)}
