"""Give a name in a text another name, and leave every other character as it was typed."""

from __future__ import annotations

import re

from flows.expressions.errors import ExpressionError
from flows.expressions.references import references
from flows.expressions.syntax import read

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
WORDS = frozenset(
    {"true", "false", "none", "True", "False", "None", "and", "or", "not", "in", "is", "if", "elif", "else", "for",
     "endif", "endfor", "recursive", "range", "loop"}
)  # fmt: skip
"""What the language keeps for itself; none of these can be a name from outside."""


def rename(text: str, old: str, new: str) -> str:
    """The text with `old` made `new` where it is a name from outside: not a key, a loop's own name or a word."""
    if not NAME.fullmatch(new) or new in WORDS:
        raise ExpressionError(f"`{new[:60]}` cannot be a name in an expression.", name=new)
    try:
        uses = [each for each in references(read(text)) if each.path[0] == old]
    except ExpressionError as error:
        raise error.within(text) from None
    except RecursionError:
        raise ExpressionError("This expression is nested too deeply. Split it into two steps.") from None
    for use in uses:
        if new in use.hidden:
            clash = ExpressionError(f"`{new}` is already the name of an entry in a `for` here.", use.position, new)
            raise clash.within(text)
    for use in reversed(uses):
        text = text[: use.position] + new + text[use.position + len(old) :]
    return text
