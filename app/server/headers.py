"""The security headers that leave with every answer, whoever wrote it."""

from starlette.types import Message, Send

# NiceGUI's page has inline scripts and compiles Vue templates, hence 'unsafe-inline' and 'unsafe-eval';
# script-src-attr 'none' is what still stops injected markup from running.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "script-src-attr 'none'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "connect-src 'self'",
        "font-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

_POLICY = (b"content-security-policy", CONTENT_SECURITY_POLICY.encode())
_FIXED = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
_OURS = frozenset(name for name, _ in _FIXED)

HEADERS = (_POLICY, *_FIXED)


def headed(send: Send) -> Send:
    """A `send` that gives every answer the headers, and lets nobody share it with another origin."""

    async def with_headers(message: Message) -> None:
        if message["type"] in ("http.response.start", "websocket.http.response.start"):
            kept = [(name, value) for name, value in message.get("headers", ()) if not _replaced(name.lower())]
            message = {**message, "headers": [*kept, *HEADERS]}
        await send(message)

    return with_headers


def _replaced(name: bytes) -> bool:
    # A page's own, stricter policy stays beside ours: browsers hold to both.
    return name in _OURS or name.startswith(b"access-control-")
