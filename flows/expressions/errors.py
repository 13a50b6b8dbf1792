"""The one error of the expression language, and the quieter one that `default(…)` may still catch."""

from __future__ import annotations

import re
from collections.abc import Callable

LINE_END = re.compile(r"\r\n|\r|\n")


class ExpressionError(ValueError):
    """Why an expression cannot be used: a full sentence, the place in the text, and the unknown name if it is one."""

    def __init__(self, message: str, position: int | None = None, name: str | None = None) -> None:
        super().__init__(message)
        self.position = position
        self.name = name
        self.line: int | None = None
        self.column: int | None = None

    def at(self, position: int) -> ExpressionError:
        """The same error, at this position unless it already knows a closer one."""
        if self.position is None:
            self.position = position
        return self

    def within(self, text: str) -> ExpressionError:
        """The same error with line and column, counted from 1 in the text it comes from."""
        if self.position is not None:
            before = LINE_END.split(text[: self.position])
            self.line, self.column = len(before), len(before[-1]) + 1
        return self


class Missing(Exception):
    """A name, key or entry is not there. Its sentence is made only when nothing catches it: `default(…)` is common."""

    def __init__(self, sentence: Callable[[], str], name: str | None, position: int | None = None) -> None:
        super().__init__()
        self.sentence = sentence
        self.name = name
        self.position = position

    def explained(self) -> ExpressionError:
        """The error that a person sees."""
        return ExpressionError(self.sentence(), self.position, self.name)
