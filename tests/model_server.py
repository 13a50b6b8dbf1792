"""A server on this computer that speaks the model providers' protocols and does as it is told.

    with ModelServer() as server:
        server.script("First answer.", Fails(429, retry_after=2), Says("cut here", ended="limit"))
        ...point a connection at server.openai (…/v1) or server.anthropic...
        assert server.heard[0].body["model"] == "practice-1"

It speaks OpenAI Chat Completions and Responses, Anthropic Messages (each streaming and not) and both model
listings. Each request for an answer takes the next scripted reply; when none is left it says "Hello.".
"""

import asyncio
import contextlib
import json
import socket
import threading
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self, assert_never

import pytest
import uvicorn

from tests.model_protocols import Json, Protocol, Says, error_body, events, sse, whole

__all__ = ["Breaks", "Cuts", "Fails", "Garbles", "Heard", "ModelServer", "Raw", "Says", "Silent", "model_server"]


@dataclass(frozen=True)
class Fails:
    """An error status with the provider's kind of body."""

    status: int
    message: str = "It did not work."
    kind: str = "api_error"
    code: str | None = None
    retry_after: float | str | None = None
    body: str | None = None


@dataclass(frozen=True)
class Cuts:
    """A stream that stops before its end: closed politely, or the connection dropped."""

    text: str = "Only the begin"
    dropped: bool = False


@dataclass(frozen=True)
class Breaks:
    """A stream in which the provider reports an error after some text."""

    message: str = "Overloaded"
    kind: str = "overloaded_error"
    text: str = "Only the begin"


@dataclass(frozen=True)
class Garbles:
    """A stream whose events are not JSON."""

    text: str = '{"choices": [{'


@dataclass(frozen=True)
class Raw:
    """Whatever bytes, with a status and a content type."""

    body: str
    status: int = 200
    content_type: str = "text/html"
    location: str = ""


@dataclass(frozen=True)
class Silent:
    """No answer at all for a while; after `text`, if there is one."""

    seconds: float = 30
    text: str = ""


Reply = Says | Fails | Cuts | Breaks | Garbles | Raw | Silent


@dataclass(frozen=True)
class Heard:
    """One request as it arrived; header names are lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: Json

    @property
    def key(self) -> str | None:
        """The key it carried, by either header."""
        bearer = self.headers.get("authorization", "").removeprefix("Bearer ")
        return self.headers.get("x-api-key") or bearer or None


@dataclass
class ModelServer:
    """The server; `keys` that it accepts (None: all), `refuses`: request fields it does not know."""

    models: list[str] = field(default_factory=lambda: ["practice-1", "practice-2"])
    keys: set[str] | None = None
    refuses: set[str] = field(default_factory=set)
    lists_models: bool = True
    heard: list[Heard] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._replies: deque[Reply | Callable[[Heard], Reply | str]] = deque()
        self._closing = False

    def reset(self) -> None:
        """Forget what was scripted, refused and heard; know the first two models."""
        self._replies.clear()
        self.heard.clear()
        self.refuses.clear()
        self.models[:] = ["practice-1", "practice-2"]
        self.keys, self.lists_models = None, True

    def script(self, *replies: str | Reply | Callable[[Heard], Reply | str]) -> None:
        """What to answer next, in this order; a function is given the request."""
        self._replies.extend(Says(reply) if isinstance(reply, str) else reply for reply in replies)

    @property
    def openai(self) -> str:
        return f"{self.url}/v1"

    @property
    def anthropic(self) -> str:
        return self.url

    @property
    def asked(self) -> list[Json]:
        """The bodies of the requests for an answer."""
        return [heard.body for heard in self.heard if heard.path in _PROTOCOLS]

    def __enter__(self) -> Self:
        listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        config = uvicorn.Config(
            self._app, interface="asgi3", lifespan="off", ws="none", log_config=None, access_log=False
        )
        self._server = _Quiet(config)
        self._thread = threading.Thread(target=self._server.run, args=([listening],), name="model server", daemon=True)
        self._thread.start()
        self._server.is_open.wait(10)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing = True
        self._server.should_exit = True
        self._server.force_exit = True
        self._thread.join(10)

    async def _app(self, scope: Json, receive: "_Receive", send: "_Send") -> None:
        heard = Heard(
            method=scope["method"],
            path=scope["path"],
            headers={name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]},
            body=_json(await _body(receive)),
        )
        self.heard.append(heard)
        protocol = _PROTOCOLS.get(heard.path)
        if self.keys is not None and heard.key not in self.keys:
            said = f"Incorrect API key provided: {heard.key}."
            await self._fail(send, protocol, Fails(401, said, "authentication_error", "invalid_api_key"))
        elif heard.path == "/v1/models" and self.lists_models:
            await _whole(send, 200, json.dumps(self._listing(heard)))
        elif protocol is None:
            await _whole(send, 404, '{"detail": "Not Found"}')
        elif unknown := sorted(self.refuses & _fields(heard.body)):
            said = f"Unknown parameter: {unknown[0]}"
            await self._fail(send, protocol, Fails(400, said, "invalid_request_error", "unknown_parameter"))
        else:
            await self._answer(send, protocol, heard)

    def _listing(self, heard: Heard) -> Json:
        if "anthropic-version" in heard.headers:
            rows = [
                {"id": name, "type": "model", "display_name": name, "created_at": "2026-01-01T00:00:00Z"}
                for name in self.models
            ]
            return {"data": rows, "has_more": False, "first_id": None, "last_id": None}
        return {
            "object": "list",
            "data": [{"id": name, "object": "model", "created": 1, "owned_by": "us"} for name in self.models],
        }

    async def _answer(self, send: "_Send", protocol: Protocol, heard: Heard) -> None:
        reply = self._replies.popleft() if self._replies else Says()
        if not isinstance(reply, Reply):
            told = reply(heard)
            reply = Says(told) if isinstance(told, str) else told
        model = str(heard.body.get("model", ""))
        match reply:
            case Says():
                if heard.body.get("stream"):
                    await _stream(send, _each(events(protocol, reply, model)))
                else:
                    await _whole(send, 200, json.dumps(whole(protocol, reply, model)))
            case Fails():
                await self._fail(send, protocol, reply)
            case Cuts(text, dropped):
                await _stream(send, _each(_begin(protocol, text, model)), ends=not dropped)
            case Breaks(message, kind, text):
                trouble = sse(error_body(protocol, message, kind, None), "error")
                await _stream(send, _each([*_begin(protocol, text, model), trouble]))
            case Garbles(text):
                await _stream(send, _each([sse(text, "message_start")]))
            case Raw(body, status, content_type, location):
                await _whole(send, status, body, content_type, {"location": location} if location else {})
            case Silent(seconds, ""):
                await self._nothing(seconds)
                await _whole(send, 503, "{}")
            case Silent(seconds, text):
                await _stream(send, self._then_nothing(seconds, list(_begin(protocol, text, model))))
            case _:
                assert_never(reply)

    async def _fail(self, send: "_Send", protocol: Protocol | None, fault: Fails) -> None:
        body = fault.body or json.dumps(error_body(protocol, fault.message, fault.kind, fault.code))
        wait = {} if fault.retry_after is None else {"retry-after": str(fault.retry_after)}
        await _whole(send, fault.status, body, headers=wait)

    async def _then_nothing(self, seconds: float, first: list[bytes]) -> AsyncIterator[bytes]:
        for piece in first:
            yield piece
        await self._nothing(seconds)

    async def _nothing(self, seconds: float) -> None:
        for _ in range(int(seconds * 20)):
            if self._closing:
                return
            await asyncio.sleep(0.05)


@pytest.fixture
def model_server() -> Iterator[ModelServer]:
    """A model server for one test."""
    with ModelServer() as server:
        yield server


_PROTOCOLS: dict[str, Protocol] = {
    "/v1/chat/completions": "chat",
    "/v1/responses": "responses",
    "/v1/messages": "messages",
}
_Receive = Callable[[], Awaitable[Json]]
_Send = Callable[[Json], Awaitable[None]]


class _Quiet(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.is_open = threading.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.is_open.set()


def _begin(protocol: Protocol, text: str, model: str) -> Iterator[bytes]:
    """The events of a reply up to the last piece of its text."""
    for event in events(protocol, Says(text), model):
        if any(mark in event for mark in (b'"finish_reason": "stop"', b"output_item.done", b"content_block_stop")):
            return
        yield event


def _fields(body: Json) -> set[str]:
    """The request's fields, inner ones as `text.format`."""
    inner = {f"{name}.{key}" for name, value in body.items() if isinstance(value, dict) for key in value}
    return set(body) | inner


async def _each(pieces: Iterator[bytes] | list[bytes]) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece
        await asyncio.sleep(0)


async def _stream(send: _Send, pieces: AsyncIterator[bytes], *, ends: bool = True) -> None:
    await _head(send, 200, "text/event-stream", {})
    async for piece in pieces:
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    if ends:
        await send({"type": "http.response.body", "body": b""})


async def _whole(
    send: _Send, status: int, body: str, content_type: str = "application/json", headers: dict[str, str] | None = None
) -> None:
    await _head(send, status, content_type, headers or {})
    await send({"type": "http.response.body", "body": body.encode()})


async def _head(send: _Send, status: int, content_type: str, headers: dict[str, str]) -> None:
    lines = {"content-type": content_type, **headers}
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [(name.encode(), value.encode()) for name, value in lines.items()],
        }
    )


async def _body(receive: _Receive) -> bytes:
    body = b""
    while True:
        message = await receive()
        more: bytes = message.get("body", b"")
        body += more
        if not message.get("more_body"):
            return body


def _json(body: bytes) -> Json:
    parsed: Any = json.loads(body) if body else {}
    return parsed if isinstance(parsed, dict) else {}
