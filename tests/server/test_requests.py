"""Nothing changes by a request that the studio's own window did not send."""

import pytest

from tests.server.started import Studio

KINDS = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json", None]
FOREIGN = "Another page asked for this. Weft answers its own window only.\n"


def pressed(studio: Studio) -> int:
    return studio.ledger.count("pressed")


def test_the_own_window_may_press(studio: Studio) -> None:
    before = pressed(studio)
    own = (f"Cookie: {studio.cookie}", f"Origin: {studio.url}", "Sec-Fetch-Site: same-origin")
    assert studio.ask("POST", "/press", *own, body=b"abc").text == "3"
    assert pressed(studio) == before + 1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:9999", ""])
def test_s10_a_post_from_another_page_has_no_effect(studio: Studio, kind: str | None, origin: str) -> None:
    before = pressed(studio)
    headers = (f"Cookie: {studio.cookie}", f"Origin: {origin}", *([f"Content-Type: {kind}"] if kind else []))
    reply = studio.ask("POST", "/press", *headers, body=b"a=1")
    assert (reply.status, reply.text) == (403, FOREIGN)
    assert pressed(studio) == before


def test_s10_two_origins_are_no_origin(studio: Studio) -> None:
    twice = (f"Origin: {studio.url}", f"Origin: {studio.url}")
    assert studio.ask("POST", "/press", f"Cookie: {studio.cookie}", *twice).status == 403


@pytest.mark.parametrize("site", ["same-site", "cross-site", "nonsense"])
def test_s11_a_post_from_a_neighbour_port_has_no_effect(studio: Studio, site: str) -> None:
    before = pressed(studio)
    reply = studio.ask("POST", "/press", f"Cookie: {studio.cookie}", f"Sec-Fetch-Site: {site}", body=b"a=1")
    assert (reply.status, reply.text) == (403, FOREIGN)
    assert pressed(studio) == before


def test_s11_a_link_from_elsewhere_may_show_a_page_but_not_fill_a_frame(studio: Studio) -> None:
    cookie = f"Cookie: {studio.cookie}"
    link = ("Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate")
    assert studio.get("/", cookie, *link, "Sec-Fetch-Dest: document").status == 200
    assert studio.get("/", cookie, *link, "Sec-Fetch-Dest: iframe").status == 403
    assert studio.ask("POST", "/press", cookie, *link, "Sec-Fetch-Dest: document").status == 403


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "TRACE"])
def test_s12_only_a_changing_method_changes(studio: Studio, method: str) -> None:
    before = pressed(studio)
    disguise = ("X-HTTP-Method-Override: POST", "X-HTTP-Method: POST", "X-Method-Override: POST")
    reply = studio.ask(method, "/press?_method=POST", f"Cookie: {studio.cookie}", *disguise)
    assert reply.status in (404, 405)
    assert pressed(studio) == before


def test_a_proxy_that_does_not_exist_is_not_believed(studio: Studio) -> None:
    claims = ("X-Forwarded-Prefix: //evil.example", "X-Forwarded-Host: evil.example", "Forwarded: host=evil.example")
    assert "evil.example" not in studio.get("/", f"Cookie: {studio.cookie}", *claims).text


def test_a_body_above_the_limit_is_refused_whether_announced_or_not(studio: Studio) -> None:
    before = pressed(studio)
    cookie = f"Cookie: {studio.cookie}"
    sentence = "This is larger than 16 MB, the most Weft takes at once. Send a smaller file.\n"
    announced = studio.ask("POST", "/press", cookie, "Content-Length: 16777217")
    assert (announced.status, announced.text) == (413, sentence)

    piece = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
    chunked = studio.ask("POST", "/press", cookie, "Transfer-Encoding: chunked", body=piece * 17 + b"0\r\n\r\n")
    assert (chunked.status, chunked.text) == (413, sentence)
    assert pressed(studio) == before

    just_right = studio.ask("POST", "/press", cookie, "Transfer-Encoding: chunked", body=piece * 16 + b"0\r\n\r\n")
    assert (just_right.status, just_right.text) == (200, "16777216")
