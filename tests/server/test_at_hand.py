"""Files that never change are answered at once, to whoever is let in and to nobody else."""

from __future__ import annotations

import re

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from app.server.at_hand import AtHand
from app.server.headers import HEADERS
from tests.server.started import Studio

SHEET = re.compile(r'"(/_nicegui/[^"]+/nicegui\.css)"')


def test_a_file_that_is_asked_for_again_is_the_same_one_with_the_guards_headers(studio: Studio) -> None:
    cookie = f"Cookie: {studio.cookie}"
    found = SHEET.search(studio.get("/", cookie).text)
    assert found is not None
    first, again = (studio.get(found[1], cookie) for _ in range(2))
    assert (first.status, again.status) == (200, 200)
    assert again.text == first.text
    assert "immutable" in str(again.header("cache-control"))
    for reply in (first, again):
        assert (reply.header("set-cookie"), reply.header("vary")) == (None, None)
    for name, value in HEADERS:
        assert again.header(name.decode()) == value.decode()


def test_a_file_at_hand_is_still_for_nobody_from_elsewhere(studio: Studio) -> None:
    cookie = f"Cookie: {studio.cookie}"
    found = SHEET.search(studio.get("/", cookie).text)
    assert found is not None
    assert studio.get(found[1], cookie).status == 200
    assert studio.get(found[1]).status == 401
    assert studio.get(found[1], cookie, "Sec-Fetch-Site: cross-site").status == 403
    assert studio.get(found[1], cookie, "Host: evil.example").status != 200


class Asked:
    """An app that counts how often it is asked, behind what holds its answers."""

    def __init__(self, answer: Response, room: int = 1000) -> None:
        self.count = 0
        self.answer = answer
        self.held = AtHand(self._app, room)

    async def _app(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.count += 1
        await self.answer(scope, receive, send)

    async def get(
        self, path: str, query: bytes = b"", headers: tuple[tuple[bytes, bytes], ...] = ()
    ) -> tuple[dict[str, str], bytes]:
        told: list[Message] = []

        async def send(message: Message) -> None:
            told.append(message)

        scope = {"type": "http", "method": "GET", "path": path, "query_string": query, "headers": headers}
        await self.held(scope, Request(scope).receive, send)
        start, *parts = told
        named = {name.decode(): value.decode() for name, value in start["headers"]}
        return named, b"".join(part.get("body", b"") for part in parts)


def immutable(body: str, status: int = 200) -> Response:
    answer = Response(body, status, headers={"cache-control": "public, immutable"})
    answer.set_cookie("session", "somebody")
    return answer


async def test_what_never_changes_is_made_once_and_says_nothing_of_who_asked() -> None:
    asked = Asked(immutable("text"))
    first, again = [await asked.get("/theme.css", b"1") for _ in range(2)]
    assert (first[1], again[1], asked.count) == (b"text", b"text", 1)
    assert "set-cookie" not in {*first[0], *again[0]}
    await asked.get("/theme.css", b"2")
    assert asked.count == 2


@pytest.mark.parametrize(
    ("path", "answer", "headers"),
    [
        ("/_nicegui/a.js", Response("x", headers={"cache-control": "no-store"}), ()),
        ("/_nicegui/a.js", immutable("x", 404), ()),
        ("/_nicegui/a.js", immutable("x" * 2000), ()),
        ("/_nicegui/a.js", immutable("x"), ((b"range", b"bytes=0-1"),)),
        ("/kept/ab/picture.png", immutable("x"), ()),
        ("/run/ab", immutable("x"), ()),
    ],
    ids=["may change", "not there", "too large", "a part of it", "a file of a run", "a page"],
)
async def test_everything_else_is_asked_for_each_time(
    path: str, answer: Response, headers: tuple[tuple[bytes, bytes], ...]
) -> None:
    asked = Asked(answer)
    for _ in range(2):
        await asked.get(path, headers=headers)
    assert asked.count == 2


async def test_a_file_that_was_cut_off_while_it_was_read_is_read_again() -> None:
    cut = immutable("half of it")
    cut.headers["content-length"] = "20"
    asked = Asked(cut)
    await asked.get("/theme.css")
    asked.answer = immutable("all of it, this time")
    assert (await asked.get("/theme.css"))[1] == b"all of it, this time"
