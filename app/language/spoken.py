"""Sentences that were put together and written down in English, in the window's language.

A journal, a problem and a refused edit are kept in English, so that flows, runs and logs read the same everywhere. The
catalogue holds the pattern that each was made from, such as `{step} took longer than {seconds} s.`
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from string import Formatter

from app.language.catalogue import words_of
from app.language.choosing import SOURCE
from app.language.speaking import current, words

LEAST = 4
"""Letters that a pattern has in one piece, so that it is no pattern of everything."""
SENTENCE = re.compile(r"(?<=[.!?])\s+(?=\S)")


@dataclass(frozen=True)
class _Pattern:
    longest: str
    regex: re.Pattern[str]
    text: str


def spoken(text: str) -> str:
    """The text in the window's language, as far as it was made from what the catalogue holds; else as it is."""
    language = current()
    return text if language == SOURCE or not text else _translated(language, text)


@lru_cache(maxsize=4096)
def _translated(language: str, text: str) -> str:
    whole = _one(language, text)
    if whole is not None:
        return whole
    parts = SENTENCE.split(text)
    if len(parts) == 1:
        return text
    gaps = SENTENCE.findall(text)
    said: list[str] = []
    at = 0
    while at < len(parts):
        # As many sentences at once as are one message.
        for end in range(len(parts), at, -1):
            piece = "".join(part + (gaps[at + i] if at + i < end - 1 else "") for i, part in enumerate(parts[at:end]))
            found = _one(language, piece)
            if found is not None or end == at + 1:
                said.append(piece if found is None else found)
                break
        if end <= len(gaps):
            said.append(gaps[end - 1])
        at = end
    return "".join(said)


def _one(language: str, text: str) -> str | None:
    known = words().one
    if (exact := known.get(text)) is not None:
        return exact
    for pattern in _patterns(language):
        if pattern.longest in text and (match := pattern.regex.fullmatch(text)):
            # What stands in a gap may be a sentence of ours again; a single word may be anybody's.
            given = {
                name: known.get(value, value) if " " in value else value for name, value in match.groupdict().items()
            }
            return pattern.text.format(**given)
    return None


@cache
def _patterns(language: str) -> tuple[_Pattern, ...]:
    """The longest first: it says most."""
    made = (_pattern(message, text) for message, text in words_of(language).one.items() if "{" in message)
    return tuple(sorted(filter(None, made), key=lambda each: -len(each.regex.pattern)))


def _pattern(message: str, text: str) -> _Pattern | None:
    regex, longest, seen = "", "", set[str]()
    try:
        pieces = list(Formatter().parse(message))
    except ValueError:
        return None  # Braces that are no gaps, as in an expression.
    for literal, name, _, _ in pieces:
        regex += re.escape(literal)
        longest = max(longest, literal, key=len)
        if name is not None:
            if not name.isidentifier():
                return None
            regex += f"(?P={name})" if name in seen else f"(?P<{name}>.+?)"
            seen.add(name)
    return _Pattern(longest, re.compile(regex, re.DOTALL), text) if seen and len(longest) >= LEAST else None
