"""What a step of an earlier flow would say after the renamings that lead to a later one."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pydantic import JsonValue as Json

from flows.expressions import is_template
from flows.model import Step
from flows.naming import HoldsExpressions, rename_in, rename_result

_NAME = re.compile(r"[A-Za-z_]\w*")


def followed(step: Step, renamed: Mapping[str, str], holds: HoldsExpressions) -> Mapping[str, Json]:
    """The settings of a step with every reference to a renamed step made one to its new id."""
    if not renamed:
        return step.settings
    return {name: _in(value, renamed) if holds(step, name) else value for name, value in step.settings.items()}


def followed_result(result: str, renamed: Mapping[str, str]) -> str:
    """The same for a body's `result`, which is an expression without its braces."""
    for old in _named(result, renamed):
        result = rename_result(result, old, renamed[old])
    return result


def _in(value: Json, renamed: Mapping[str, str]) -> Json:
    match value:
        case str():
            if is_template(value):
                for old in _named(value, renamed):
                    value = rename_in(value, old, renamed[old])
            return value
        case list():
            return [_in(each, renamed) for each in value]
        case dict():
            return {name: _in(each, renamed) for name, each in value.items()}
        case _:
            return value


def _named(text: str, renamed: Mapping[str, str]) -> list[str]:
    """The renamed ids that stand in a text: only for these is it worth the reading."""
    return [name for name in dict.fromkeys(_NAME.findall(text)) if name in renamed] if renamed else []
