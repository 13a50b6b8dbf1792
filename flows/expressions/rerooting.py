"""Make what a text refers to something else: `shelf.rows` becomes `inputs.rows`, every other character stays."""

from __future__ import annotations

import re
from collections.abc import Mapping

from flows.expressions.errors import ExpressionError
from flows.expressions.references import references
from flows.expressions.syntax import read

Table = Mapping[tuple[str, str], str]
"""A name and the part of it that is used, '' for the whole name, and what stands there instead."""


def reroot(text: str, table: Table) -> str:
    """The text after it; one that cannot be read stays as it is."""
    roots = {root for root, _ in table}
    try:
        uses = [use for use in references(read(text)) if use.path[0] in roots]
    except (ExpressionError, RecursionError):
        return text
    for use in reversed(uses):
        root = str(use.path[0])
        end = use.position + len(root)
        part = use.path[1] if len(use.path) > 1 else None
        if isinstance(part, str) and (root, part) in table and (found := _part(part).match(text, end)):
            text = text[: use.position] + table[root, part] + text[found.end() :]
        elif (root, "") in table:
            text = text[: use.position] + table[root, ""] + text[end:]
    return text


def _part(name: str) -> re.Pattern[str]:
    written = re.escape(name)
    return re.compile(rf"\s*(?:\.\s*{written}\b|\[\s*(?P<quote>['\"]){written}(?P=quote)\s*\])")
