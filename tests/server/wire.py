"""NiceGUI's socket spoken by hand, so that a test can be the page, or somebody who stole its client id."""

import json
import re
from urllib.parse import urlencode

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Origin

SOCKET = "/_nicegui_ws/socket.io/"


def socket_path(page: str) -> str:
    """The address of the socket that belongs to this page, as its own script would put it together."""
    asked = {"EIO": "4", "transport": "websocket", "client_id": client_id(page), "next_message_id": "0"}
    own = {"implicit_handshake": "true", "document_id": "document", "tab_id": "tab"}
    return f"{SOCKET}?{urlencode({**asked, **own})}"


def client_id(page: str) -> str:
    return _found(r"'client_id': '([\w-]+)'", page)[0]


def opening(port: int, path: str, *, origin: str | None, cookie: str | None) -> connect:
    """A try to open this socket."""
    return connect(
        f"ws://127.0.0.1:{port}{path}",
        origin=Origin(origin) if origin else None,
        additional_headers={"Cookie": cookie} if cookie else {},
        max_size=None,
    )


async def answered(port: int, path: str, *, origin: str | None, cookie: str | None) -> int:
    """The status of a try to open this socket; 101 when it opened."""
    try:
        async with opening(port, path, origin=origin, cookie=cookie):
            return 101
    except InvalidStatus as refused:
        return refused.response.status_code


async def press(connection: ClientConnection, page: str, args: str = "null") -> None:
    """Click the page's one button, and wait until the server has heard of it."""
    button, listener = _found(r'"(\d+)":\{"tag":"q-btn".*?"listener_id":"([\w-]+)","type":"click"', page)
    click = {"id": int(button), "client_id": client_id(page), "listener_id": listener, "args": [args]}
    await connection.recv()
    await connection.send("40")
    await connection.recv()
    await connection.send("42" + json.dumps(["event", click]))
    await connection.send("421" + json.dumps(["handshake", {"client_id": "nobody"}]))
    async for message in connection:
        if str(message).startswith("431"):
            return


def _found(pattern: str, page: str) -> tuple[str, ...]:
    found = re.search(pattern, page)
    assert found, f"The page has nothing like {pattern}"
    return found.groups()
