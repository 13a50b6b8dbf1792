"""`weft` without arguments: open the studio in a browser window."""

from __future__ import annotations

import argparse
import logging
import sys
from urllib.parse import urlsplit

from app.server.serve import serve
from app.store.home import home
from app.store.lock import AlreadyOpen, StudioLock
from app.store.trouble import StoreTrouble
from app.studio import Studio, open_studio

log = logging.getLogger(__name__)


def main(args: list[str]) -> int:
    """Run the studio until it is told to stop; the exit status."""
    options = _options(args)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    try:
        folder = home()
        with StudioLock(folder) as lock:
            return _serve(lock, options)
    except (AlreadyOpen, StoreTrouble) as trouble:
        sys.stderr.write(f"{trouble.message}\n{trouble.hint}\n")
        return 0 if isinstance(trouble, AlreadyOpen) else 1


def _serve(lock: StudioLock, options: argparse.Namespace) -> int:
    from app.ui.pages import register

    folder = home()
    opened: list[Studio] = []
    ports: list[int] = []

    def link(address: str) -> None:
        ports.append(urlsplit(address).port or 0)
        lock.tell(address)

    async def start() -> None:
        studio = await open_studio(folder, own_port=ports[-1], headed=options.show_browser)
        opened.append(studio)
        await studio.runs.recover()

    async def stop() -> None:
        if opened:
            await opened.pop().close()

    return serve(
        port=options.port,
        open_window=not options.no_open,
        pages=lambda: register(lambda: opened[0]),
        on_start=start,
        on_stop=stop,
        folder=folder,
        fresh_link=link,
    )


def _options(args: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="weft", description="Open the studio in a browser window.")
    parser.add_argument("--no-open", action="store_true", help="do not open a browser window, only say the address")
    parser.add_argument("--port", type=int, default=None, help="the port to use, if it is free")
    parser.add_argument("--show-browser", action="store_true", help="show the browser that flows work in")
    return parser.parse_args(args)
