"""Which unquoted words mean a number, true, false or nothing, and how a text is written so that it stays text."""

from __future__ import annotations

import json
import math
import re
from functools import lru_cache

from pydantic import JsonValue as Json

INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
DIGITS_LIMIT = 1_000

WORDS: dict[str, Json] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


def meaning(word: str) -> Json:
    """What a word without quotes means in YAML 1.2. ValueError with a sentence where it is better not guessed."""
    if word in WORDS:
        return WORDS[word]
    if word[0] not in "+-.0123456789":
        return word
    if NOT_FINITE.fullmatch(word):
        raise ValueError(f"`{word}` is not a number that a flow can keep.")
    if INTEGER.fullmatch(word) and len(word) <= DIGITS_LIMIT:
        return int(word)
    if BASED.fullmatch(word) and len(word) <= DIGITS_LIMIT:
        return int(word, 0)
    if FLOAT.fullmatch(word):
        if re.fullmatch(r"[-+]?0[0-9]+", word):
            raise ValueError(f"`{word[:40]}` could be a number or text. Put it in quotes to keep its zero.")
        if len(word) <= DIGITS_LIMIT and math.isfinite(number := float(word)):
            return number
        raise ValueError(f"The number `{word[:40]}…` is too large.")
    return word


PLAIN = re.compile(r"[^\s\-?:,\[\]{}#&*!|>'\"%@`=~<](?:[^\n]*[^\s:])?")
UNPRINTABLE = re.compile(r"[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


def word(text: str, *, inline: bool = False) -> str:
    """A text on one line, in quotes only where it would be read as something else without them."""
    unprintable = UNPRINTABLE.search(text) is not None or "\n" in text or "\t" in text
    if not unprintable and _stays_text(text, inline):
        return text
    if not unprintable and ('"' in text or "\\" in text) and "'" not in text:
        return f"'{text}'"
    return UNPRINTABLE.sub(_escaped, json.dumps(text, ensure_ascii=False))


def _stays_text(text: str, inline: bool) -> bool:
    if not PLAIN.fullmatch(text) or ": " in text or " #" in text:
        return False
    if inline and re.search(r"[,\[\]{}:]", text):
        return False
    return not any(pattern.match(text) for pattern in _taken_for_something_else(text[0]))


@lru_cache(maxsize=256)
def _taken_for_something_else(first: str) -> list[re.Pattern[str]]:
    # Ours reads YAML 1.2, but other tools read `yes` and `2026-05-04` as YAML 1.1 does; quotes keep them text for all.
    import yaml

    older = [pattern for _, pattern in yaml.SafeLoader.yaml_implicit_resolvers.get(first, [])]
    return [*older, re.compile(rf"(?:{INTEGER.pattern}|{BASED.pattern}|{FLOAT.pattern}|{NOT_FINITE.pattern})\Z"),
            re.compile(r"(?:y|n|Y|N|true|false|null)\Z")]  # fmt: skip


def _escaped(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def plain_value(value: Json, *, inline: bool = False) -> str:
    """A number, a text on one line, true, false or nothing, as it is written."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            if not math.isfinite(value):
                raise ValueError("A flow cannot keep a number that is not finite.")
            return repr(value)
        case str():
            return word(value, inline=inline)
        case _:
            raise TypeError(type(value))
