"""Ids of steps: making fresh ones, and rewriting the references when one is renamed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from pydantic import JsonValue as Json

from flows.expressions import WORDS, ExpressionError, is_template, rename
from flows.model import ID, Flow, Step, walk

RESERVED = WORDS | {"inputs", "item", "index", "now", "practice"}
"""Names an expression already gives a meaning to; no step may take them."""

HoldsExpressions = Callable[[Step, str], bool]
"""Whether `{{ }}` in this setting of this step is an expression; elsewhere, as in code, it is just text."""


def everywhere(step: Step, setting: str) -> bool:
    """For a flow of unknown nodes: every setting may hold expressions."""
    return True


def fresh_id(flow: Flow, wish: str) -> str:
    """An id made from a person's words that no step of the flow has: `read_text`, then `read_text_2`."""
    plain = unicodedata.normalize("NFKD", wish).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:50] or "step"
    slug = slug if ID.fullmatch(slug) and slug not in RESERVED else f"step_{slug}"
    return _unlike(slug, {path.rsplit("/", 1)[-1] for path, _ in walk(flow)})


def _unlike(wish: str, taken: set[str]) -> str:
    number, name = 1, wish
    while name in taken:
        number += 1
        name = f"{wish}_{number}"
    return name


def referring(step: Step, old: str, new: str, holds: HoldsExpressions) -> Step:
    """The step with every reference to `old` in its own settings made one to `new`."""
    settings = {key: rename_in(value, old, new) if holds(step, key) else value for key, value in step.settings.items()}
    return step if settings == step.settings else step.model_copy(update={"settings": settings})


def rename_in(value: Json, old: str, new: str) -> Json:
    """The value with every reference to `old`, at any depth, made one to `new`; broken expressions stay."""
    match value:
        case str() if old in value and is_template(value):
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
