"""What a field may offer, as its form knows it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import JsonValue as Json

from app.ui.forms.expression_field import Kept
from app.ui.forms.known import Here, Known, Offered, Preview
from flows.model import Input

PAUSE = 300
"""Milliseconds without a key before what was typed is saved."""


@dataclass(frozen=True)
class Surroundings:
    """References with a preview, the names on the Keys page, and the other flows by id."""

    offers: Callable[[str], list[Offered]]
    preview: Callable[[str, bool, Callable[[Json], str] | None], Preview | None]
    """What a text gives, whether it is an expression without braces, and what a setting says to a value."""
    secrets: Sequence[str] = ()
    connections: Sequence[str] = ()
    flows: Mapping[str, str] = field(default_factory=dict)
    asks: Callable[[], Mapping[str, Input] | None] = lambda: None
    """What the flow asks for that the step runs; None where none is chosen."""
    refuses: Callable[[str, Json], str] = lambda name, value: ""
    """Why a setting cannot have a value; an empty text where it can."""
    kept: dict[str, Kept] = field(default_factory=dict)
    """What fields had before they were turned to an expression or back."""

    def known(self, name: str = "") -> Known:
        """What a field may refer to; with the name of a setting, also whether that takes what an expression gives."""
        refuses = (lambda value: self.refuses(name, value)) if name else None
        return Here(self.offers, lambda text, bare: self.preview(text, bare, refuses))
