"""`{{ fetch.rows[0].price * 2 }}` in a setting: Jinja's syntax, and nothing of Python behind it."""

from collections.abc import Mapping
from types import MappingProxyType

from flows.expressions.errors import ExpressionError
from flows.expressions.filters import FILTERS as _FILTERS
from flows.expressions.filters import TESTS as _TESTS
from flows.expressions.renaming import WORDS, rename
from flows.expressions.template import Template, is_template, parse

FILTERS: Mapping[str, str] = MappingProxyType(_FILTERS)
"""Every filter with one sentence about it."""

TESTS: Mapping[str, str] = MappingProxyType(_TESTS)
"""Every test, which is what may follow `is`, with one sentence about it."""

__all__ = ["FILTERS", "TESTS", "WORDS", "ExpressionError", "Template", "is_template", "parse", "rename"]
