"""Serve the practice site on a port of its own, inside the loop that is already running."""

import asyncio
import contextlib
import socket
from collections.abc import Generator

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send


class PracticeSite:
    """The practice shop on 127.0.0.1; `start` gives its address, as often as it is asked."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._serving: tuple[str, _Server, asyncio.Task[None]] | None = None

    async def start(self) -> str:
        """The shop's address; it is open when this returns."""
        async with self._turn:
            if self._serving is None:
                self._serving = await self._open()
            return self._serving[0]

    async def stop(self) -> None:
        """Close the shop; a page still being served is cut short."""
        async with self._turn:
            if self._serving is None:
                return
            _, server, task = self._serving
            self._serving = None
            server.should_exit = True
            server.closing.set()
            await task

    async def _open(self) -> "tuple[str, _Server, asyncio.Task[None]]":
        from app.practice.shop import shop

        listening = socket.create_server(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        closing = asyncio.Event()
        app = _only_for({f"127.0.0.1:{port}", f"localhost:{port}"}, shop(port, closing))
        server = _Server(app, closing)
        task = asyncio.create_task(server.serve(sockets=[listening]), name="practice site")
        await server.is_open.wait()
        return f"http://127.0.0.1:{port}", server, task


class _Server(uvicorn.Server):
    def __init__(self, app: ASGIApp, closing: asyncio.Event) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                interface="asgi3",
                lifespan="off",
                ws="none",
                log_config=None,
                access_log=False,
                proxy_headers=False,
                server_header=False,
                timeout_graceful_shutdown=2,
            )
        )
        self.closing = closing
        self.is_open = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        # Ctrl+C belongs to the studio around us.
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.is_open.set()


def _only_for(hosts: set[str], app: ASGIApp) -> ASGIApp:
    """The app, closed to requests under any other name: a rebound host name reaches nothing."""

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        asked = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        if len(asked) == 1 and asked[0] in hosts:
            await app(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": 421, "headers": [(b"content-type", b"text/plain")]})
        await send({"type": "http.response.body", "body": b"This address does not serve that host.\n"})

    return guarded
