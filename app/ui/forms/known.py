"""What a field may refer to and what a text gives, as one thing that is handed to every field of a form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from pydantic import JsonValue as Json

from app.language import current, msg, tr
from flows.expressions import FILTERS, TESTS


@dataclass(frozen=True)
class Offered:
    """Something an expression may refer to: what it is, a sample of its value where a run has one, and whose it is."""

    text: str
    kind: str = ""
    sample: str = ""
    source: str = ""
    depth: int = 0
    """How far it lies inside of what a step gives; what is deeper is offered only to who asks for it by name."""
    more: bool = False
    """There is more inside."""


@dataclass(frozen=True)
class Preview:
    """What an expression gives with the values of the run that is looked at, or why it gives nothing."""

    ok: bool
    text: str
    value: Json = None
    has_value: bool = False
    checked: bool = False
    """What is wrong is told by the check of the whole flow too."""
    start: int | None = None
    """Where in the text it is wrong, and how far."""
    end: int | None = None
    instead: str = ""
    """The closest name, where one is not known."""
    mended: str = ""
    """The whole text with that name."""


class Known(Protocol):
    """What a field asks about the flow around it."""

    def offers(self, base: str) -> list[Offered]:
        """What may follow `base`, such as `fetch.rows[0]`; everything for the empty text."""

    def preview(self, text: str, *, bare: bool = False) -> Preview | None:
        """What a text gives; None where there is nothing to show. A `bare` one is an expression without braces."""


@dataclass(frozen=True)
class Here:
    """A `Known` of two functions."""

    _offers: Callable[[str], list[Offered]]
    _preview: Callable[[str, bool], Preview | None]

    def offers(self, base: str) -> list[Offered]:
        """What may follow `base`."""
        return self._offers(base)

    def preview(self, text: str, *, bare: bool = False) -> Preview | None:
        """What a text gives."""
        return self._preview(text, bare)


STATEMENTS = {
    "if": msg("Keep what follows only where something is true: {% if order.total > 100 %} … {% endif %}"),
    "elif": msg("Otherwise, where this is true"),
    "else": msg("Otherwise"),
    "endif": msg("The end of an if"),
    "for": msg("Repeat what follows for every item of a list: {% for row in table.rows %} … {% endfor %}"),
    "endfor": msg("The end of a for"),
}


def tools() -> dict[str, list[dict[str, Json]]]:
    """Filters, tests and statements, each with one line of help."""
    return _tools(current())


@cache
def _tools(language: str) -> dict[str, list[dict[str, Json]]]:
    kinds = {"filters": FILTERS, "tests": TESTS, "words": STATEMENTS}
    return {
        kind: [
            {
                "text": name,
                "kind": "",
                "sample": first_sentence(tr(said)),
                "source": tr(said).replace("`", ""),
                "depth": 0,
                "more": False,
            }
            for name, said in sorted(each.items())
            if name.isidentifier()
        ]
        for kind, each in kinds.items()
    }


def first_sentence(text: str) -> str:
    """The first sentence of a text, on one line."""
    return " ".join(text.replace("`", "").split()).split(". ")[0].rstrip(".")
