"""Serve the studio on this computer until it is told to stop, and open its window."""

import contextlib
import functools
import signal
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import uvicorn
from uvicorn.server import HANDLED_SIGNALS

from app.server.at_hand import AtHand
from app.server.compose import MESSAGE_LIMIT, compose
from app.server.deadline import Deadline
from app.server.entry import Entry
from app.server.guard import Guard
from app.server.lean import lean_start
from app.server.life import Life
from app.server.listen import listen
from app.server.window import invitation, opened

say_at_once = functools.partial(print, flush=True)


def serve(
    *,
    port: int | None,
    open_window: bool,
    pages: Callable[[], None],
    on_start: Callable[[], Awaitable[None]],
    on_stop: Callable[[], Awaitable[None]],
    folder: Path,
    fresh_link: Callable[[str], object] = lambda _link: None,
    gesture: Callable[[], object] = lambda: None,
    favicon: str | Path | None = None,
    say: Callable[[str], object] = say_at_once,
) -> int:
    """Run the studio; the exit status.

    `port` is the wanted one, `None` the usual; the next free one is taken. `fresh_link` hears every new link that
    lets a browser in, the first one included; `gesture` is told of everything that a person does in a window. What
    `on_start` raises is raised here, before any window opens.
    """
    listening = listen(port)
    number = listening.getsockname()[1]
    entry = Entry(number, fresh_link)
    life = Life(on_start, on_stop)
    with lean_start():
        app = compose(pages, folder=folder, port=number, lifespan=life.span, favicon=favicon)

    moved_from = port if port not in (0, number) else None

    def ready() -> None:
        link = entry.link
        say(invitation(link, in_window=open_window and opened(link), moved_from=moved_from))

    server = _Studio(Guard(AtHand(app), port=number, entry=entry, gesture=gesture), life, ready)
    with _quiet_signals(server):
        server.run(sockets=[listening])
    if life.failure is not None:
        raise life.failure
    return 0


class _Studio(uvicorn.Server):
    def __init__(self, guard: Guard, life: Life, ready: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(
                guard,
                loop="asyncio",
                lifespan="on",
                log_config=None,
                log_level="warning",
                access_log=False,
                proxy_headers=False,
                server_header=False,
                ws_max_size=MESSAGE_LIMIT,
                ws_per_message_deflate=False,  # As with gzip: nothing to save on the same computer.
                timeout_graceful_shutdown=1,
            )
        )
        self._life = life
        self._ready = ready
        self._deadline = Deadline()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self._life.failure is not None:
            self.should_exit = True
        else:
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._deadline.begin()
        await super().shutdown(sockets)

    def handle_exit(self, sig: int, frame: object) -> None:
        self._deadline.begin()
        super().handle_exit(sig, None)


@contextlib.contextmanager
def _quiet_signals(server: _Studio) -> Iterator[None]:
    """Stopping on a signal is a clean end: without this, uvicorn would raise it again and skip who comes after us."""

    def stop(_signal: int, _frame: object) -> None:
        server.should_exit = True

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, stop) for number in HANDLED_SIGNALS}
    hang_up = getattr(signal, "SIGHUP", None)
    if hang_up is not None and signal.getsignal(hang_up) is not signal.SIG_IGN:  # Ignored by whoever wants it so.
        # The terminal was closed: to a person that is closing Weft.
        before[hang_up] = signal.signal(hang_up, lambda _number, _frame: server.handle_exit(signal.SIGTERM, None))
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
