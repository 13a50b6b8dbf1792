"""Open the providers' own clients: loaded late and off the loop, with nothing taken from the environment unasked."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from app.models.defaults import ADDRESSES
from app.models.values import Connection, ModelTrouble

if TYPE_CHECKING:
    import httpx2
    from anthropic import AsyncAnthropic
    from openai import AsyncOpenAI

CONNECT_SECONDS = 10.0

# The SDKs insist on a key. This one never leaves: its header is taken off every request.
NO_KEY = "none"


@asynccontextmanager
async def openai_client(connection: Connection, key: str, silence: float) -> "AsyncIterator[AsyncOpenAI]":
    """A client for OpenAI's protocol, closed at the end."""
    make = await asyncio.to_thread(_openai)
    async with make(
        api_key=key or NO_KEY,
        base_url=address(connection),
        max_retries=0,
        timeout=_patience(silence),
        http_client=_http(connection, key, silence),
    ) as client:
        # The SDK fills these from environment variables, which are not the user's choice in the studio.
        client.organization = client.project = client.admin_api_key = None
        client._custom_headers = {}
        yield client


@asynccontextmanager
async def anthropic_client(connection: Connection, key: str, silence: float) -> "AsyncIterator[AsyncAnthropic]":
    """A client for Anthropic's protocol, closed at the end."""
    make = await asyncio.to_thread(_anthropic)
    async with make(
        api_key=key or NO_KEY,
        base_url=address(connection),
        max_retries=0,
        timeout=_patience(silence),
        http_client=_http(connection, key, silence),
        open_telemetry=False,
    ) as client:
        client._custom_headers = {}
        yield client


def address(connection: Connection) -> str:
    """The address the client is given, mended where a person typed one part too many or too few."""
    typed = connection.base_url.strip().rstrip("/") or ADDRESSES[connection.provider]
    for ending in ("/chat/completions", "/responses", "/messages", "/models"):
        typed = typed.removesuffix(ending)
    host = _host(typed)
    if not host:
        raise ModelTrouble(
            f"{connection.name} has no address that can be used{f': `{typed}`' if typed else ''}.",
            "Give it on the Keys page, such as http://localhost:11434/v1.",
            kind="address",
        )
    if connection.provider == "anthropic":
        return typed.removesuffix("/v1")
    return typed if urlsplit(typed).path else f"{typed}/v1"


def is_provider(connection: Connection) -> bool:
    """Whether the address is that of the provider itself, who wants a key of its own making."""
    own = ADDRESSES[connection.provider]
    return bool(own) and _host(connection.base_url.strip() or own) == _host(own)


def is_this_computer(address: str) -> bool:
    """Whether the address is on the loopback interface."""
    host = _host(address)
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _host(address: str) -> str:
    """The host in a web address; nothing where it is none."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return ""
    return (parts.hostname or "") if parts.scheme in ("http", "https") else ""


def _http(connection: Connection, key: str, silence: float) -> "httpx2.AsyncClient":
    import httpx2

    try:
        return httpx2.AsyncClient(
            verify=_certificates(),
            # A company's proxy cannot reach a model on this very computer.
            trust_env=not is_this_computer(address(connection)),
            # A key and a prompt go to the address the user gave and to no other.
            follow_redirects=False,
            timeout=_patience(silence),
            event_hooks={"request": [] if key else [_without_key]},
        )
    except (ValueError, ImportError, httpx2.InvalidURL):
        raise ModelTrouble(
            "The proxy that is set on this computer cannot be used.",
            "Look at the environment variables HTTP_PROXY, HTTPS_PROXY and ALL_PROXY.",
            kind="unreachable",
        ) from None


async def _without_key(request: "httpx2.Request") -> None:
    for name in ("authorization", "x-api-key"):
        request.headers.pop(name, None)


def _patience(silence: float) -> "httpx2.Timeout":
    import httpx2

    return httpx2.Timeout(silence, connect=min(silence, CONNECT_SECONDS))


@cache
def _certificates() -> ssl.SSLContext:
    import httpx2

    return httpx2.create_ssl_context()


def _openai() -> "type[AsyncOpenAI]":
    import openai

    _certificates()
    return openai.AsyncOpenAI


def _anthropic() -> "type[AsyncAnthropic]":
    import anthropic
    import anthropic.types.shared.error_details  # loaded by its first error otherwise

    _certificates()
    return anthropic.AsyncAnthropic
