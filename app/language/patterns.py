"""The patterns of a language: English sentences with gaps, and what they are called in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from string import Formatter
from typing import Literal

from app.language.catalogue import words_of

Kind = Literal["name", "number", "open", "part"]
"""`name` stands in quotes and is somebody's; `open` may hold several sentences; `number` holds nothing but a number."""

LEAST = 7
"""Letters that a sentence has outside of its gaps; of those that have fewer a gap holds only a number: `{n} steps`."""
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=\S)|(?<=:)\n\n+(?=\S)")
_QUOTES = {"“": "”", "`": "`"}
# A name may have quotes of its own.
_NAMES = {"“": "(?:[^“”]|“[^“”]*”)*?", "`": "[^`]*?"}
_SAY = {"“": 3, "”": 3, "`": 3, ":": 2}
_FITS = {"number": r"[\d,]+(?:\.\d+)?", "open": ".*?", "part": r"(?:(?![.!?]\s).)*?"}


@dataclass(frozen=True)
class Pattern:
    """A sentence with gaps. `pieces` are its words, each with the gap after it; `said` is the other language."""

    pieces: tuple[tuple[str, str], ...]
    kinds: Mapping[str, Kind]
    said: str
    is_edit: bool
    """So few words that begin small are those of an edit: `add {name}`."""

    @cached_property
    def need(self) -> str:
        """Its longest piece: a text without it is another one."""
        return max((words for words, _ in self.pieces), key=len)

    @cached_property
    def ends(self) -> tuple[str, str]:
        """What such a text begins and ends with."""
        words, gap = self.pieces[-1]
        return self.pieces[0][0], "" if gap else words

    def match(self, text: str, *, loosely: bool = False) -> dict[str, str] | None:
        """What stands in the gaps, where the text is one of these; `loosely`, any gap may hold several sentences."""
        begin, end = self.ends
        if not text.startswith(begin) or not text.endswith(end):
            return None
        found = (self._loose if loosely else self._strict).fullmatch(text)
        return found.groupdict() if found else None

    @cached_property
    def _strict(self) -> re.Pattern[str]:
        return re.compile(self._regex(loosely=False), re.DOTALL)

    @cached_property
    def _loose(self) -> re.Pattern[str]:
        return re.compile(self._regex(loosely=True), re.DOTALL)

    def _regex(self, *, loosely: bool) -> str:
        regex, seen = "", set[str]()
        for words, gap in self.pieces:
            regex += re.escape(words)
            if not gap:
                continue
            kind = self.kinds[gap]
            fits = _NAMES[words[-1]] if kind == "name" else _FITS["open" if loosely and kind == "part" else kind]
            regex += f"(?P={gap})" if gap in seen else f"(?P<{gap}>{fits})"
            seen.add(gap)
        return regex


@cache
def patterns(language: str) -> tuple[Pattern, ...]:
    """Those that say most first."""
    known = words_of(language)
    made = (pattern_of(message, known.one[message]) for message in known.written if "{" in message)
    return tuple(
        sorted(filter(None, made), key=lambda each: (-sum(len(words) for words, _ in each.pieces), each.pieces))
    )


@cache
def most_sentences(language: str) -> int:
    """As many sentences as the longest message has."""
    return max((len(SENTENCE_END.split(message)) for message in words_of(language).one), default=1)


def pattern_of(message: str, said: str) -> Pattern | None:
    """A message as a pattern; None where it has no gaps, or next to no words."""
    try:
        parsed = [(words, gap or "") for words, gap, _, _ in Formatter().parse(message)]
        into = {gap for _, gap, _, _ in Formatter().parse(said) if gap}
    except ValueError:
        return None  # Braces that are no gaps, as in an expression.
    gaps = [gap for _, gap in parsed if gap]
    own = "".join(words for words, _ in parsed)
    if not into <= {*gaps} or not gaps or not all(map(str.isidentifier, gaps)) or not any(map(str.isalpha, own)):
        return None
    # Quotes as ours, and a colon, say more than a letter.
    is_short = sum(map(str.isalpha, own)) + sum(_SAY.get(each, 0) for each in own) < LEAST
    is_edit = is_short and parsed[0][0][:1].islower()
    kinds: dict[str, Kind] = {}
    for gap, kind in _kinds(parsed):
        # A name that is said again is the same in both places.
        kinds[gap] = "name" if "name" in (kind, kinds.get(gap)) else kind
    if is_short and not is_edit:
        kinds = {gap: kind if kind == "name" else "number" for gap, kind in kinds.items()}
    return Pattern(tuple(parsed), kinds, said, is_edit)


def _kinds(parsed: list[tuple[str, str]]) -> Iterator[tuple[str, Kind]]:
    for at, (words, gap) in enumerate(parsed):
        if not gap:
            continue
        after = parsed[at + 1][0] if at + 1 < len(parsed) else ""
        if words and after.startswith(_QUOTES.get(words[-1], "\n")):
            yield gap, "name"
        elif (not after and re.search(r"(^|[.!?:] ?)$", words)) or (not words and re.match(r"\s[A-Z“`]", after)):
            yield gap, "open"
        else:
            yield gap, "part"
