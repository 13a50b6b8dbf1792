"""Reach a site: straight, or through the proxy this computer is set up with."""

from __future__ import annotations

import asyncio
import base64
import ipaddress
import urllib.request
from asyncio import StreamReader, StreamWriter
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urlsplit

CONNECTS_WITHIN = 30.0


class Refused(Exception):
    """The name led to a place that no flow may reach."""


@dataclass(frozen=True)
class Line:
    """An open connection; `through` a proxy that wants whole addresses, with `credentials` where it asks for them."""

    reader: StreamReader
    writer: StreamWriter
    through: bool = False
    credentials: tuple[str, ...] = ()


async def connect(host: str, port: int, *, tunnel: bool, refused: Callable[[str, int], bool]) -> Line:
    """`refused` is asked about the address that the name led to. OSError where nothing answers."""
    async with asyncio.timeout(CONNECTS_WITHIN):
        # In a thread: on some systems the answer is a matter of looking names up.
        proxy = await asyncio.to_thread(_proxy, "https" if tunnel else "http", host)
        if proxy is None:
            reader, writer = await asyncio.open_connection(host, port, happy_eyeballs_delay=0.25)
            if refused(writer.get_extra_info("peername")[0], port):
                writer.close()
                raise Refused
            return Line(reader, writer)
        if is_number(host) and refused(host, port):  # A name is looked up by the proxy, and cannot be judged here.
            raise Refused
        reader, writer = await asyncio.open_connection(proxy.hostname, proxy.port or 80)
        credentials = _credentials(proxy)
        if not tunnel:
            return Line(reader, writer, through=True, credentials=credentials)
        place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        writer.write("\r\n".join([f"CONNECT {place} HTTP/1.1", f"Host: {place}", *credentials, "", ""]).encode())
        answer = await reader.readuntil(b"\r\n\r\n")
        if answer.split(b" ", 2)[1] != b"200":
            writer.close()
            raise OSError(f"The proxy {proxy.hostname} refused the connection.")
        return Line(reader, writer)


def _proxy(scheme: str, host: str) -> SplitResult | None:
    address = urllib.request.getproxies().get(scheme, "")
    if not address or host == "localhost" or host.startswith("127.") or urllib.request.proxy_bypass(host):
        return None
    proxy = urlsplit(address if "//" in address else f"//{address}")
    return proxy if proxy.hostname else None


def _credentials(proxy: SplitResult) -> tuple[str, ...]:
    if not proxy.username:
        return ()
    pair = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
    return (f"Proxy-Authorization: Basic {base64.b64encode(pair.encode()).decode()}",)


def is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True
