"""Carry bytes between a browser and a site: one http exchange, or a tunnel."""

from __future__ import annotations

import asyncio
import contextlib
from asyncio import StreamReader, StreamWriter
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from app.browser.upstream import Line

CHUNK = 64 * 1024
BETWEEN_TWO_ONLY = (b"connection", b"proxy-connection", b"proxy-authorization", b"keep-alive", b"upgrade")


@dataclass(frozen=True)
class Head:
    """The first line of a request or answer in words, and its other lines."""

    words: tuple[str, str, str]
    lines: tuple[bytes, ...]

    def bytes(self, first: str, *more: str) -> bytes:
        """The head for the other side: the connection is for this one exchange."""
        kept = [line for line in self.lines if line.partition(b":")[0].strip().lower() not in BETWEEN_TWO_ONLY]
        ours = [line.encode("latin-1") for line in ("Connection: close", *more)]
        return b"\r\n".join([first.encode("latin-1"), *kept, *ours, b"", b""])


async def read_head(reader: StreamReader) -> Head:
    """EOFError where it is cut off or no head at all."""
    raw = await reader.readuntil(b"\r\n\r\n")
    first, *lines = raw[:-4].split(b"\r\n")
    words = first.decode("latin-1").split(" ", 2)
    if len(words) < 2:
        raise EOFError
    return Head((words[0], words[1], words[2] if len(words) > 2 else ""), tuple(lines))


async def exchange(head: Head, reader: StreamReader, writer: StreamWriter, line: Line) -> None:
    """One request and its answer, never a second: that one might be for a host nobody was asked about."""
    method, target, version = head.words
    split = urlsplit(target)
    path = target if line.through else (split.path or "/") + (f"?{split.query}" if split.query else "")
    line.writer.write(head.bytes(f"{method} {path} {version}", *line.credentials))

    async def answer() -> None:
        while True:
            answered = await read_head(line.reader)
            writer.write(answered.bytes(" ".join(answered.words).rstrip()))
            if not answered.words[1].startswith("1"):
                break
        await pump(line.reader, writer)

    await until_one_ends(pump(reader, line.writer), answer())


async def tunnel(reader: StreamReader, writer: StreamWriter, line: Line) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    await until_one_ends(pump(reader, line.writer), pump(line.reader, writer))


async def pump(source: StreamReader, sink: StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while piece := await source.read(CHUNK):
            sink.write(piece)
            await sink.drain()


async def until_one_ends(*ways: Coroutine[Any, Any, None]) -> None:
    tasks = [asyncio.create_task(way) for way in ways]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
