"""From what a file says to what the model of a flow takes: wires read, names and places put right, limits held."""

from __future__ import annotations

import math
import re
import uuid
from typing import Any

from pydantic import JsonValue as Json

from flows.model import FORMAT, Flow, Wire
from flows.naming import RESERVED
from flows.text.errors import refusal
from flows.text.findings import Findings, Loc
from flows.text.foreign import made_by

STEPS_LIMIT = 2_000
WIRES_LIMIT = 5_000
NAME_LIMIT = 200
FURTHEST = 1_000_000.0
OURS = frozenset(Flow.model_fields) - {"extra"}


def shaped(findings: Findings) -> dict[str, Any]:
    """The fields of a flow as its model takes them. What is wrong or was put right is among the findings."""
    top = _top(findings)
    _check_format(top, findings)
    fields = {name: value for name, value in top.items() if name in OURS}
    extra = {name: value for name, value in top.items() if name not in OURS}
    for name in extra:
        findings.note((name,), f"Weft does not know `{name[:60]}`. It is kept and not used.")
    fields |= {"format": FORMAT, "id": _id(fields, findings), "name": _name(fields, findings), "extra": extra}
    fields = _body(fields, (), findings)
    if "layout" in fields:
        fields["layout"] = _layout(fields["layout"], findings)
    _check_size(fields, findings)
    return fields


def _top(findings: Findings) -> dict[str, Json]:
    value = findings.document.value
    if tool := made_by(value):
        raise refusal(f"This is a file of {tool}, which Weft cannot read.", "Draw the flow anew from its parts.")
    if not isinstance(value, dict) or not value.keys() & {"format", "steps", "wires", "name"}:
        raise refusal("This is not a flow file.", "A flow file begins with `format: 1` and has a name and steps.")
    return value


def _check_format(top: dict[str, Json], findings: Findings) -> None:
    given = top.get("format", FORMAT)
    place = findings.document.place(("format",))
    if isinstance(given, bool) or not isinstance(given, int) or given < 1:
        raise refusal("The format of this file is not a whole number from 1 up.", f"Write `format: {FORMAT}`.", place)
    if given > FORMAT:
        raise refusal(
            f"This flow was made with a newer Weft: its format is {given}, and this one reads up to {FORMAT}.",
            "Update Weft; the file was left as it is.",
            place,
        )


def _id(fields: dict[str, Any], findings: Findings) -> str:
    given = fields.get("id")
    if isinstance(given, str) and re.fullmatch(r"[A-Za-z0-9_-]{1,64}", given):
        return given
    if given is not None:
        findings.note(("id",), "The id of this flow cannot be used, so it has a new one.")
    # From the content: the same file is the same flow whenever it is read.
    return str(uuid.uuid5(uuid.NAMESPACE_URL, repr(findings.document.value)))


def _name(fields: dict[str, Any], findings: Findings) -> Json:
    given = fields.get("name", "Untitled flow")
    return _one_line(given, ("name",), findings) or "Untitled flow" if isinstance(given, str) else given


def _one_line(given: str, loc: Loc, findings: Findings) -> str:
    plain = re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+", " ", given).strip()[:NAME_LIMIT]
    if plain != given:
        findings.note(loc, f"This was longer than one line of {NAME_LIMIT} characters and has been cut.")
    return plain


def _body(body: dict[str, Any], loc: Loc, findings: Findings) -> dict[str, Any]:
    """The body with its wires read and its steps looked at, at every depth."""
    if "wires" in body:
        body = {**body, "wires": _wires(body["wires"], (*loc, "wires"), findings)}
    steps = body.get("steps")
    if not isinstance(steps, dict):
        return body
    return {**body, "steps": {name: _step(name, each, (*loc, "steps", name), findings) for name, each in steps.items()}}


def _step(name: str, step: Json, loc: Loc, findings: Findings) -> Json:
    if name in RESERVED:
        findings.wrong(loc, f"`{name}` has a meaning of its own in expressions.", "Give this step another name.")
    if not isinstance(step, dict):
        return step
    changed: dict[str, Json] = {}
    if isinstance(title := step.get("title"), str):
        changed["title"] = _one_line(title, (*loc, "title"), findings)
    if isinstance(body := step.get("body"), dict):
        changed["body"] = _body(body, (*loc, "body"), findings)
    return {**step, **changed}


def _wires(wires: Json, loc: Loc, findings: Findings) -> Json:
    if not isinstance(wires, list):
        return wires
    read: list[Json] = []
    seen: set[Wire] = set()
    for index, text in enumerate(wires):
        try:
            wire = Wire.parse(text if isinstance(text, str) else repr(text))
        except ValueError as error:
            findings.wrong((*loc, index), str(error))
            continue
        if wire in seen:
            findings.wrong((*loc, index), f"The wire `{wire}` is here twice.", "Remove one.")
        seen.add(wire)
        read.append(wire.model_dump(mode="json"))
    return read


def _layout(layout: Json, findings: Findings) -> Json:
    if not isinstance(layout, dict):
        findings.note(("layout",), "The layout is not a list of places, so it was left out. Use Tidy up.")
        return {}
    kept: dict[str, Json] = {}
    for path, place in layout.items():
        if not isinstance(place, list) or len(place) not in (2, 4) or not all(map(_is_number, place)):
            findings.note(("layout", path), f"The place of `{path[:60]}` is not two or four numbers. Use Tidy up.")
            continue
        kept[path] = [min(max(each, -FURTHEST), FURTHEST) for each in place]  # type: ignore[type-var]  # all numbers
        if kept[path] != place:
            findings.note(("layout", path), f"The place of `{path[:60]}` was too far away and was brought nearer.")
    return kept


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and not math.isnan(value)


def _check_size(fields: dict[str, Any], findings: Findings) -> None:
    steps, wires = _counted(fields)
    if steps > STEPS_LIMIT:
        findings.wrong(("steps",), f"This flow has {steps:,} steps; {STEPS_LIMIT:,} is the most.")
    if wires > WIRES_LIMIT:
        findings.wrong(("wires",), f"This flow has {wires:,} wires; {WIRES_LIMIT:,} is the most.")


def _counted(body: Any) -> tuple[int, int]:
    """How many steps and wires there are, at every depth."""
    if not isinstance(body, dict):
        return 0, 0
    steps, wires = body.get("steps"), body.get("wires")
    here = len(steps) if isinstance(steps, dict) else 0, len(wires) if isinstance(wires, list) else 0
    inside = steps.values() if isinstance(steps, dict) else ()
    inner = [_counted(step.get("body")) for step in inside if isinstance(step, dict)]
    return here[0] + sum(each[0] for each in inner), here[1] + sum(each[1] for each in inner)
