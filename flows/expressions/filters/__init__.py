"""Every filter and test: importing this room fills the registry."""

from flows.expressions.filters import conditions, dates, each, lists, numbers, objects, text
from flows.expressions.registry import FILTERS, TESTS

__all__ = ["FILTERS", "TESTS", "conditions", "dates", "each", "lists", "numbers", "objects", "text"]
