"""How much one request may bring along."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.server.answer import Answer

BODY_LIMIT = 16 * 1024 * 1024


async def within(limit: int, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Let the studio answer, unless the body is longer than the limit, whatever its headers announce."""
    taken = 0
    started = False

    async def measured() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        return message if taken <= limit else {"type": "http.disconnect"}

    async def unless_too_large(message: Message) -> None:
        nonlocal started
        if taken <= limit or started:
            started = True
            await send(message)

    if _announced(scope) <= limit:
        try:
            await app(scope, measured, unless_too_large)
        except Exception:
            if taken <= limit:
                raise
        if taken <= limit or started:
            return
    megabytes = limit // (1024 * 1024)
    too_large = Answer(413, f"This is larger than {megabytes} MB, the most Weft takes at once. Send a smaller file.")
    await too_large(scope, receive, send)


def _announced(scope: Scope) -> int:
    lengths = [value for name, value in scope["headers"] if name == b"content-length"]
    return max((int(value) for value in lengths if value.isdigit()), default=0)
