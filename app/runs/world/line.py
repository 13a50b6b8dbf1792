"""The line to a site: connections to addresses that were checked, a time for each request, and troubles in words."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import Any

import httpcore
import httpx

from nodes.clock import Limit
from nodes.values import NodeError

SAFE_TO_REPEAT = ("GET", "HEAD", "OPTIONS", "PUT", "DELETE")


@dataclass
class Trip:
    """One request with all its redirects: where it is now, and how many seconds are left for it."""

    origin: tuple[str, str, int]
    left: float


class Line:
    """The connections of one run."""

    def __init__(self) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=_certificates(),
            max_connections=20,
            max_keepalive_connections=5,
            keepalive_expiry=15,
            network_backend=_Pinned(),
        )

    async def send(self, request: httpcore.Request, addresses: list[str]) -> httpcore.Response:
        """The answer, over a connection to one of these addresses."""
        token = _CHECKED.set(addresses)
        try:
            return await self._pool.handle_async_request(request)
        finally:
            _CHECKED.reset(token)

    async def close(self) -> None:
        # What is still under way ends with its connection.
        with suppress(Exception):
            await self._pool.aclose()


@asynccontextmanager
async def in_time(trip: Trip, request: httpx.Request) -> AsyncIterator[None]:
    """The time that is left for the request; what goes wrong on the line, as a sentence."""
    name = request.url.host
    repeatable = request.method in SAFE_TO_REPEAT or bool(request.extensions.get("weft.repeatable"))
    began = asyncio.get_running_loop().time()
    try:
        async with Limit(max(trip.left, 0)):
            yield
    except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
        if isinstance(error.__cause__, ssl.SSLError) or "CERTIFICATE" in str(error):
            raise NodeError(
                f"The certificate of `{name}` cannot be trusted, so nothing was sent.",
                hint="Check the address, and the date of this computer.",
                retryable=False,
            ) from None
        # Nothing was sent, so that it is safe to try again whatever it was to be.
        raise NodeError(
            f"`{name}` cannot be reached.",
            hint="Check the address and the connection.",
            retryable=True,
            trouble="unreachable",
        ) from None
    except (TimeoutError, httpcore.TimeoutException):
        raise NodeError(
            f"`{name}` did not answer in time.",
            hint="Raise the time limit, or try again later.",
            retryable=repeatable,
            trouble="timeout",
        ) from None
    except (httpcore.NetworkError, httpcore.RemoteProtocolError):
        raise NodeError(
            f"`{name}` broke off its answer, or what it sent is not HTTP.",
            hint="Try again later.",
            retryable=repeatable,
            trouble="unreachable",
        ) from None
    except httpcore.LocalProtocolError as error:
        raise NodeError(f"This request cannot be sent: {error}.", hint="Check its headers.", retryable=False) from None
    finally:
        trip.left -= asyncio.get_running_loop().time() - began


class _Pinned(httpcore.AsyncNetworkBackend):
    """Connects to the addresses that were checked, and looks nothing up itself."""

    def __init__(self) -> None:
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  the name is the backend's contract
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        error: Exception = httpcore.ConnectError(f"{host} was not checked")
        for each in _CHECKED.get():
            try:
                return await self._network.connect_tcp(each, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as refused:
                error = refused
        raise error

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


_CHECKED: ContextVar[list[str]] = ContextVar("checked addresses")


@cache
def _certificates() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)
