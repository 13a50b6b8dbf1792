"""Files of the window that never change while the studio runs: read and put together once, then answered at once."""

from collections.abc import Callable
from functools import partial

from starlette.types import ASGIApp, Message, Receive, Scope, Send

PLACES = ("/_nicegui/", "/theme.css")
ROOM = 32_000_000
"""Bytes that are held; what comes when it is full is put together each time."""

_OF_WHO_ASKS = (b"set-cookie", b"vary")
"""What does not belong to a file. The cookie is another one after each page, and with `Vary: Cookie` a browser asks for
everything again that it has."""


class AtHand:
    """An ASGI app inside the guard: whoever asks has been let in, and every answer gets the guard's headers.

    A window with an empty cache asks for thirty files. Each went through six layers and back, and to a thread for every
    part of it: half of what the server did until a page was there.
    """

    def __init__(self, app: ASGIApp, room: int = ROOM) -> None:
        self.app = app
        self._room = room
        self._held: dict[tuple[str, bytes], tuple[Message, bytes]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _may_be_held(scope):
            await self.app(scope, receive, send)
            return
        asked = (scope["path"], scope["query_string"])
        held = self._held.get(asked)
        if held is None:
            await self.app(scope, receive, _Heard(send, partial(self._hold, asked)))
            return
        start, body = held
        await send(start)
        await send({"type": "http.response.body", "body": body})

    def _hold(self, asked: tuple[str, bytes], start: Message, body: bytes) -> None:
        length = dict(start["headers"]).get(b"content-length", b"")
        # A file that is written anew while it is read is cut off in the middle.
        is_whole = length in (b"", str(len(body)).encode())
        if asked not in self._held and is_whole and len(body) <= self._room:
            self._room -= len(body)
            self._held[asked] = start, body


class _Heard:
    """Hands an answer on, and tells of one that never changes once it is whole."""

    def __init__(self, send: Send, whole: Callable[[Message, bytes], None]) -> None:
        self._send = send
        self._whole = whole
        self._start: Message | None = None
        self._parts: list[bytes] = []

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _never_changes(message):
            kept = [(name, value) for name, value in message["headers"] if name.lower() not in _OF_WHO_ASKS]
            self._start = message = {**message, "headers": kept}
        elif message["type"] == "http.response.body" and self._start is not None:
            self._parts.append(message.get("body", b""))
            if not message.get("more_body", False):
                self._whole(self._start, b"".join(self._parts))
        await self._send(message)


def _may_be_held(scope: Scope) -> bool:
    return (
        scope["type"] == "http"
        and scope["method"] == "GET"
        and scope["path"].startswith(PLACES)
        and not any(name == b"range" for name, _ in scope["headers"])
    )


def _never_changes(start: Message) -> bool:
    said = dict(start["headers"]).get(b"cache-control", b"")
    return bool(start["status"] == 200 and b"immutable" in said)
