"""A small studio for the tests: one page with a button and one route that changes something."""

import argparse
import asyncio
import sys
import time
from pathlib import Path

from app.server.lean import lean_start

with lean_start():
    from app.server.serve import serve


class Ledger:
    """Counts what really happened, in a file that outlives the process."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "ledger"
        self._path.touch()

    def add(self, line: str) -> None:
        with self._path.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")


def pages(ledger: Ledger) -> None:
    from fastapi import Request, Response
    from nicegui import app, ui

    @ui.page("/")
    def first() -> None:
        def clicked() -> None:
            ledger.add("clicked")
            button.text = "Thank you"

        button = ui.button("Press", on_click=clicked)

    @app.post("/press")
    async def press(request: Request) -> int:
        size = len(await request.body())
        ledger.add("pressed")
        return size

    @app.get("/picture.svg")
    def picture() -> Response:
        return Response('<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"/>', media_type="image/svg+xml")

    @app.get("/script.js")
    def script() -> Response:
        return Response("window.read = true", media_type="text/javascript")

    @app.get("/style.css")
    def style() -> Response:
        return Response("body { color: red }", media_type="text/css")


def main(arguments: list[str]) -> int:
    asked = argparse.ArgumentParser()
    asked.add_argument("folder", type=Path)
    asked.add_argument("--port", type=int, default=0)
    asked.add_argument("--stop-takes", type=float, default=0.0)
    asked.add_argument("--start-fails", action="store_true")
    asked.add_argument("--thread-hangs", type=float, default=0.0)
    asked.add_argument("--loop-blocks", type=float, default=0.0)
    given = asked.parse_args(arguments)
    ledger = Ledger(given.folder)
    link = given.folder / "link"

    async def on_start() -> None:
        if given.start_fails:
            raise ValueError("The practice disk is full.")
        ledger.add("started")
        asyncio.get_running_loop().call_later(0.2, time.sleep, given.loop_blocks)

    async def on_stop() -> None:
        if given.thread_hangs:
            asyncio.get_running_loop().run_in_executor(None, time.sleep, given.thread_hangs)
        await asyncio.sleep(given.stop_takes)
        ledger.add("stopped")

    def fresh_link(url: str) -> None:
        aside = link.with_suffix(".new")
        aside.write_text(url, encoding="utf-8")
        aside.replace(link)

    return serve(
        port=given.port,
        open_window=False,
        pages=lambda: pages(ledger),
        on_start=on_start,
        on_stop=on_stop,
        folder=given.folder,
        fresh_link=fresh_link,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
