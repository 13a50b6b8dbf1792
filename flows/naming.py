"""Ids of steps: making fresh ones, and rewriting the references when one is renamed."""

from __future__ import annotations

import re
import unicodedata

from pydantic import JsonValue as Json

from flows.expressions import ExpressionError, is_template, rename
from flows.model import ID, Flow, walk


def fresh_id(flow: Flow, wish: str) -> str:
    """An id made from a person's words that no step of the flow has: `read_text`, then `read_text_2`."""
    plain = unicodedata.normalize("NFKD", wish).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:50] or "step"
    slug = slug if ID.fullmatch(slug) and slug not in RESERVED else f"step_{slug}"
    taken = {path.rsplit("/", 1)[-1] for path, _ in walk(flow)}
    number, name = 1, slug
    while name in taken:
        number += 1
        name = f"{slug}_{number}"
    return name


RESERVED = frozenset({"inputs", "item", "index", "now", "practice", "loop", "true", "false", "none", "and", "or", "not",
                      "if", "else", "in", "is", "for"})  # fmt: skip
"""Names an expression already gives a meaning to; no step may take them."""


def rename_in(value: Json, old: str, new: str) -> Json:
    """The value with every reference to `old`, at any depth, made one to `new`; broken expressions stay."""
    match value:
        case str() if is_template(value):
            try:
                return rename(value, old, new)
            except ExpressionError:
                return value
        case list():
            return [rename_in(each, old, new) for each in value]
        case dict():
            return {key: rename_in(each, old, new) for key, each in value.items()}
        case _:
            return value


def rename_result(result: str, old: str, new: str) -> str:
    """The same for a body's `result`, which is an expression without its braces."""
    if not result:
        return result
    inside = rename_in(f"{{{{{result}}}}}", old, new)
    return str(inside)[2:-2]
