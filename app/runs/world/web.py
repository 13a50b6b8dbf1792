"""The HTTP client of a run: every hop passes the gate, and it connects to the very address that was checked."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable
from typing import Any

import httpcore
import httpx

from app.engine import gate
from app.engine.hosts import canonical, spelled
from app.runs.world.door import Door, step_of
from app.runs.world.line import Line, Trip, in_time
from app.runs.world.lookup import LookUp, look_up
from app.runs.world.unpack import Unpacked, known
from nodes.context import Context
from nodes.values import NodeError

LARGEST = 20_000_000
LONGEST = 60.0
LONGEST_OF_ALL = 600.0
REDIRECTS = 10
ONLY_READS = ("GET", "HEAD", "OPTIONS")
"""What a rehearsal sends."""

FOLLOW_ANYWHERE = frozenset({"accept", "accept-language", "content-length", "content-type", "host", "user-agent"})
"""What a request still says after it was sent on to another site; everything else may be a key."""

Shown = Callable[[str, int], str]
"""How a grant spells a host and port; the practice shop has a name of its own."""


class Web:
    """The web of one run. `own_ports` are Weft's own, which no step reaches."""

    def __init__(
        self,
        door: Door,
        *,
        shown: Shown = spelled,
        own_ports: Iterable[int] = (),
        look_up: LookUp = look_up,
        largest: int = LARGEST,
        longest: float = LONGEST,
        rehearsing: bool = False,
    ) -> None:
        self.door = door
        self.rehearsing = rehearsing
        self.largest = largest
        self.longest = longest
        self._shown = shown
        self._own_ports = frozenset(own_ports)
        self._look_up = look_up
        self.line = Line()

    def client(self, ctx: Context) -> httpx.AsyncClient:
        """A client for this step. Cookies stay within it: a resumed run could not have them back."""
        return _Client(
            transport=_Gated(self, ctx),
            trust_env=False,
            headers={"user-agent": "Weft"},
            timeout=httpx.Timeout(self.longest),
            follow_redirects=True,
            max_redirects=REDIRECTS,
        )

    async def may_reach(self, ctx: Context, name: str, port: int) -> list[str]:
        """The checked addresses of a host. NodeError where the step may not go to one of them."""
        name = canonical(name)
        shown = self._shown(name, port)
        await self.door.passes(ctx, lambda grant, step: gate.host(grant, shown, step))
        addresses = await self._addresses(name, port)
        for at in addresses:
            await self._address_passes(ctx, shown, at, port)
        step_of(ctx).touched("host", shown)
        return addresses

    async def close(self) -> None:
        await self.line.close()

    async def _address_passes(self, ctx: Context, shown: str, at: str, port: int) -> None:
        own = self._own_ports
        await self.door.passes(ctx, lambda grant, step: gate.address(grant, shown, at, port, own, step))

    async def _addresses(self, name: str, port: int) -> list[str]:
        try:
            addresses = await self._look_up(name, port)
        except (OSError, UnicodeError):
            addresses = []
        if not addresses:
            raise NodeError(
                f"There is no site `{name}`, or this computer is not connected.",
                hint="Check the address and the connection.",
                retryable=True,
                trouble="unreachable",
            )
        return addresses


class _Client(httpx.AsyncClient):
    async def send(self, request: httpx.Request, **options: Any) -> httpx.Response:
        try:
            return await super().send(request, **options)
        except httpx.TooManyRedirects:
            raise NodeError(
                f"`{request.url.host}` sent the request on more than {REDIRECTS} times.", retryable=False
            ) from None
        except httpx.RemoteProtocolError:
            raise NodeError(f"`{request.url.host}` sent the request on to an address that is none.") from None


class _Gated(httpx.AsyncBaseTransport):
    """One hop: checked, bounded, and with nothing secret for another site than the first."""

    def __init__(self, web: Web, ctx: Context) -> None:
        self._web = web
        self._ctx = ctx

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        name, port = _goal(request.url)
        if self._web.rehearsing and request.method not in ONLY_READS:
            raise await self._held_back(request)
        trip = self._trip(request, port)
        addresses = await self._web.may_reach(self._ctx, name, port)
        request.headers["host"] = request.url.netloc.decode("ascii")
        request.headers["accept-encoding"] = "gzip, deflate"
        assert isinstance(request.stream, httpx.AsyncByteStream)
        outward = httpcore.Request(
            method=request.method,
            url=httpcore.URL(
                scheme=request.url.raw_scheme,
                host=request.url.raw_host,
                port=request.url.port,
                target=request.url.raw_path,
            ),
            headers=request.headers.raw,
            content=request.stream,
            extensions={"timeout": {}},  # The trip has its own clock, which knows when the computer slept.
        )
        async with in_time(trip, request):
            answer = await self._web.line.send(outward, addresses)
        body = _Body(answer, trip, request, self._web.largest)
        try:
            body.check()
        except NodeError:
            await answer.aclose()
            raise
        kept = [pair for pair in answer.headers if pair[0].lower() not in (b"content-encoding", b"content-length")]
        headers = kept if body.packing else answer.headers
        return httpx.Response(answer.status, headers=headers, stream=body, extensions=answer.extensions)

    async def _held_back(self, request: httpx.Request) -> NodeError:
        content = (await request.aread()).decode(errors="replace")
        given = {"method": request.method, "url": str(request.url), "body": content}
        where = request.url.copy_with(query=None, fragment=None)
        return step_of(self._ctx).held_back("write", f"Would have sent {request.method} to {where}.", given)

    def _trip(self, request: httpx.Request, port: int) -> Trip:
        origin = (request.url.scheme, request.url.host, port)
        trip = request.extensions.get("weft.trip")
        if not isinstance(trip, Trip):
            wanted = request.extensions.get("timeout", {}).get("read") or self._web.longest
            trip = request.extensions["weft.trip"] = Trip(origin, min(wanted, LONGEST_OF_ALL))
        if trip.origin != origin and not _is_upgrade(trip.origin, origin):
            if request.method not in ("GET", "HEAD") and request.headers.get("content-length", "0") != "0":
                raise NodeError(
                    f"`{trip.origin[1]}` wants what was sent to it sent on to `{origin[1]}`, which was not done.",
                    hint="If that is right, use the other address in the step.",
                    retryable=False,
                )
            for header in [name for name in request.headers if name.lower() not in FOLLOW_ANYWHERE]:
                del request.headers[header]
        trip.origin = origin
        return trip


class _Body(httpx.AsyncByteStream):
    """What comes back: unpacked here, a piece at a time, and never more than the limit."""

    def __init__(self, answer: httpcore.Response, trip: Trip, request: httpx.Request, largest: int) -> None:
        self._answer = answer
        self._trip = trip
        self._request = request
        self._largest = largest
        headers = httpx.Headers(answer.headers)
        self.packing = headers.get("content-encoding", "").strip().lower()
        self._length = headers.get("content-length", "")

    def check(self) -> None:
        """NodeError where the head already says that this cannot be taken."""
        if self._length.isdigit() and int(self._length[:20]) > self._largest and self._request.method != "HEAD":
            raise self._too_large()
        if not known(self.packing):
            raise NodeError(f"`{self._request.url.host}` packed its answer as `{self.packing[:40]}`, unasked.")

    async def __aiter__(self) -> AsyncIterator[bytes]:
        unpacked = Unpacked(self.packing)
        size = 0
        assert not isinstance(self._answer.stream, bytes)
        pieces = aiter(self._answer.aiter_stream())
        while True:
            async with in_time(self._trip, self._request):
                packed = await anext(pieces, None)
            try:
                for piece in unpacked.feed(packed) if packed is not None else unpacked.end():
                    size += len(piece)
                    if size > self._largest:
                        raise self._too_large()
                    yield piece
            except ValueError as error:
                raise NodeError(f"The answer of `{self._request.url.host}` cannot be read: {error}.") from None
            if packed is None:
                return

    async def aclose(self) -> None:
        await self._answer.aclose()

    def _too_large(self) -> NodeError:
        return NodeError(
            f"The answer of `{self._request.url.host}` is larger than {self._largest // 1_000_000} MB.",
            hint="Ask the site for less at a time.",
            retryable=False,
        )


def _goal(url: httpx.URL) -> tuple[str, int]:
    name = url.raw_host.decode("ascii")
    if url.scheme not in ("http", "https") or not name:
        raise NodeError(
            f"`{str(url)[:80]}` cannot be fetched; only addresses with http and https can.",
            hint="Write it as https://example.com/page.",
            retryable=False,
        )
    return name, url.port or (443 if url.scheme == "https" else 80)


def _is_upgrade(before: tuple[str, str, int], after: tuple[str, str, int]) -> bool:
    """True for the same site, from http to https."""
    return before[1] == after[1] and (before[0], before[2], after[0], after[2]) == ("http", 80, "https", 443)
