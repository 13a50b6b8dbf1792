"""What the guard itself says: a status and one plain sentence, to a request or to a socket that wants to open."""

from dataclasses import dataclass

from starlette.types import Receive, Scope, Send


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that never reaches the studio behind the guard."""

    status: int
    sentence: str
    headers: tuple[tuple[str, str], ...] = ()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        kind = "http.response"
        if scope["type"] == "websocket":
            kind = "websocket.http.response"
            await receive()  # The wish to open; only then may it be declined.
        body = f"{self.sentence}\n".encode()
        fixed = (
            ("content-type", "text/plain; charset=utf-8"),
            ("content-length", str(len(body))),
            ("cache-control", "no-store"),
        )
        headers = [(name.encode(), value.encode()) for name, value in (*fixed, *self.headers)]
        await send({"type": f"{kind}.start", "status": self.status, "headers": headers})
        await send({"type": f"{kind}.body", "body": body})
