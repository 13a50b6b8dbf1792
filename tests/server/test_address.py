"""Where the studio answers: on this computer, under its own name, and nowhere else."""

import psutil
import pytest

from tests.server.started import Studio


def test_s01_it_listens_on_this_computer_only(studio: Studio) -> None:
    listening = {c.laddr for c in psutil.Process(studio.process.pid).net_connections() if c.status == "LISTEN"}
    assert listening == {("127.0.0.1", studio.port)}


def test_s02_a_page_under_another_name_is_not_answered(studio: Studio) -> None:
    reply = studio.get("/", f"Cookie: {studio.cookie}", host=f"Host: evil.example:{studio.port}")
    assert reply.status == 421
    assert reply.text == f"Weft is not at this address. Open {studio.url}/ instead.\n"


@pytest.mark.parametrize(
    "host",
    [
        "Host: 127.0.0.1.evil.example:{port}",
        "Host: 127.0.0.1",
        "Host:",
        "",
        "Host: 127.0.0.1:{port}\r\nHost: 127.0.0.1:{port}",
        "Host: evil.example\r\nHost: 127.0.0.1:{port}",
        "Host: localhost:{port}@evil",
        "Host: LOCALHOST:{port}",
        "Host: 127.0.0.1:0{port}",
        "Host: 127.0.0.1:{port}, evil.example",
        "Host: 0.0.0.0:{port}",
        "Host: 2130706433:{port}",
        "Host: 127.0.0.1.:{port}",
        "Host: [::1]",
    ],
)
def test_s03_every_other_spelling_of_the_host_is_refused(studio: Studio, host: str) -> None:
    reply = studio.get("/", f"Cookie: {studio.cookie}", host=host.format(port=studio.port))
    assert reply.status == 421
    assert "client_id" not in reply.text


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "[::1]"])
def test_s03_its_three_own_names_pass(studio: Studio, name: str) -> None:
    reply = studio.get("/", f"Cookie: {studio.cookie}", host=f"Host: {name}:{studio.port}")
    assert reply.status == 200
    assert "client_id" in reply.text


def test_s18_an_address_in_the_request_line_does_not_stand_in_for_the_host(studio: Studio) -> None:
    good = f"Host: {studio.here}"
    cookie = f"Cookie: {studio.cookie}"
    assert studio.send(f"GET {studio.url}/ HTTP/1.1", "Host: evil.example", cookie).status == 421
    assert studio.send("GET http://evil.example/ HTTP/1.1", good).status == 401
    assert studio.send("GET //evil.example/../ HTTP/1.1", good).status == 401
    assert studio.send("GET /hooks/%2e%2e/ HTTP/1.1", good).status == 401
    assert studio.send(f"GET / HTTP/1.1\r\nHost: {studio.here}/hooks/?x=", cookie).status == 421


def test_s36_every_answer_carries_the_security_headers(studio: Studio) -> None:
    wanted = {
        "content-security-policy": "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
        "script-src-attr 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'; "
        "font-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
    }
    cookie = f"Cookie: {studio.cookie}"
    replies = {
        "page": studio.get("/", cookie),
        "missing": studio.get("/no-such-page", cookie),
        "file": studio.get("/picture.svg", cookie),
        "stranger": studio.get("/"),
        "other host": studio.get("/", host="Host: evil.example"),
        "socket": studio.get("/_nicegui_ws/socket.io/?EIO=4&transport=polling", cookie),
        "refused socket": studio.get("/_nicegui_ws/socket.io/", "Upgrade: websocket", "Connection: Upgrade"),
    }
    assert {name: {key: reply.header(key) for key in wanted} for name, reply in replies.items()} == {
        name: wanted for name in replies
    }
    assert {reply.header("server") for reply in replies.values()} == {None}
