"""A socket opens for the studio's own page only, whoever knows its address."""

import json

import pytest
from websockets.exceptions import ConnectionClosedError

from tests.server.started import Studio
from tests.server.wire import SOCKET, answered, opening, press, socket_path


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "null", None, "http://127.0.0.1:9999", "{url}.evil.example", "https://127.0.0.1:{port}"],
)
async def test_s05_a_socket_from_another_page_is_refused(studio: Studio, origin: str | None) -> None:
    named = origin and origin.format(url=studio.url, port=studio.port)
    assert await answered(studio.port, f"{SOCKET}?EIO=4&transport=websocket", origin=named, cookie=studio.cookie) == 403


async def test_s06_a_socket_without_the_cookie_is_refused(studio: Studio) -> None:
    assert await answered(studio.port, f"{SOCKET}?EIO=4&transport=websocket", origin=studio.url, cookie=None) == 401
    wrong = f"studio_{studio.port}=wrong"
    assert await answered(studio.port, f"{SOCKET}?EIO=4&transport=websocket", origin=studio.url, cookie=wrong) == 401
    assert await answered(studio.port, "/no/such/socket", origin=studio.url, cookie=None) == 401


@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_s07_polling_from_another_page_is_refused(studio: Studio, method: str) -> None:
    polling = f"{SOCKET}?EIO=4&transport=polling"
    evil = ("Origin: http://evil.example", f"Cookie: {studio.cookie}", "Access-Control-Request-Method: POST")
    reply = studio.ask(method, polling, *evil, body=b"40" if method == "POST" else b"")
    assert reply.status == 403
    assert [name for name, _ in reply.headers if name.startswith("access-control-")] == []


def test_s07_even_our_own_origin_is_not_echoed(studio: Studio) -> None:
    reply = studio.get(f"{SOCKET}?EIO=4&transport=polling", f"Origin: {studio.url}", f"Cookie: {studio.cookie}")
    assert reply.status == 200
    assert [name for name, _ in reply.headers if name.startswith("access-control-")] == []


async def test_s08_a_rebound_page_cannot_click(studio: Studio) -> None:
    evil = f"Host: evil.example:{studio.port}"
    assert "client_id" not in studio.get("/", f"Cookie: {studio.cookie}", host=evil).text

    page = studio.get("/", f"Cookie: {studio.cookie}").text
    stolen = socket_path(page)
    rebound = f"http://evil.example:{studio.port}"
    assert await answered(studio.port, stolen, origin=rebound, cookie=studio.cookie) == 403
    upgrade = ("Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13")
    key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
    by_name = studio.get(stolen, f"Origin: {rebound}", f"Cookie: {studio.cookie}", *upgrade, key, host=evil)
    assert by_name.status == 421
    assert studio.ledger.count("clicked") == 0

    async with opening(studio.port, stolen, origin=studio.url, cookie=studio.cookie) as connection:
        await press(connection, page)
    assert studio.ledger.count("clicked") == 1


async def test_a_message_of_several_megabytes_passes_and_one_above_the_limit_does_not(studio: Studio) -> None:
    page = studio.get("/", f"Cookie: {studio.cookie}").text
    before = studio.ledger.count("clicked")
    async with opening(studio.port, socket_path(page), origin=studio.url, cookie=studio.cookie) as connection:
        await press(connection, page, json.dumps("x" * 7_000_000))
    assert studio.ledger.count("clicked") == before + 1

    other = studio.get("/", f"Cookie: {studio.cookie}").text
    async with opening(studio.port, socket_path(other), origin=studio.url, cookie=studio.cookie) as connection:
        with pytest.raises(ConnectionClosedError, match="1009"):
            await press(connection, other, json.dumps("x" * 9_000_000))
    assert studio.ledger.count("clicked") == before + 1
