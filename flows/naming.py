"""Ids of steps: making fresh ones, and rewriting the references when one is renamed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from pydantic import JsonValue as Json

from flows.expressions import ExpressionError, is_template, rename
from flows.model import ID, Body, Flow, Step, walk


def fresh_id(flow: Flow, wish: str) -> str:
    """An id made from a person's words that no step of the flow has: `read_text`, then `read_text_2`."""
    plain = unicodedata.normalize("NFKD", wish).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:50] or "step"
    slug = slug if ID.fullmatch(slug) and slug not in RESERVED else f"step_{slug}"
    return _unlike(slug, {path.rsplit("/", 1)[-1] for path, _ in walk(flow)})


def copied(flow: Flow, name: str, step: Step) -> tuple[str, Step, dict[str, str]]:
    """A copy of a step under a fresh id, with fresh ids inside; and which inner path each old inner path became."""
    taken = {path.rsplit("/", 1)[-1] for path, _ in walk(flow)}
    fresh: dict[str, str] = {}
    for old in (name, *(path.rsplit("/", 1)[-1] for path, _ in walk(step.body or Body()))):
        fresh[old] = _unlike(old, taken)
        taken.add(fresh[old])
    inside = {path: "/".join(fresh[part] for part in path.split("/")) for path, _ in walk(step.body or Body())}
    return fresh[name], _renamed(step, fresh), inside


def _renamed(step: Step, fresh: Mapping[str, str]) -> Step:
    settings = dict(step.settings)
    for old, new in fresh.items():
        settings = {key: rename_in(value, old, new) for key, value in settings.items()}
    if step.body is None:
        return step.model_copy(update={"settings": settings})
    wires = tuple(
        wire.model_copy(update={"source": fresh[wire.source], "target": fresh[wire.target]})
        for wire in step.body.wires
        if wire.source in fresh and wire.target in fresh
    )
    result = step.body.result
    for old, new in fresh.items():
        result = rename_result(result, old, new)
    steps = {fresh[name]: _renamed(inner, fresh) for name, inner in step.body.steps.items()}
    body = step.body.model_copy(update={"steps": steps, "wires": wires, "result": result})
    return step.model_copy(update={"settings": settings, "body": body})


def _unlike(wish: str, taken: set[str]) -> str:
    number, name = 1, wish
    while name in taken:
        number += 1
        name = f"{wish}_{number}"
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
