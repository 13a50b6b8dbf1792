"""What turns up while a file is read: problems that keep it from being a flow, and notes about what was put right."""

from __future__ import annotations

from dataclasses import dataclass, field

from flows.problems import Problem
from flows.text.strict_yaml import Document

Loc = tuple[int | str, ...]


@dataclass
class Findings:
    """Problems and notes, each with its place in the document."""

    document: Document
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)

    def wrong(self, loc: Loc, message: str, hint: str = "") -> None:
        """Something that keeps the file from being a flow."""
        step, rest = whereabouts(loc)
        line, column = self.document.place(loc) or (None, None)
        self.problems.append(Problem(message, step, ".".join(map(str, rest)), hint, line, column))

    def note(self, loc: Loc, message: str) -> None:
        """Something that was put right or left aside; the flow is whole."""
        step, rest = whereabouts(loc)
        line, column = self.document.place(loc) or (None, None)
        self.notes.append(Problem(message, step, ".".join(map(str, rest)), "", line, column, "warning"))


def whereabouts(loc: Loc) -> tuple[str, Loc]:
    """The path of the step that a place in the file belongs to, and what is left of the place inside it."""
    names: list[str] = []
    while len(loc) >= 2 and loc[0] == "steps":
        names.append(str(loc[1]))
        loc = loc[2:]
        if not loc or loc[0] != "body":
            break
        loc = loc[1:] if len(loc) > 1 else loc
    return "/".join(names), loc
