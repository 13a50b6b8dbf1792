"""Steps, wires and kinds of step as the canvas draws them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from pydantic import JsonValue as Json

from app.engine.checks import roots_in, templates_of
from app.engine.ports import ports_of
from app.engine.remember import once_per_step
from app.language import current, tr
from app.language.choosing import SOURCE
from app.ui.called import choice_label
from app.ui.canvas import colour_of
from app.ui.editor.called import other_words
from app.ui.forms.kinds import settings_of
from flows.model import Place, Step, Wire
from nodes.catalog import Catalog
from nodes.node import Node
from nodes.ports import KINDS, WORDS, Port

Drawn = dict[str, Any]
"""A step or a wire as JSON for the canvas."""

STEP_SIZE = (220.0, 72.0)
FAILURE: Drawn = {"name": "error", "label": "error", "type": "record", "failure": True}
CONTAINER_SIZE = (420.0, 220.0)
SUMMARY_LENGTH = 80


def catalogue(catalog: Catalog) -> Drawn:
    """Every kind of step as the canvas and the palette show it."""
    return {kind: _kind(node) for kind, node in catalog.kinds.items()}


def accepts() -> dict[str, list[str]]:
    """Which outputs each kind of input takes."""
    return {target: list(sources) for target, sources in KINDS.items()}


def words() -> dict[str, str]:
    """How each kind of value is called in a sentence that refuses a wire."""
    return {kind: tr(text) for kind, text in WORDS.items()}


def wire_of(id: str) -> tuple[str, Wire]:
    """The container's path and the wire that a wire's id on the canvas means."""
    parent, _, text = id.rpartition(":")
    return parent, Wire.parse(text)


def summary(node: type[Node], step: Step) -> str:
    """One line of what a step will do, from its node's sentence and its settings."""
    return sentence_of(node, step)[0]


def sentence_of(node: type[Node], step: Step) -> tuple[str, list[tuple[int, int]]]:
    """That line, and which stretches of it come from the settings."""
    return _sentences(current())(node, step)


@cache
def _sentences(language: str) -> Callable[[type[Node], Step], tuple[str, list[tuple[int, int]]]]:
    """Says it in this language, once for each step."""
    return once_per_step(_sentence)


def _sentence(node: type[Node], step: Step) -> tuple[str, list[tuple[int, int]]]:
    fields, sentence, chosen = node.model_fields, tr(node.spec.sentence), _choices(node)

    def value(match: re.Match[str]) -> str:
        name = match[1]
        given = step.settings.get(name, fields[name].default if name in fields else "")
        if given is None or str(given) == "PydanticUndefined":
            return ""
        return _chosen(str(given)) if name in chosen else _short(given)

    line, own, read = "", [], 0
    for match in re.finditer(r"\{(\w+)\}", sentence):
        line = f"{line}{sentence[read : match.start()]}".lstrip()
        said, read = value(match), match.end()
        own.append((len(line), len(line) + len(said)))
        line += said
    line = f"{line}{sentence[read:]}".rstrip()
    if current() != SOURCE and own[:1] == [(0, 0)]:
        line = f"{line.lstrip()[:1].upper()}{line.lstrip()[1:]}"  # It begins with a setting that is not set.
    if len(line) > SUMMARY_LENGTH:
        line = f"{line[: SUMMARY_LENGTH - 1]}…"
    if not re.search(r"[^\W\d_]", re.sub(r"\{\w+\}", "", sentence)):
        return line, []  # All of it comes from the settings: nothing has to be told apart.
    shown = [(start, min(end, len(line))) for start, end in own if end > start and start < len(line)]
    return line, shown


@cache
def _choices(node: type[Node]) -> frozenset[str]:
    """The settings for which one of several words is chosen."""
    return frozenset(each.name for each in settings_of(node) if each.choices)


def _chosen(choice: str) -> str:
    """The word that was chosen, in a sentence."""
    if current() == SOURCE or choice.isupper() or "{{" in choice:
        return choice
    said = choice_label(choice)
    return f"{said[:1].lower()}{said[1:]}"


def _short(value: Json) -> str:
    if isinstance(value, list):
        return ", ".join(_short(each) for each in value)
    if isinstance(value, dict):
        return str(value["name"]) if isinstance(value.get("name"), str) else ", ".join(value)
    text = value if isinstance(value, str) else str(value)
    line = text.strip().split("\n", 1)[0]
    if target := re.fullmatch(r'get_by_\w+\((?:"[^"]*", name=)?["\'](.*?)["\'](?:, exact=True)?\)', line):
        return target[1]
    return line


def _kind(node: type[Node]) -> Drawn:
    spec = node.spec
    return {
        "title": tr(spec.title),
        "category": tr(spec.category),
        "color": colour_of(spec.kind),
        "icon": spec.icon,
        "summary": tr(spec.summary),
        "words": list(other_words(spec)),
        "inputs": [_port(port) for port in spec.inputs],
        "outputs": [_port(port) for port in spec.outputs],
        "body": spec.body,
    }


def _port(port: Port) -> Drawn:
    label = port.title or _label(port.label)
    drawn: Drawn = {"name": port.name, "label": label, "type": port.kind, "required": port.required}
    return {**drawn, "many": True} if port.many else drawn


def _label(name: str) -> str:
    """A port as people read it. German writes nouns with a capital, and names that are not known stay as they are."""
    heading = name.capitalize()
    said = tr(heading)
    return name if said == heading else said


def step_drawn(path: str, step: Step, place: Place | None, catalog: Catalog, problems: Sequence[str]) -> Drawn:
    """One step."""
    node = catalog.kinds.get(step.kind)
    at = place or (0.0, 0.0)
    container = step.body is not None
    width, height = at[2:] if len(at) == 4 else CONTAINER_SIZE if container else STEP_SIZE
    said, own_words = sentence_of(node, step) if node else (tr("This node is not installed here."), [])
    own = {} if node is None or not node.spec.varies else _own_ports(current())(node, step)
    gives_error = node is not None and ports_of(node, step).giving(FAILURE["name"]) is not None
    failure = [{**FAILURE, "label": _label(FAILURE["name"])}] if step.on_error == "port" and not gives_error else []
    return {
        **own,
        "path": path,
        "kind": step.kind,
        "title": step.title or (tr(node.spec.title) if node else step.kind),
        "summary": said,
        "emphasis": own_words,
        "x": at[0],
        "y": at[1],
        "w": width if container else None,
        "h": height if container else None,
        "parent": path.rpartition("/")[0] or None,
        "disabled": step.disabled,
        "pinned": step.pinned is not None,
        "note": step.note,
        "comments": sum(not comment.resolved for comment in step.comments.values()),
        "problems": problems,
        "missing": node is None,
        "more_outputs": failure,
    }


@cache
def _own_ports(language: str) -> Callable[[type[Node], Step], Drawn]:
    """Draws the ports of a step whose settings decide which it has."""

    @once_per_step
    def drawn(node: type[Node], step: Step) -> Drawn:
        inputs, outputs = ports_of(node, step)
        return {"inputs": [_port(port) for port in inputs], "outputs": [_port(port) for port in outputs]}

    return drawn


def wire_drawn(parent: str, wire: Wire, source: Step | None, target: Step | None, catalog: Catalog) -> Drawn:
    """One wire inside the container at `parent`; broken where an end of it is not there."""
    return _drawn(parent, wire, faint=False, broken=not _both_ends(wire, source, target, catalog))


def reference_drawn(parent: str, source: str, target: str) -> Drawn:
    """One reference from the setting of a step to another step."""
    return _drawn(parent, Wire(source=source, target=target), faint=True, broken=False)


def id_of(parent: str, wire: Wire) -> str:
    """What a wire is called on the canvas; `wire_of` is the way back."""
    return f"{parent}:{wire}"


def reference_id(parent: str, source: str, target: str) -> str:
    """What a reference is called on the canvas."""
    return f"{parent}:~{source} -> {target}"


def roots_of(step: Step, catalog: Catalog) -> tuple[str, ...]:
    """The names that the settings of a step, and of what is in it, refer to."""
    node = catalog.kinds.get(step.kind)
    own = _roots(node, step) if node else ()
    return own if step.body is None else tuple(sorted({*own, *roots_in(step.body, catalog)}))


@once_per_step
def _roots(node: type[Node], step: Step) -> tuple[str, ...]:
    return tuple(sorted({root for template in templates_of(node, step) for root in template.roots}))


def _both_ends(wire: Wire, source: Step | None, target: Step | None, catalog: Catalog) -> bool:
    if source is None or target is None:
        return False
    giving, taking = catalog.kinds.get(source.kind), catalog.kinds.get(target.kind)
    out = not wire.source_port or giving is None or ports_of(giving, source).giving(wire.source_port) is not None
    failing = wire.source_port == FAILURE["name"] and source.on_error == "port"
    into = not wire.target_port or taking is None or ports_of(taking, target).taking(wire.target_port) is not None
    return (out or failing) and into


def _drawn(parent: str, wire: Wire, *, faint: bool, broken: bool) -> Drawn:
    prefix = f"{parent}/" if parent else ""
    return {
        "source": prefix + wire.source,
        "source_port": wire.source_port,
        "target": prefix + wire.target,
        "target_port": wire.target_port,
        "faint": faint,
        "broken": broken,
    }
