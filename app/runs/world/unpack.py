"""Unpack what a site sent, in pieces of a bounded size: a small file may hold a very large one."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

PIECE = 1 << 18


def known(packing: str) -> bool:
    """True for the packings that can be unpacked; none is one of them."""
    return packing in ("", "identity", "gzip", "x-gzip", "deflate")


class Unpacked:
    """One answer's bytes, as they were before they were packed. ValueError where they are damaged."""

    def __init__(self, packing: str) -> None:
        self._packing = "" if packing == "identity" else packing
        self._open = self._new() if self._packing else None
        self._begun = False

    def feed(self, packed: bytes) -> Iterator[bytes]:
        """What these bytes unpack to."""
        if self._open is None:
            yield packed
            return
        while packed:
            piece, packed = self._step(packed)
            if piece:
                yield piece

    def end(self) -> Iterator[bytes]:
        """What is left at the end."""
        if self._open is not None and self._begun and not self._open.eof:
            if rest := self._open.flush():
                yield rest
            if not self._open.eof:
                raise ValueError("it ends in the middle")

    def _new(self) -> zlib._Decompress:
        return zlib.decompressobj(zlib.MAX_WBITS | (16 if "gzip" in self._packing else 0))

    def _step(self, packed: bytes) -> tuple[bytes, bytes]:
        assert self._open is not None
        if self._open.eof:
            # Several packed files in a row are one.
            self._open = self._new()
        try:
            piece = self._open.decompress(packed, PIECE)
        except zlib.error:
            if self._packing != "deflate" or self._begun:
                raise ValueError("it is damaged") from None
            # Some servers leave the frame of `deflate` away.
            self._open = zlib.decompressobj(-zlib.MAX_WBITS)
            try:
                piece = self._open.decompress(packed, PIECE)
            except zlib.error:
                raise ValueError("it is damaged") from None
        self._begun = True
        return piece, self._open.unused_data if self._open.eof else self._open.unconsumed_tail
