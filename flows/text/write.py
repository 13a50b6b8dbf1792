"""A flow as text that is pleasant to read in a pull request: the same flow always gives the same text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pydantic import JsonValue as Json

from flows.model import Body, Flow, Frame, Input, Limits, Note, Retry, Step
from flows.text.scalars import UNPRINTABLE, plain_value, word

LINE = 100
KEY_LIMIT = 900
"""Characters of a key before YAML wants it written with a question mark."""


def write_flow(flow: Flow) -> str:
    """The flow as the text of a `.flow.yaml` file."""
    lines = [f"format: {flow.format}", f"id: {word(flow.id)}", *_entry("name", flow.name, 0)]
    if flow.description:
        lines += _entry("description", flow.description, 0)
    if flow.inputs:
        lines += ["inputs:", *(line for name, each in flow.inputs.items() for line in _input(name, each))]
    if limits := {name: _whole(each) for name, each in _set_in(flow.limits).items()}:
        lines += _entry("limits", limits, 0)
    if flow.on_failure:
        lines.append(f"on_failure: {word(flow.on_failure)}")
    if flow.resumes_itself:
        lines.append("resumes_itself: true")
    lines += _body(flow, 0)
    if flow.notes:
        lines += ["notes:", *(line for id, note in flow.notes.items() for line in _note(id, note))]
    if flow.frames:
        lines += ["frames:", *(line for id, frame in flow.frames.items() for line in _frame(id, frame))]
    for name, value in flow.extra.items():
        lines += _entry(name, value, 0)
    if flow.layout:
        lines += ["layout:", *(f"{_named(path, 2)} {_place(place)}" for path, place in flow.layout.items())]
    return "\n".join(lines) + "\n"


def _body(body: Body, indent: int) -> Iterator[str]:
    pad = " " * indent
    if body.steps:
        yield f"{pad}steps:"
        for name, step in body.steps.items():
            yield f"{pad}  {word(name)}:"
            yield from _step(step, indent + 4)
    if body.wires:
        yield f"{pad}wires:"
        yield from (f"{pad}  - {wire}" for wire in body.wires)
    if body.result:
        yield from _entry("result", body.result, indent)


def _step(step: Step, indent: int) -> Iterator[str]:
    fresh = Step(kind=step.kind)
    yield from _entry("kind", step.kind, indent)
    for name in ("version", "title", "note", "settings", "on_error", "instead"):
        if (value := getattr(step, name)) != getattr(fresh, name):
            yield from _entry(name, value, indent)
    if step.comments:
        said: dict[str, Json] = {id: each.model_dump(exclude_defaults=True) for id, each in step.comments.items()}
        yield from _entry("comments", said, indent)
    if step.retry != fresh.retry:
        yield f"{' ' * indent}retry: {_inline({name: _whole(each) for name, each in _set_in(step.retry).items()})}"
    if step.timeout is not None:
        yield f"{' ' * indent}timeout: {_number(step.timeout)}"
    for name in ("disabled", "pinned"):
        if (value := getattr(step, name)) != getattr(fresh, name):
            yield from _entry(name, value, indent)
    if step.body is not None:
        inside = list(_body(step.body, indent + 2))
        yield f"{' ' * indent}body:{'' if inside else ' {}'}"
        yield from inside


def _note(id: str, note: Note) -> Iterator[str]:
    yield f"  {word(id)}:"
    yield f"    at: {_place(note.at)}"
    if note.color != Note(at=note.at).color:
        yield from _entry("color", note.color, 4)
    if note.text:
        yield from _entry("text", note.text, 4)


def _frame(id: str, frame: Frame) -> Iterator[str]:
    fields = {
        name: value
        for name in ("title", "color", "collapsed")
        if (value := getattr(frame, name)) != getattr(Frame(), name)
    }
    yield f"  {word(id)}:{'' if fields or frame.steps else ' {}'}"
    for name, value in fields.items():
        yield from _entry(name, value, 4)
    if frame.steps:
        yield f"    steps: {_inline([*frame.steps])}"


def _set_in(value: Retry | Input | Limits) -> dict[str, Json]:
    return value.model_dump(mode="json", exclude_defaults=True)


def _input(name: str, declared: Input) -> Iterator[str]:
    fields: dict[str, Json] = {"type": declared.type, **_set_in(declared)}
    line = f"  {word(name)}: {_inline(fields)}" if _fits_inline(fields) else ""
    if line and len(line) <= LINE:
        yield line
    else:
        yield from _entry(name, fields, 2)


def _fits_inline(fields: Mapping[str, Json]) -> bool:
    entries = [part for value in fields.values() for part in (value if isinstance(value, list) else [value])]
    return not any(isinstance(each, list | dict) or (isinstance(each, str) and "\n" in each) for each in entries)


def _inline(value: Json) -> str:
    match value:
        case dict():
            return f"{{{', '.join(f'{word(key, inline=True)}: {_inline(each)}' for key, each in value.items())}}}"
        case list():
            return f"[{', '.join(map(_inline, value))}]"
        case _:
            return plain_value(value, inline=True)


def _place(place: Sequence[float]) -> str:
    return f"[{', '.join(map(_number, place))}]"


def _number(value: float) -> str:
    return plain_value(_whole(value))


def _whole(value: Json) -> Json:
    """A number of the model, whose type is known: without `.0`, which says nothing there."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _entry(key: str, value: Json, indent: int) -> list[str]:
    """The lines of one key and its value."""
    return _after(_named(key, indent), value, indent)


def _named(key: str, indent: int) -> str:
    """A key and its colon."""
    pad, name = " " * indent, word(key)
    return f"{pad}{name}:" if len(name) <= KEY_LIMIT else f"{pad}? {name}\n{pad}:"


def _after(beginning: str, value: Json, indent: int) -> list[str]:
    """The lines of a value that follows a colon or a dash."""
    match value:
        case dict() if value:
            return [beginning, *(line for name, each in value.items() for line in _entry(name, each, indent + 2))]
        case list() if value:
            return [beginning, *(line for each in value for line in _item(each, indent + 2))]
        case dict():
            return [f"{beginning} {{}}"]
        case list():
            return [f"{beginning} []"]
        case str() if "\n" in value and value.strip("\n") and not UNPRINTABLE.search(value):
            return _block(beginning, value, indent + 2)
        case _:
            return [f"{beginning} {plain_value(value)}"]


def _item(value: Json, indent: int) -> list[str]:
    pad = " " * indent
    if isinstance(value, dict | list) and value:
        entries = value.items() if isinstance(value, dict) else None
        inner = (
            [line for name, each in entries for line in _entry(name, each, indent + 2)]
            if entries is not None
            else [line for each in value for line in _item(each, indent + 2)]
        )
        return [f"{pad}- {inner[0][indent + 2 :]}", *inner[1:]]
    return _after(f"{pad}-", value, indent)


def _block(beginning: str, text: str, indent: int) -> list[str]:
    """Text of several lines, as it is, under a `|` that says how it begins and ends."""
    marker = "2" if text[0] in " \n\t" else ""
    ending = "-" if not text.endswith("\n") else "+" if text.endswith("\n\n") else ""
    lines = text.removesuffix("\n").split("\n")
    return [f"{beginning} |{marker}{ending}", *(" " * indent + line if line else "" for line in lines)]
