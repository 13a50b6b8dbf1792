"""The studio, telling how long its event loop was held: each line it is sent is answered with the longest time.

A line `run <flow id> <count>` starts so many runs of a flow, and is answered with a line too.
"""

import asyncio
import asyncio.events
import json
import sys
import threading
import time
from typing import Any

import app.window
from app.server.lag import LoopLag
from app.studio import Studio, open_studio
from app.window import main

TICK = 0.005


class Longest:
    """The longest time that one call held the loop, who it was, and the longest that anything had to wait for it.

    Of that wait, `worked` is what the loop itself computed: the rest went to other programs, and to other threads.
    """

    def __init__(self) -> None:
        self.seconds = 0.0
        self.computing = 0.0
        self.late = 0.0
        self.worked = 0.0
        self.who = ""

    def note(self, seconds: float, computing: float, handle: asyncio.Handle) -> None:
        if seconds > self.seconds:
            self.seconds, self.computing, self.who = seconds, computing, _named(handle)


longest = Longest()


def watch() -> None:
    """Time every call that the loop makes; more exact than asking the loop now and then how late it is."""
    plain = asyncio.events.Handle._run

    def timed(handle: asyncio.Handle) -> None:
        began, computing = time.perf_counter(), time.thread_time()
        plain(handle)
        longest.note(time.perf_counter() - began, time.thread_time() - computing, handle)

    asyncio.events.Handle._run = timed  # type: ignore[assignment, method-assign]  # to look on, not to change


async def wait_in_line(_: LoopLag) -> None:
    """In place of the studio's own look, with a shorter breath: how late one is woken is how late a click is heard."""
    while True:
        began, computed = time.perf_counter(), time.thread_time()
        await asyncio.sleep(TICK)
        late = time.perf_counter() - began - TICK
        longest.late = max(longest.late, late)
        longest.worked = max(longest.worked, min(late, time.thread_time() - computed))


async def noted(*args: Any, **more: Any) -> Studio:
    """Open the studio, and know it and its loop afterwards."""
    global here
    made = await open_studio(*args, **more)
    here = made, asyncio.get_running_loop()
    return made


here: tuple[Studio, asyncio.AbstractEventLoop] | None = None


async def start(studio: Studio, flow_id: str, count: int) -> list[str]:
    """Start so many runs of a flow at once."""
    flow = (await studio.shelf.open(flow_id)).flow
    return list(await asyncio.gather(*(studio.runs.start(flow, {}) for _ in range(count))))


def answer() -> None:
    """Say what was seen since the last line."""
    global longest
    for line in sys.stdin:
        if line.startswith("run "):
            assert here is not None
            _, flow_id, count = line.split()
            started = asyncio.run_coroutine_threadsafe(start(here[0], flow_id, int(count)), here[1]).result()
            print(json.dumps({"started": started}))
            sys.stdout.flush()
            continue
        seen, longest = longest, Longest()
        said = {"held": seen.seconds, "computing": seen.computing, "late": seen.late, "who": seen.who}
        print(json.dumps({**said, "worked": seen.worked}))
        sys.stdout.flush()


def _named(handle: asyncio.Handle) -> str:
    task = getattr(handle._callback, "__self__", None)  # type: ignore[attr-defined]
    return repr(task.get_coro()) if isinstance(task, asyncio.Task) else repr(handle)


if __name__ == "__main__":
    watch()
    app.window.open_studio = noted  # type: ignore[attr-defined]  # to look on, not to change
    LoopLag.watch = wait_in_line  # type: ignore[assignment, method-assign]  # to look on, not to change
    threading.Thread(target=answer, daemon=True).start()
    sys.exit(main(["--no-open", *sys.argv[1:]]))
