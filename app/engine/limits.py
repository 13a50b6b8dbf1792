"""The threads in which steps work that would block the window."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


async def in_thread(work: Callable[[], T], name: str) -> T:
    """What `work` returns, from a thread of its own.

    A thread cannot be stopped, only left behind: so it is none of the loop's own, which others wait for, and it does
    not keep the program from ending.
    """
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[tuple[T | None, BaseException | None]] = loop.create_future()
    context = contextvars.copy_context()

    def settle(value: T | None, error: BaseException | None) -> None:
        if not ended.done():
            ended.set_result((value, error))

    def run() -> None:
        value, error = None, None
        try:
            value = context.run(work)
        except BaseException as raised:  # noqa: BLE001  it is raised again where it is waited for
            error = raised
        with contextlib.suppress(RuntimeError):  # The loop is gone if the program is ending.
            loop.call_soon_threadsafe(settle, value, error)

    threading.Thread(target=run, name=f"step {name}", daemon=True).start()
    value, error = await ended
    if error is not None:
        raise error
    return value  # type: ignore[return-value]  # without an error it is what the work gave
