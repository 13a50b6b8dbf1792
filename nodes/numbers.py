"""Numbers as people write them: `24.50`, `1,234`, `1.234,50`, `€ 9.90`."""

from __future__ import annotations

import re
from collections.abc import Sequence

CURRENCIES = "$€£¥₹₽₺₩"
GROUPS = " '\u2019\u00a0\u202f"
POINT = re.compile(rf"[+-]?(?:[1-9]\d{{0,2}}(?P<group>[,{GROUPS}])\d{{3}}(?:(?P=group)\d{{3}})*|0|[1-9]\d*)(?:\.\d+)?")
COMMA = re.compile(rf"[+-]?(?:[1-9]\d{{0,2}}(?P<group>[.{GROUPS}])\d{{3}}(?:(?P=group)\d{{3}})*|0|[1-9]\d*)(?:,\d+)?")
DIGITS = 15
"""A longer number is a name for something, and would lose its last digits."""


def numbers_in(texts: Sequence[str]) -> list[int | float | None] | None:
    """The numbers of a column, None for an empty cell; None altogether where any cell is something else.

    The column decides whether a comma or a point marks the decimals. A number with a leading zero, such as a post
    code, is text, and so is a column with two currencies.
    """
    bare, signs = zip(*(_without_currency(text) for text in texts), strict=True) if texts else ((), ())
    written = [text for text in bare if text]
    if not written or len({sign for sign, text in zip(signs, bare, strict=True) if text}) > 1:
        return None
    for style, decimal in ((POINT, "."), (COMMA, ",")):
        if all(style.fullmatch(text) and sum(map(str.isdigit, text)) <= DIGITS for text in written):
            return [_number(text, decimal) if text else None for text in bare]
    return None


def number_in(text: str) -> int | float | None:
    """The number that a text is; None where it is something else."""
    found = numbers_in([text])
    return found[0] if found else None


def _without_currency(text: str) -> tuple[str, str]:
    text = text.strip().replace("\u2212", "-")
    if text and text[0] in CURRENCIES:
        return text[1:].strip(), text[0]
    if text and text[-1] in CURRENCIES:
        return text[:-1].strip(), text[-1]
    return text, ""


def _number(text: str, decimal: str) -> int | float:
    plain = "".join(each for each in text if each.isdigit() or each in "+-" or each == decimal).replace(",", ".")
    return float(plain) if "." in plain else int(plain)
