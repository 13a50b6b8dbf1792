"""Steps and settings as the window calls them: by the name that a person gave, else by that of their node."""

from __future__ import annotations

from app.language import spoken, tr
from flows.diff import Difference
from flows.diff_words import Words
from flows.model import Flow, Step, step_at
from flows.pairing import id_of
from nodes.catalog import Catalog
from nodes.checks import label_of


def title_of(step: Step, catalog: Catalog, otherwise: str = "") -> str:
    """What a step is called."""
    node = catalog.kinds.get(step.kind)
    return step.title or (tr(node.spec.title) if node is not None else otherwise or step.kind)


def name_of(flow: Flow, path: str, catalog: Catalog) -> str:
    """What the step at a path is called."""
    try:
        return title_of(step_at(flow, path), catalog)
    except KeyError:
        return path.rsplit("/", 1)[-1]


def words_of(difference: Difference, catalog: Catalog) -> Words:
    """Says a difference with the names that steps and settings have in the window."""

    def title(path: str, step: Step) -> str:
        return title_of(step, catalog, id_of(path))

    def label(step: Step, name: str) -> str:
        node = catalog.kinds.get(step.kind)
        return tr(label_of(node, name)) if node is not None else name

    return Words(difference, title, label, spoken)
