"""Find in a flow: its names, settings and references, and what the steps of a run gave."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from pydantic import JsonValue as Json

from app.desk.saying import name_of
from flows.expressions import ExpressionError, is_template, parse
from flows.model import Flow, Step, walk
from nodes.catalog import Catalog
from nodes.checks import label_of

Sort = Literal["name", "setting", "reference", "value"]
ORDER: tuple[Sort, ...] = ("name", "setting", "reference", "value")
A_STEP = 30
"""Places in the values of one step that are listed: whoever gets more says more of what is looked for."""
MOST = 400
LEAVES = 200_000
"""Values of one step that are looked at."""
AROUND = 32
"""Letters before what was found that are shown with it."""

_NAME = re.compile(r"[A-Za-z_]\w*")


@dataclass(frozen=True)
class Hit:
    """A place where it was found: `start` and `length` say where in `text`, `field` is the setting it stands in."""

    path: str
    sort: Sort
    place: str
    text: str
    start: int = 0
    length: int = 0
    field: str = ""


@dataclass(frozen=True)
class Found:
    """All places, the names first; `more` where there are more than are listed."""

    hits: tuple[Hit, ...] = ()
    more: bool = False


Values = Mapping[str, Mapping[str, Json]]
"""What each step gave, by its path."""
Say = Callable[[str], str]
"""What a kind of step, or a setting of it, is called where the search is made."""


def search(text: str, flow: Flow, catalog: Catalog, values: Values, say: Say = str) -> Found:
    """Every place where this text stands, in whatever case. Nothing is found for an empty one."""
    wanted = text.strip().casefold()
    if not wanted:
        return Found()
    hits: list[Hit] = []
    more = False
    names = {path.rpartition("/")[2]: step.title or say(name_of(flow, path, catalog)) for path, step in walk(flow)}
    for path, step in walk(flow):
        hits += _in_names(path, step, wanted, catalog, say)
        hits += _in_settings(path, step, wanted, names, catalog, say)
        for count, hit in enumerate(_in_values(path, values.get(path, {}), wanted)):
            if count == A_STEP:
                more = True
                break
            hits.append(hit)
    hits.sort(key=lambda hit: ORDER.index(hit.sort))
    return Found(tuple(hits[:MOST]), more or len(hits) > MOST)


def _in_names(path: str, step: Step, wanted: str, catalog: Catalog, say: Say) -> Iterator[Hit]:
    node = catalog.kinds.get(step.kind)
    kind = node.spec.title if node else step.kind
    own = [("Name", step.title), ("Id", path.rpartition("/")[2]), ("Kind", say(kind))]
    if not step.title:
        own.insert(0, own.pop())
    own.append(("Kind", kind))
    # Once is enough: a step that was never named is called like its kind, and its id says the same.
    found = next((hit for place, text in own if (hit := _hit(path, "name", place, text, wanted))), None)
    if found is not None:
        yield found
    if (note := _hit(path, "name", "Note", step.note, wanted)) is not None:
        yield note


def _in_settings(
    path: str, step: Step, wanted: str, names: Mapping[str, str], catalog: Catalog, say: Say
) -> Iterator[Hit]:
    node = catalog.kinds.get(step.kind)
    for name, value in step.settings.items():
        label = say(label_of(node, name)) if node is not None and name in node.model_fields else name
        referred: dict[str, str] = {}
        for where, text in _texts(value):
            place = f"{label}: {where}" if where else label
            if (hit := _hit(path, "setting", place, text, wanted, name)) is not None:
                yield hit
            elif is_template(text):
                referred |= {id: text for id in _NAME.findall(text) if id in names}
        for id, text in referred.items():
            if wanted in names[id].casefold() and _refers(text, id):
                yield Hit(path, "reference", f"{label} refers to {names[id]}", _one_line(text), field=name)


def _refers(text: str, id: str) -> bool:
    try:
        return id in parse(text).roots
    except ExpressionError:
        return True  # It is not written to its end yet.


def _in_values(path: str, outputs: Mapping[str, Json], wanted: str) -> Iterator[Hit]:
    looked = 0
    for port, value in outputs.items():
        for where, text in _texts(value, port):
            looked += 1
            if looked > LEAVES:
                return
            if (hit := _hit(path, "value", where, text, wanted)) is not None:
                yield hit


def _texts(value: Json, where: str = "") -> Iterator[tuple[str, str]]:
    """Every text and number in a value, and the names in it, each with its place: `rows[0].name`."""
    match value:
        case dict():
            for name, each in value.items():
                yield from _texts(each, f"{where}.{name}" if where else name)
        case list():
            for at, each in enumerate(value):
                yield from _texts(each, f"{where}[{at}]")
        case bool():
            yield where, "true" if value else "false"
        case None:
            return
        case _:
            yield where, str(value)


def _hit(path: str, sort: Sort, place: str, text: str, wanted: str, field: str = "") -> Hit | None:
    at = text.casefold().find(wanted)
    if at < 0:
        return None
    begin = max(0, at - AROUND)
    shown = ("…" if begin else "") + text[begin : at + len(wanted) + 120]
    line = _one_line(shown)
    return Hit(path, sort, place, line, max(0, line.casefold().find(wanted)), len(wanted), field)


def _one_line(text: str) -> str:
    return " ".join(text[:400].split())
