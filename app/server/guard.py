"""The guard outside NiceGUI: it sees every request and every socket first, and says why it turns one away."""

from collections.abc import Callable
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Receive, Scope, Send

from app.server.answer import Answer
from app.server.body import BODY_LIMIT, within
from app.server.entry import Allowance, Entry
from app.server.gestures import heard
from app.server.headers import headed
from app.server.public import PUBLIC, is_public

GUESSES_A_MINUTE = 30


class Guard:
    """An ASGI app around the studio: the exact host, our own window as origin, and the cookie of this start.

    `gesture` is told of everything that a person does in a window, before it is answered.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        port: int,
        entry: Entry,
        public: tuple[str, ...] = PUBLIC,
        body_limit: int = BODY_LIMIT,
        gesture: Callable[[], object] = lambda: None,
    ) -> None:
        self.app = app
        self._gesture = gesture
        self._entry = entry
        self._public = public
        self._body_limit = body_limit
        self._hosts = frozenset(hosts(port))
        self._origins = frozenset(origins(port))
        self._guesses = Allowance(GUESSES_A_MINUTE)
        self._elsewhere = Answer(421, f"Weft is not at this address. Open http://127.0.0.1:{port}/ instead.")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        send = headed(send)
        if (answer := self._answer(scope)) is not None:
            await answer(scope, receive, send)
            return
        scope = _plain(scope)
        if _is_socket(scope):
            await self.app(scope, heard(receive, self._gesture), send)
        else:
            self._gesture()
            await within(self._body_limit, self.app, scope, receive, send)

    def _answer(self, scope: Scope) -> Answer | None:
        """The guard's own answer, or None for whoever may pass. The order matters: a rebound page is same-origin."""
        asked_for = _values(scope, b"host")
        if len(asked_for) != 1 or asked_for[0] not in self._hosts:
            return self._elsewhere
        path: str = scope["path"]  # As the routes will read it, not as an URL put together from a header.
        if is_public(path, self._public):
            return None
        if self._foreign(scope) or _crossing(scope):
            return _FOREIGN
        return self._stranger(scope)

    def _foreign(self, scope: Scope) -> bool:
        origin = _values(scope, b"origin")
        if not origin:
            return _is_socket(scope)
        return len(origin) > 1 or origin[0] not in self._origins

    def _stranger(self, scope: Scope) -> Answer | None:
        cookies = _cookies(scope, self._entry.cookie_name)
        known = self._entry.admits(cookies)
        token = _token(scope)
        if token is not None and self._entry.redeem(token):
            return _way_in(("set-cookie", self._entry.set_cookie))
        if known:
            return None if token is None else _way_in()
        if (token is not None or cookies) and self._guesses.spent():
            return _TOO_MANY
        return _UNKNOWN if token is None else _USED


def hosts(port: int) -> tuple[str, ...]:
    """The only names this server answers to."""
    return (f"127.0.0.1:{port}", f"localhost:{port}", f"[::1]:{port}")


def origins(port: int) -> tuple[str, ...]:
    """The only pages that may talk to this server."""
    return tuple(f"http://{host}" for host in hosts(port))


_FOREIGN = Answer(403, "Another page asked for this. Weft answers its own window only.")
_UNKNOWN = Answer(401, "This browser is not let in yet. Start `weft` again in a terminal for a link that does it.")
_USED = Answer(401, "This link was used already or is from an earlier start. Start `weft` again for a fresh one.")
_TOO_MANY = Answer(
    429, "Too many tries without a valid link. Start `weft` again in a terminal for one.", (("retry-after", "60"),)
)


def _way_in(*headers: tuple[str, str]) -> Answer:
    # 303 to the bare address: the token stays out of the page, its history and every Referer.
    return Answer(303, "The window is at /.", (("location", "/"), *headers))


def _crossing(scope: Scope) -> bool:
    site = _values(scope, b"sec-fetch-site")
    if all(value in ("same-origin", "none") for value in site):
        return False
    followed_link = (
        not _is_socket(scope)
        and scope["method"] == "GET"
        and _values(scope, b"sec-fetch-mode") == ["navigate"]
        and _values(scope, b"sec-fetch-dest") == ["document"]
    )
    return not followed_link


def _token(scope: Scope) -> str | None:
    if _is_socket(scope) or scope["method"] != "GET" or scope["path"] != "/":
        return None
    query: bytes = scope["query_string"]
    given = parse_qs(query.decode("latin-1"), keep_blank_values=True).get("t")
    return given[0] if given else None


def _cookies(scope: Scope, wanted: str) -> list[str]:
    pairs = (pair.strip().partition("=") for header in _values(scope, b"cookie") for pair in header.split(";"))
    return [value for name, _, value in pairs if name == wanted]


def _is_socket(scope: Scope) -> bool:
    kind: str = scope["type"]
    return kind == "websocket"


def _values(scope: Scope, wanted: bytes) -> list[str]:
    return [value.decode("latin-1") for name, value in scope["headers"] if name == wanted]


def _plain(scope: Scope) -> Scope:
    """The scope without what only a proxy should say: there is none, and NiceGUI would believe it."""
    return {**scope, "headers": [pair for pair in scope["headers"] if not _claimed_by_proxy(pair[0])]}


def _claimed_by_proxy(name: bytes) -> bool:
    return name.startswith((b"x-forwarded-", b"x-http-method", b"x-method")) or name == b"forwarded"
