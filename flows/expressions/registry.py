"""The filters and tests that expressions may use: a function each, described by its docstring."""

from __future__ import annotations

import difflib
import inspect
import json
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any, TypeVar

from flows.expressions.errors import ExpressionError

Work = TypeVar("Work", bound=Callable[..., Any])


FILTERS: dict[str, str] = {}
"""Every filter with one sentence about it."""

TESTS: dict[str, str] = {}
"""Every test (what may follow `is`) with one sentence about it."""

_filters: dict[str, Callable[..., Any]] = {}
_tests: dict[str, Callable[..., Any]] = {}


def offered(*aliases: str) -> Callable[[Work], Work]:
    """Offer a function `(room, value, …)` as a filter under its own name, and under other names too."""
    return lambda work: _entered(work, aliases, _filters, FILTERS)


def asked(*aliases: str) -> Callable[[Work], Work]:
    """Offer a function `(room, value, …) -> bool` as a test."""
    return lambda work: _entered(work, aliases, _tests, TESTS)


def _entered(
    work: Work, aliases: Iterable[str], tools: dict[str, Callable[..., Any]], sentences: dict[str, str]
) -> Work:
    for name in (work.__name__.rstrip("_"), *aliases):
        tools[name] = work
        sentences[name] = (work.__doc__ or "").strip()
    return work


# Not when the function is entered: that would take part of every start.
_signature = lru_cache(maxsize=256)(inspect.signature)


def _usage(name: str, signature: inspect.Signature) -> str:
    written = ", ".join(_written(each) for each in list(signature.parameters.values())[2:])
    return f"{name}({written})" if written else name


def _written(parameter: inspect.Parameter) -> str:
    if parameter.kind is parameter.VAR_POSITIONAL:
        return "…"
    if parameter.default is parameter.empty or isinstance(parameter.default, Absent):
        return parameter.name
    return f"{parameter.name}={json.dumps(parameter.default, ensure_ascii=False).replace('null', 'none')}"


class Absent:
    """What a setting of a filter is when it was not given and `none` would mean something."""


ABSENT = Absent()


def filter_named(name: str, given: int, named: Iterable[str]) -> Callable[..., Any]:
    """The filter of that name, if it can be used with so many values and these named ones."""
    return _fitting("filter", _filters, name, given, named)


def condition_named(name: str, given: int, named: Iterable[str]) -> Callable[..., Any]:
    """The test of that name, if it can be used with so many values and these named ones."""
    return _fitting("test", _tests, name, given, named)


def _fitting(
    what: str, tools: Mapping[str, Callable[..., Any]], name: str, given: int, named: Iterable[str]
) -> Callable[..., Any]:
    tool = tools.get(name)
    if tool is None:
        close = difflib.get_close_matches(name[:64], tools, n=1)
        hint = f" Did you mean `{close[0]}`?" if close else ""
        raise ExpressionError(f"There is no {what} `{name[:60]}`.{hint}", name=name)
    signature = _signature(tool)
    try:
        signature.bind(None, None, *[None] * given, **dict.fromkeys(named))
    except TypeError:
        raise ExpressionError(f"The {what} `{name}` is written `{_usage(name, signature)}`.") from None
    return tool
