"""What was worked out for a step is kept for as long as the step lives, so that an edit costs what it changes."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import TypeVar

from flows.model import Step
from nodes.node import Node

T = TypeVar("T")


def once_per_step(work: Callable[[type[Node], Step], T]) -> Callable[[type[Node], Step], T]:
    """The same function, called once for each step. Steps never change, and an edited flow shares all others."""
    known: dict[int, tuple[weakref.ref[Step], type[Node], T]] = {}

    def remembered(node: type[Node], step: Step) -> T:
        key = id(step)
        found = known.get(key)
        if found is not None and found[0]() is step and found[1] is node:
            return found[2]
        made = work(node, step)
        known[key] = (weakref.ref(step, lambda _: known.pop(key, None)), node, made)
        return made

    return remembered
