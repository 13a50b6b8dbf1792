"""What is different between two texts, in a few bytes: either of them can be made from the other."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import orjson


class DoesNotFit(ValueError):
    """The delta is of another text."""


def delta(before: str, after: str) -> bytes:
    """The way from one text to the other, and back. It takes time in line with their length."""
    parts = list(_parts(before, after, 0))
    return zlib.compress(orjson.dumps([_sum(before), _sum(after), parts]), 1)


def backward(after: str, delta: bytes) -> str:
    """The earlier text. DoesNotFit where this is not the later one."""
    was, now, parts = _read(delta)
    _check(after, now)
    pieces, at = [], 0
    for start, old, new in _shifted(parts):
        pieces += [after[at:start], old]
        at = start + len(new)
    text = "".join((*pieces, after[at:]))
    _check(text, was)
    return text


def forward(before: str, delta: bytes) -> str:
    """The later text. DoesNotFit where this is not the earlier one."""
    was, now, parts = _read(delta)
    _check(before, was)
    pieces, at = [], 0
    for start, old, new in parts:
        pieces += [before[at:start], new]
        at = start + len(old)
    text = "".join((*pieces, before[at:]))
    _check(text, now)
    return text


def texts_in(delta: bytes) -> str:
    """All that went and came."""
    return "\n".join(text for _, old, new in _read(delta)[2] for text in (old, new))


Part = tuple[int, str, str]
"""Where in the earlier text, what was there, and what is there instead."""

_LOOK = 64
"""Letters by which a place is found again."""


def _parts(before: str, after: str, offset: int) -> Iterator[Part]:
    """The stretches that are different. What is long is cut in two where both have the same letters."""
    head = _common(before, after)
    tail = _common_end(before[head:], after[head:])
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    if not old and not new:
        return
    cut = _cut(old, new)
    if cut is None:
        yield offset + head, old, new
        return
    yield from _parts(old[: cut[0]], new[: cut[1]], offset + head)
    yield from _parts(old[cut[0] :], new[cut[1] :], offset + head + cut[0])


def _cut(old: str, new: str) -> tuple[int, int] | None:
    """A place that both texts have, and only once; None where none is found."""
    if min(len(old), len(new)) < 4 * _LOOK:
        return None
    for eighth in (4, 2, 6, 1, 7, 3, 5):
        at = (len(old) - _LOOK) * eighth // 8
        found = new.find(old[at : at + _LOOK])
        if found >= 0 and new.find(old[at : at + _LOOK], found + 1) < 0:
            return at, found
    return None


def _common(one: str, other: str) -> int:
    """How many letters both begin with."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _common_end(one: str, other: str) -> int:
    """How many letters both end with."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[len(one) - middle : len(one) - low] == other[len(other) - middle : len(other) - low]:
            low = middle
        else:
            high = middle - 1
    return low


def _read(delta: bytes) -> tuple[int, int, list[Part]]:
    was, now, parts = orjson.loads(zlib.decompress(delta))
    return was, now, [(start, old, new) for start, old, new in parts]


def _shifted(parts: list[Part]) -> Iterator[Part]:
    """The same with places in the later text."""
    by = 0
    for start, old, new in parts:
        yield start + by, old, new
        by += len(new) - len(old)


def _sum(text: str) -> int:
    return zlib.crc32(text.encode())


def _check(text: str, expected: int) -> None:
    if _sum(text) != expected:
        raise DoesNotFit("This change was made to another version of the flow.")
