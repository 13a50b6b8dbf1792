"""Every address that a host's name leads to."""

import asyncio
import socket
from collections.abc import Awaitable, Callable

from nodes.clock import Limit

LookUp = Callable[[str, int], Awaitable[list[str]]]
WITHIN = 15.0


async def look_up(name: str, port: int) -> list[str]:
    """The addresses, each once. OSError where there is none or nobody answers in time."""
    async with Limit(WITHIN):
        found = await asyncio.get_running_loop().getaddrinfo(name, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))
