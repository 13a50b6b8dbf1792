"""Which language a browser wants."""

from __future__ import annotations

LANGUAGES = {"en": "English", "de": "Deutsch"}
"""What there is, by its code in HTTP and HTML; the first is what the code is written in."""
SOURCE = next(iter(LANGUAGES))


def language_of(accepted: str) -> str:
    """The language that an `Accept-Language` header (RFC 9110, 12.5.4) likes best among those that there are."""
    wishes: list[tuple[float, str]] = []
    for wish in accepted.split(",")[:20]:
        name, _, weight = wish.partition(";")
        code = name.strip().lower().partition("-")[0]
        try:
            liked = float(weight.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        if code in LANGUAGES and liked > 0:
            wishes.append((-liked, code))
    return min(wishes, key=lambda each: each[0])[1] if wishes else SOURCE
