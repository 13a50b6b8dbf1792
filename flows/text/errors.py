"""Why a file is not a flow."""

from __future__ import annotations

from collections.abc import Sequence

from flows.problems import Problem


class FlowFileError(ValueError):
    """A file that cannot be read as a flow: everything that is wrong with it, each with its place."""

    def __init__(self, problems: Sequence[Problem], file_name: str = "") -> None:
        self.problems = tuple(problems)
        self.file_name = file_name
        more = len(self.problems) - 1
        rest = f" And {more} more." if more > 0 else ""
        super().__init__(f"{file_name + ', ' if file_name else ''}{self.problems[0]}{rest}")


def refusal(message: str, hint: str = "", place: tuple[int, int] | None = None) -> FlowFileError:
    """The error for one thing that is wrong with the file as a whole."""
    line, column = place or (None, None)
    return FlowFileError([Problem(message, hint=hint, line=line, column=column)])
