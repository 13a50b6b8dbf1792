"""Keep secrets out of everything that is shown, logged or stored."""

import base64
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, quote_plus

import orjson

MASK = "••••"
SHORTEST = 4
"""Shorter values are not masked: too much else would be."""


class Masker:
    """Replaces every value it was told, also where it is base64-, URL- or JSON-escaped, by `••••`.

    A value that is split over two texts, or changed in case, is not recognised.
    """

    def __init__(self) -> None:
        self._forms: set[str] = set()
        self._long: tuple[str, ...] = ()
        self._short: re.Pattern[str] | None = None
        self._found: re.Pattern[bytes] | None = None

    def add(self, value: str) -> None:
        """From now on this value is masked."""
        if not (new := set(_forms(value)) - self._forms):
            return
        self._forms |= new
        # The longest first, or a shorter one would leave the rest of a longer one standing.
        every = sorted(self._forms, key=lambda form: (-len(form), form))
        # A pattern of a whole certificate takes a second to compile; the few of that kind are replaced one by one.
        self._long = tuple(form for form in every if len(form) > _LONG)
        short = [form for form in every if len(form) <= _LONG]
        self._short = re.compile("|".join(map(re.escape, short))) if short else None
        # To find that something is there, the first part of a long one is enough.
        self._found = re.compile(b"|".join({re.escape(form[:_LONG].encode()) for form in every}))

    def mask(self, text: str) -> str:
        for form in self._long:
            text = text.replace(form, MASK)
        return text if self._short is None else self._short.sub(MASK, text)

    def mask_json(self, body: bytes) -> bytes:
        """The same for a JSON document, which stays one; the very same bytes if nothing is in it."""
        if self._found is None or not self._found.search(body):
            return body
        return orjson.dumps(self.mask_value(orjson.loads(body)))

    def mask_value(self, value: Any) -> Any:
        """The same for a JSON value, names of fields included."""
        match value:
            case str():
                return self.mask(value)
            case dict():
                return {self.mask(key): self.mask_value(each) for key, each in value.items()}
            case list() | tuple():
                return [self.mask_value(each) for each in value]
            case bool() | None:
                return value
            case int() | float():
                shown = str(value)
                return value if self.mask(shown) == shown else MASK
        return value


def _forms(value: str) -> Iterator[str]:
    for text in {value, value.strip()}:
        if len(text) < SHORTEST:
            continue
        yield text
        yield json.dumps(text)[1:-1]
        yield json.dumps(text, ensure_ascii=False)[1:-1]
        for escaped in (quote(text, safe=""), quote(text), quote_plus(text)):
            yield escaped
            yield re.sub("%[0-9A-F]{2}", lambda code: code[0].lower(), escaped)
        yield from _base64_forms(text.encode())


def _base64_forms(value: bytes) -> Iterator[str]:
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        yield encode(value).decode()
        # Inside something longer, as in "user:password", the value begins at any of three places in a group.
        for before, unsure in ((0, 0), (1, 2), (2, 3)):
            sure = (before + len(value)) * 8 // 6
            inner = encode(b"\0" * before + value).decode()[unsure:sure]
            if len(inner) >= 2 * SHORTEST:
                yield inner


_LONG = 500
