"""Web nodes, against the practice shop and a server that misbehaves."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from pydantic import JsonValue as Json

from tests.nodes.studio import StepFailed, Studio

ECHO = "{{ practice }}/api/echo"


@contextmanager
def answering(body: bytes, kind: str = "text/html", status: int = 200) -> Iterator[str]:
    """A server that always gives this answer."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            if kind:
                self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def echoed(given: Any) -> Any:
    return given["body"]


async def test_data_is_fetched(studio: Studio) -> None:
    given = await studio.step("web.get", {"url": "{{ practice }}/api/mugs.json"})
    assert given["status"] == 200
    assert echoed(given)[0] == {
        "slug": "moon-mug", "name": "Moon mug", "sort": "mug", "price": 24.5, "stock": 7, "colour": "white",
        "about": "Thrown thin, with a grey moon at the bottom.",
    }  # fmt: skip


async def test_a_page_is_fetched_as_text_with_its_query(studio: Studio) -> None:
    given = await studio.step("web.get", {"url": "{{ practice }}/search?x=1", "query": {"q": "blue"}})
    assert "1 found for “blue”" in echoed(given)


async def test_a_file_is_kept(studio: Studio) -> None:
    given = await studio.step("web.get", {"url": "{{ practice }}/static/shop.css", "read_as": "file"})
    assert (echoed(given)["name"], echoed(given)["media_type"]) == ("shop.css", "text/css")
    with answering(b"\x89PNG\0", "image/png") as url:
        given = await studio.step("web.get", {"url": url})
    assert (echoed(given)["name"], echoed(given)["size"]) == ("download.png", 5)


async def test_a_record_is_sent_as_json_and_a_key_goes_along(studio: Studio) -> None:
    await studio.secrets.put("shop", "s3cret-value")
    played = await studio.alone(
        "web.request",
        {"url": ECHO, "body": {"name": "Ada", "n": 1}, "headers": {"X-Way": "post"}, "query": {"a": [1, True]},
         "secret": "shop"},
    )  # fmt: skip
    got = echoed(played.outputs["it"])
    assert got["json"] == {"name": "Ada", "n": 1}
    assert got["query"] == {"a": "true"}
    assert {name: got["headers"][name] for name in ("content-type", "x-way")} == {
        "content-type": "application/json",
        "x-way": "post",
    }
    assert got["headers"]["authorization"] != "Bearer s3cret-value"
    assert b"s3cret-value" not in played.rows


@pytest.mark.parametrize(
    ("settings", "text", "kind"),
    [
        ({"body": '{"a": 1}'}, '{"a": 1}', "application/json"),
        ({"body": "hello", "send_as": "text"}, "hello", "text/plain; charset=utf-8"),
        ({"body": {"a": "b c", "n": [1, 2]}, "send_as": "form"}, "a=b+c&n=1&n=2", "application/x-www-form-urlencoded"),
        ({}, "", None),
    ],
)
async def test_there_are_three_ways_to_send(
    studio: Studio, settings: dict[str, Json], text: str, kind: str | None
) -> None:
    got = echoed(await studio.step("web.request", {"url": ECHO, **settings}))
    assert (got["text"], got["headers"].get("content-type")) == (text, kind)


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"body": "{'a': 1}"}, "What is to be sent is not JSON"),
        ({"body": [1], "send_as": "form"}, "A form takes a record"),
        ({"headers": {"X": "a\r\nB: c"}}, "The header `X` has a line break"),
        ({"headers": {"Ü": "a"}}, "The header `Ü` has"),
        ({"secret": "gone"}, "gone"),
    ],
)
async def test_what_cannot_be_sent_is_said(studio: Studio, settings: dict[str, Json], why: str) -> None:
    with pytest.raises(StepFailed, match=why) as failed:
        await studio.step("web.request", {"url": ECHO, **settings})
    assert not failed.value.defect


async def test_an_error_of_the_site_fails_with_the_beginning_of_its_answer(studio: Studio) -> None:
    with answering(b"<h1>No such mug</h1>" + b"x" * 500, status=404) as url:
        with pytest.raises(StepFailed) as failed:
            await studio.step("web.get", {"url": url})
        assert failed.value.message == (
            f"{url} answered with status 404 Not Found. It sent text/html: <h1>No such mug</h1>{'x' * 180}…"
        )
        given = await studio.step("web.get", {"url": url, "allow_errors": True})
        assert given["status"] == 404


@pytest.mark.parametrize(
    ("body", "kind", "read_as", "says"),
    [
        (b"<html>Sign in", "text/html", "json", "but not with JSON. It sent text/html: <html>Sign in"),
        (b"", "application/json", "json", "but not with JSON. The answer was empty."),
        (b'{"a": ', "application/json", "auto", 'but not with JSON. It sent application/json: {"a":'),
        (b"[" * 100_000, "application/json", "auto", "sent JSON that is nested too deeply"),
    ],
)
async def test_an_answer_that_is_not_json_shows_how_it_begins(
    studio: Studio, body: bytes, kind: str, read_as: str, says: str
) -> None:
    with answering(body, kind) as url, pytest.raises(StepFailed) as failed:
        await studio.step("web.get", {"url": url, "read_as": read_as})
    assert says in failed.value.message
    assert not failed.value.defect


@pytest.mark.parametrize(
    ("body", "kind", "data"),
    [
        (b'{"a": 1}\n\n{"a": 2}\n', "application/x-ndjson", [{"a": 1}, {"a": 2}]),
        ('"ä"'.encode("latin-1"), "application/json; charset=latin-1", "ä"),
        ('"ä"'.encode("utf-16"), "application/json", "ä"),
        ("ä".encode("latin-1"), "text/plain; charset=latin-1", "ä"),
        (b"plain", "", "plain"),
        (b"", "text/html", None),
    ],
)
async def test_answers_are_read_by_their_type(studio: Studio, body: bytes, kind: str, data: Json) -> None:
    with answering(body, kind) as url:
        assert echoed(await studio.step("web.get", {"url": url})) == data


async def test_more_than_a_step_takes_is_refused(studio: Studio) -> None:
    with answering(b"x" * 20_000_001, "text/plain") as url, pytest.raises(StepFailed, match="larger than 20 MB"):
        await studio.step("web.get", {"url": url})


async def test_an_answer_that_takes_too_long_is_not_waited_for(studio: Studio) -> None:
    with pytest.raises(StepFailed, match="did not answer in time"):
        await studio.step("web.get", {"url": "{{ practice }}/slow?seconds=5", "time_limit": 0.5})


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "example.com", "http:/x", "http://[::1",
            "http://a:99999/", "http://a b/", "http://u:p@a/", "http://a/" + "x" * 100_000, "ftp://a/"]
)  # fmt: skip
def test_what_is_no_web_address_is_a_problem_of_the_flow(url: str) -> None:
    from nodes.checks import problems_in
    from nodes.web.get import GetFromTheWeb

    assert [problem.field for problem in problems_in(GetFromTheWeb, {"url": url})] == ["url"]


def test_a_request_says_what_it_touches() -> None:
    from app.engine.plan import touches_of
    from flows.model import Step
    from nodes import Touches
    from nodes.catalog import built_in

    step = Step(kind="web.request", settings={"url": "https://api.example.com/{{ x }}", "secret": "shop"})
    assert touches_of(step, built_in()) == Touches(hosts=("api.example.com",), keys=("shop",))
