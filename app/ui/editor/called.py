"""What a kind of step is called: in the window's language and in English, so that either finds it."""

from __future__ import annotations

from app.language import spoken, tr
from app.ui.called import of_setting
from flows.model import Step
from flows.problems import Problem
from nodes.catalog import Catalog
from nodes.checks import label_of
from nodes.node import Spec


def titles(spec: Spec) -> tuple[str, ...]:
    """Its name; where another language is spoken, its English name too."""
    return tuple(dict.fromkeys((tr(spec.title), spec.title)))


def other_words(spec: Spec) -> tuple[str, ...]:
    """What else people call it."""
    if not spec.words:
        return ()
    return tuple(dict.fromkeys((*tr(", ".join(spec.words)).split(", "), *spec.words)))


def problem_words(problem: Problem, step: Step | None, catalog: Catalog) -> str:
    """What is wrong with a flow; a sentence about a setting begins with what that is called."""
    node = catalog.kinds.get(step.kind) if step is not None else None
    name = problem.field.partition(".")[0]
    if node is None or name not in node.model_fields:
        return spoken(str(problem))
    return of_setting(str(problem), label_of(node, name))


def about(spec: Spec) -> str:
    """All that is said of it, to look for a word in."""
    said = (spec.category, spec.summary)
    return " ".join(dict.fromkeys((*titles(spec), *map(tr, said), *said, spec.kind, *other_words(spec))))
