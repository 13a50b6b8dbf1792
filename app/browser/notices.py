"""What a run is told about its browser between the lines: a dialog closed, a place refused, a page followed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Kind = Literal["dialog", "popup", "denied", "download", "crash", "restored"]


@dataclass(frozen=True)
class Notice:
    """One such event as a sentence; `about` is the address, host or file it is about."""

    kind: Kind
    says: str
    about: str = ""


Report = Callable[[Notice], None]
