"""Listen to a provider's stream: plain events, clean text, and a clear end."""

from collections.abc import AsyncGenerator
from typing import Any, Protocol

from app.models.values import OnText

Event = dict[str, Any]


class Broke(Exception):
    """The stream did not come to its end; the cause says how."""


class NoStream(Exception):
    """The server answered with something else than a stream."""

    def __init__(self, content_type: str, body: str) -> None:
        super().__init__(content_type)
        self.content_type = content_type
        self.body = body


class SdkStream(Protocol):
    """What the streams of both SDKs have in common."""

    @property
    def response(self) -> Any: ...
    async def __anext__(self) -> Any: ...
    async def close(self) -> None: ...


# Requests are posted as plain JSON and events read as plain JSON: building the SDKs' typed events at first use would
# hold up the loop for a third of a second, and a server that is almost compatible would fail on a field nobody needs.
async def events(stream: SdkStream) -> AsyncGenerator[Event, None]:
    """The stream's events as plain mappings, whatever the server put into them."""
    try:
        await _is_stream(stream.response)
        while True:
            try:
                event = await anext(stream)
            except StopAsyncIteration:
                return
            except Exception as error:
                raise Broke from error
            if not isinstance(event, dict):
                raise Broke from ValueError("an event that is no object")
            yield event
    finally:
        await stream.close()


async def _is_stream(response: Any) -> None:
    content_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type in ("text/html", "application/json", "text/plain"):
        body = (await response.aread()).decode("utf-8", errors="replace")
        raise NoStream(content_type, body)


class Text:
    """The text of a reply as it grows; what is handed on is always whole characters."""

    def __init__(self, on_text: OnText | None) -> None:
        self._on_text = on_text
        self._pieces: list[str] = []
        self._half = ""

    def add(self, piece: object) -> None:
        if not isinstance(piece, str) or not piece:
            return
        piece = self._half + piece
        # Half of a character that is two code units may end one piece, the other half begin the next.
        self._half = piece[-1] if "\ud800" <= piece[-1] <= "\udbff" else ""
        whole = whole_characters(piece.removesuffix(self._half) if self._half else piece)
        if whole:
            self._pieces.append(whole)
            if self._on_text is not None:
                self._on_text(whole)

    def __str__(self) -> str:
        return "".join(self._pieces) + ("\ufffd" if self._half else "")


def at(event: object, *path: str | int) -> Any:
    """What is at this place of an event; nothing where the event has no such place."""
    for part in path:
        if isinstance(event, dict) and isinstance(part, str):
            event = event.get(part)
        elif isinstance(event, list) and isinstance(part, int) and part < len(event):
            event = event[part]
        else:
            return None
    return event


def word(value: object) -> str:
    """The value if it is text, else nothing."""
    return whole_characters(value) if isinstance(value, str) else ""


def count(value: object) -> int | None:
    """The value if it is a number of tokens."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def whole_characters(text: str) -> str:
    """The text with halves of characters joined, and lone ones replaced."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
