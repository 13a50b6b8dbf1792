"""`weft` without arguments: open the studio in a browser window."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

from app.engine.turns import turns
from app.server.lean import lean_start
from app.server.serve import serve
from app.server.window import opened
from app.store.home import home
from app.store.lock import AlreadyOpen, StudioLock
from app.store.starts import Starts
from app.store.trouble import StoreTrouble, plainly
from app.studio import Studio, open_studio

STARTS_WITHIN = 20.0
"""Seconds that a second start waits for the address of the first."""
log = logging.getLogger(__name__)


def main(args: list[str]) -> int:
    """Run the studio until it is told to stop; the exit status."""
    options = _options(args)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    try:
        folder = home()
        with _lock(folder) as lock, plainly(folder):
            return _serve(folder, lock, options)
    except AlreadyOpen as already:
        return _to_the_first(already, options)
    except StoreTrouble as trouble:
        from app.cli.mending import ways_back

        sys.stderr.write("\n".join([trouble.message, trouble.hint, *ways_back(trouble)]) + "\n")
        return 1


def _lock(folder: Path) -> StudioLock:
    """The lock of this data folder. AlreadyOpen, with the address as soon as the first start has one."""
    until = time.monotonic() + STARTS_WITHIN
    while True:
        try:
            return StudioLock(folder)
        except AlreadyOpen as already:
            if already.url or time.monotonic() > until:
                raise
            time.sleep(0.1)


def _to_the_first(already: AlreadyOpen, options: argparse.Namespace) -> int:
    shown = bool(already.url) and not options.no_open and opened(already.url, wait=True)
    then = "It is shown in your browser now." if shown else already.hint
    sys.stdout.write(f"{already.message}\n{then}\n")
    return 0


def _serve(folder: Path, lock: StudioLock, options: argparse.Namespace) -> int:
    with lean_start():
        from app.ui.pages import register, warm

    studios: list[Studio] = []
    house: list[asyncio.Task[None]] = []
    starts = Starts(folder)
    ports: list[int] = []

    def link(address: str) -> None:
        ports.append(urlsplit(address).port or 0)
        lock.tell(address)

    async def start() -> None:
        studio = await open_studio(folder, own_port=ports[-1], headed=options.show_browser, starts=starts)
        studios.append(studio)
        await studio.runs.recover(wake=not starts.safe)
        house.append(asyncio.create_task(studio.keep_house(), name="house"))
        house.append(asyncio.create_task(warm(), name="warm"))

    async def stop() -> None:
        starts.end()
        for task in house:
            task.cancel()
        if studios:
            await studios.pop().close()

    try:
        return serve(
            port=options.port,
            open_window=not options.no_open,
            pages=lambda: register(lambda: studios[0]),
            on_start=start,
            on_stop=stop,
            folder=folder,
            fresh_link=link,
            gesture=turns.person_waits,
        )
    except StoreTrouble:
        starts.end()  # It could not open, and says why: that is no crash.
        raise


def _options(args: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="weft", description="Open the studio in a browser window.")
    parser.add_argument("--no-open", action="store_true", help="do not open a browser window, only say the address")
    parser.add_argument("--port", type=int, default=None, help="the port to use, if it is free")
    parser.add_argument("--show-browser", action="store_true", help="show the browser that flows work in")
    options = parser.parse_args(args)
    if options.port is not None and not 0 <= options.port <= 65535:
        parser.error(f"there is no port {options.port}; ports go up to 65535")
    return options
