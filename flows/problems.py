"""What is wrong with a flow, said so that a person can mend it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: a sentence, where it is, and the next move."""

    message: str
    step: str = ""
    field: str = ""
    hint: str = ""
    line: int | None = None
    column: int | None = None
    severity: Literal["error", "warning"] = "error"

    def __str__(self) -> str:
        where = f"line {self.line}, column {self.column}: " if self.line else ""
        return f"{where}{self.message}" + (f" {self.hint}" if self.hint else "")
