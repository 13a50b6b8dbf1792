"""What a kind of step is called: in the window's language and in English, so that either finds it."""

from __future__ import annotations

from app.language import tr
from nodes.node import Spec


def titles(spec: Spec) -> tuple[str, ...]:
    """Its name; where another language is spoken, its English name too."""
    return tuple(dict.fromkeys((tr(spec.title), spec.title)))


def other_words(spec: Spec) -> tuple[str, ...]:
    """What else people call it."""
    if not spec.words:
        return ()
    return tuple(dict.fromkeys((*tr(", ".join(spec.words)).split(", "), *spec.words)))


def about(spec: Spec) -> str:
    """All that is said of it, to look for a word in."""
    said = (spec.category, spec.summary)
    return " ".join(dict.fromkeys((*titles(spec), *map(tr, said), *said, spec.kind, *other_words(spec))))
