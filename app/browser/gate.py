"""The way out for the browser of a gated run: a proxy on this computer that asks before every connection.

Intercepting requests in Playwright would miss redirects, sockets and preconnects, and switch the page cache off;
nothing that Chromium sends gets around its proxy.
"""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import ipaddress
import socket
from asyncio import StreamReader, StreamWriter
from collections.abc import Awaitable, Callable, Iterable
from urllib.parse import urlsplit

from app.browser import relay
from app.browser.explain import DENIED
from app.browser.reading_only import READS
from app.browser.upstream import Line, Refused, connect, is_number

Allow = Callable[[str], "bool | Awaitable[bool]"]
HEAD_AT_MOST = 256 * 1024
REFUSAL = b"HTTP/1.1 %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Gate:
    """Lets a run's browser reach what `allow` says yes to, and tells `denied` the hosts it does not.

    `allow` gets an address: the whole one for plain http, and `https://host:port/` for everything that is encrypted
    or a socket. A yes holds for the rest of the run; a no is asked again. `never` are ports of this computer that are
    refused whatever `allow` says. With `reads_only`, plain http that does more than read is dropped without a word.
    """

    def __init__(
        self, allow: Allow, denied: Callable[[str], None], never: Iterable[int] = (), *, reads_only: bool = False
    ) -> None:
        self._reads_only = reads_only
        self.unreached: dict[tuple[str, int], str] = {}
        """Why a host and port was not reached: the browser itself only learns that it was not."""
        self._allow = allow
        self._denied = denied
        self._never = frozenset(never)
        self._allowed: set[tuple[str, int]] = set()
        self._asking: dict[tuple[str, int], asyncio.Task[bool]] = {}
        self._server: asyncio.Server | None = None
        self._serving: set[asyncio.Task[None]] = set()

    async def open(self) -> str:
        """The proxy's address."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, limit=HEAD_AT_MOST)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def close(self) -> None:
        if self._server:
            self._server.close()
        for task in (*self._serving, *self._asking.values()):
            task.cancel()
        await asyncio.gather(*self._serving, *self._asking.values(), return_exceptions=True)

    def _accept(self, reader: StreamReader, writer: StreamWriter) -> None:
        task = asyncio.create_task(self._serve(reader, writer))
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)

    async def _serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        try:
            # A browser that lets go of a connection, or a site that does, is everyday life here.
            with contextlib.suppress(OSError, EOFError, asyncio.LimitOverrunError):
                head = await relay.read_head(reader)
                method, target = head.words[:2]
                if self._reads_only and method not in ("CONNECT", *READS):
                    return None
                if method == "CONNECT":
                    address, host_and_port, usual = f"https://{target.removesuffix(':443')}/", f"//{target}", 443
                elif urlsplit(target).scheme == "http":
                    address, host_and_port, usual = target, target, 80
                else:
                    return writer.write(REFUSAL % b"400 Bad Request")
                line = await self._line(address, host_and_port, usual, tunnel=method == "CONNECT")
                if line is None:
                    # For plain http without a word, so that the browser shows an error and not a page of ours.
                    return writer.write(REFUSAL % b"403 Forbidden") if method == "CONNECT" else None
                with contextlib.closing(line.writer):
                    if method == "CONNECT":
                        await relay.tunnel(reader, writer, line)
                    else:
                        await relay.exchange(head, reader, writer, line)
        finally:
            writer.close()

    async def _line(self, address: str, host_and_port: str, usual: int, *, tunnel: bool) -> Line | None:
        """A connection to there; None where the gate says no."""
        try:
            split = urlsplit(host_and_port)
            host, port = (split.hostname or "").rstrip("."), split.port or usual
        except ValueError:
            return None
        try:
            if self._is_own(host, port) or not await self._may_reach(address, (host, port)):
                raise Refused
            line = await connect(host, port, tunnel=tunnel, refused=self._is_refused)
        except Refused:
            self.unreached[host, port] = DENIED
            self._denied(host)
            return None
        except OSError as error:
            self.unreached[host, port] = (
                f"The address {host} was not found."
                if isinstance(error, socket.gaierror)
                else f"{host} does not answer."
            )
            return None
        self.unreached.pop((host, port), None)
        return line

    async def _may_reach(self, address: str, place: tuple[str, int]) -> bool:
        if place in self._allowed:
            return True
        if place not in self._asking:
            # A page opens several connections at once; the question is asked once.
            self._asking[place] = asyncio.create_task(self._ask(address))
            self._asking[place].add_done_callback(lambda _: self._asking.pop(place, None))
        if not await asyncio.shield(self._asking[place]):
            return False
        self._allowed.add(place)
        return True

    async def _ask(self, address: str) -> bool:
        answer = self._allow(address)
        return bool(await answer if inspect.isawaitable(answer) else answer)

    def _is_own(self, host: str, port: int) -> bool:
        return port in self._never and (host == "localhost" or host.endswith(".localhost") or _is_here(host))

    def _is_refused(self, ip: str, port: int) -> bool:
        """After the name was looked up: it may lead to the studio itself, or to a cloud machine's own keys."""
        return ipaddress.ip_address(ip.partition("%")[0]).is_link_local or (port in self._never and _is_here(ip))


def _is_here(host: str) -> bool:
    if not is_number(host):
        return False
    place = ipaddress.ip_address(host.partition("%")[0])
    mapped = getattr(place, "ipv4_mapped", None) or place
    return bool(mapped.is_loopback or mapped.is_unspecified)
