"""Open the providers' own clients: loaded late and off the loop, with nothing taken from the environment unasked."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from app.models.defaults import ADDRESSES
from app.models.values import Connection, ModelTrouble

if TYPE_CHECKING:
    import httpx2
    from anthropic import AsyncAnthropic
    from openai import AsyncOpenAI

CONNECT_SECONDS = 10.0


@asynccontextmanager
async def openai_client(connection: Connection, key: str, silence: float) -> "AsyncIterator[AsyncOpenAI]":
    """A client for OpenAI's protocol, closed at the end."""
    make = await asyncio.to_thread(_openai)
    async with make(
        api_key=key,
        base_url=address(connection),
        max_retries=0,
        timeout=_patience(silence),
        http_client=_http(connection, silence),
        _enforce_credentials=False,
    ) as client:
        from openai import omit

        # The SDK fills these from environment variables, which are not the user's choice in the studio.
        client.organization = client.project = client.admin_api_key = None
        client._custom_headers = _own_headers(key, omit)
        yield client


@asynccontextmanager
async def anthropic_client(connection: Connection, key: str, silence: float) -> "AsyncIterator[AsyncAnthropic]":
    """A client for Anthropic's protocol, closed at the end."""
    make = await asyncio.to_thread(_anthropic)
    async with make(
        api_key=key,
        base_url=address(connection),
        max_retries=0,
        timeout=_patience(silence),
        http_client=_http(connection, silence),
        open_telemetry=False,
    ) as client:
        from anthropic import omit

        client._custom_headers = _own_headers(key, omit)
        yield client


def address(connection: Connection) -> str:
    """The address the client is given, mended where a person typed one part too many or too few."""
    typed = connection.base_url.strip().rstrip("/") or ADDRESSES[connection.provider]
    for ending in ("/chat/completions", "/responses", "/messages", "/models"):
        typed = typed.removesuffix(ending)
    parts = urlsplit(typed)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ModelTrouble(
            f"{connection.name} has no address that can be used{f': `{typed}`' if typed else ''}.",
            "Give it on the Keys page, such as http://localhost:11434/v1.",
            kind="address",
        )
    if connection.provider == "anthropic":
        return typed.removesuffix("/v1")
    return typed if parts.path else f"{typed}/v1"


def is_this_computer(address: str) -> bool:
    """Whether the address is on the loopback interface."""
    host = urlsplit(address).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _own_headers(key: str, omit: Any) -> dict[str, Any]:
    """Nothing but the key; and where there is none, no header for it."""
    return {} if key else {"Authorization": omit}


def _http(connection: Connection, silence: float) -> "httpx2.AsyncClient":
    import httpx2

    try:
        return httpx2.AsyncClient(
            verify=_certificates(),
            # A company's proxy cannot reach a model on this very computer.
            trust_env=not is_this_computer(address(connection)),
            # A key and a prompt go to the address the user gave and to no other.
            follow_redirects=False,
            timeout=_patience(silence),
        )
    except (ValueError, ImportError, httpx2.InvalidURL) as error:
        raise ModelTrouble(
            f"The proxy that is set on this computer cannot be used: {error}",
            "Look at the environment variables HTTP_PROXY, HTTPS_PROXY and ALL_PROXY.",
            kind="unreachable",
        ) from None


def _patience(silence: float) -> "httpx2.Timeout":
    import httpx2

    return httpx2.Timeout(silence, connect=min(silence, CONNECT_SECONDS))


@cache
def _certificates() -> ssl.SSLContext:
    import httpx2

    return httpx2.create_ssl_context()


def _openai() -> "type[AsyncOpenAI]":
    import openai
    import openai.resources.chat
    import openai.resources.models
    import openai.resources.responses

    _certificates()
    return openai.AsyncOpenAI


def _anthropic() -> "type[AsyncAnthropic]":
    import anthropic
    import anthropic.resources.messages
    import anthropic.resources.models
    import anthropic.types.shared.error_details

    _certificates()
    return anthropic.AsyncAnthropic
