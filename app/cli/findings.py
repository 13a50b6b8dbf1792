"""What a check found, as a sentence and the next move."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """What one part is like here; `mend` says what to do where it does not work."""

    topic: str
    works: bool
    says: str
    mend: str = ""
    essential: bool = True
