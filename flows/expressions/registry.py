"""The filters and tests that expressions may use: a function each, described by its docstring."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, TypeVar

from flows.expressions.errors import ExpressionError

Work = TypeVar("Work", bound=Callable[..., Any])


class Tool(NamedTuple):
    """A filter or a test: what it does and how it is written."""

    work: Callable[..., Any]
    signature: inspect.Signature
    usage: str


FILTERS: dict[str, str] = {}
"""Every filter with one sentence about it."""

TESTS: dict[str, str] = {}
"""Every test (what may follow `is`) with one sentence about it."""

_filters: dict[str, Tool] = {}
_tests: dict[str, Tool] = {}


def offered(*aliases: str) -> Callable[[Work], Work]:
    """Offer a function `(room, value, …)` as a filter under its own name, and under other names too."""
    return lambda work: _entered(work, aliases, _filters, FILTERS)


def asked(*aliases: str) -> Callable[[Work], Work]:
    """Offer a function `(room, value, …) -> bool` as a test."""
    return lambda work: _entered(work, aliases, _tests, TESTS)


def _entered(work: Work, aliases: Iterable[str], tools: dict[str, Tool], sentences: dict[str, str]) -> Work:
    signature = inspect.signature(work)
    parameters = list(signature.parameters.values())[2:]
    for name in (work.__name__.rstrip("_"), *aliases):
        written = ", ".join(_written(each) for each in parameters)
        tools[name] = Tool(work, signature, f"{name}({written})" if written else name)
        sentences[name] = inspect.cleandoc(work.__doc__ or "")
    return work


def _written(parameter: inspect.Parameter) -> str:
    if parameter.kind is parameter.VAR_POSITIONAL:
        return "…"
    if parameter.default is parameter.empty or isinstance(parameter.default, Absent):
        return parameter.name
    value = parameter.default
    shown = {None: "none", True: "true", False: "false"}.get(value) if value is None or value in (True, False) else None
    return f"{parameter.name}={shown or (repr(value) if not isinstance(value, str) else chr(34) + value + chr(34))}"


class Absent:
    """What a setting of a filter is when it was not given and `none` would mean something."""


ABSENT = Absent()


def filter_named(name: str, given: int, named: Iterable[str]) -> Callable[..., Any]:
    """The filter of that name, if it can be used with so many values and these named ones."""
    return _fitting("filter", _filters, name, given, named)


def condition_named(name: str, given: int, named: Iterable[str]) -> Callable[..., Any]:
    """The test of that name, if it can be used with so many values and these named ones."""
    return _fitting("test", _tests, name, given, named)


def _fitting(what: str, tools: Mapping[str, Tool], name: str, given: int, named: Iterable[str]) -> Callable[..., Any]:
    tool = tools.get(name)
    if tool is None:
        close = difflib.get_close_matches(name[:64], tools, n=1)
        hint = f" Did you mean `{close[0]}`?" if close else ""
        raise ExpressionError(f"There is no {what} `{name[:60]}`.{hint}", name=name)
    try:
        tool.signature.bind(None, None, *[None] * given, **dict.fromkeys(named))
    except TypeError:
        raise ExpressionError(f"The {what} `{name}` is written `{tool.usage}`.") from None
    return tool.work
