"""A rehearsal: what would write or cost something is not done; the run says what it would have done, and goes on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from time import perf_counter
from typing import TYPE_CHECKING, Any, Literal, NotRequired, Union, get_args, get_origin, get_type_hints

from pydantic import JsonValue as Json
from typing_extensions import is_typeddict

from app.engine.events import Finished, Rehearsed, Skipped, Started
from app.engine.outcomes import Done, Outcome, Passed
from app.engine.plan import Edge, Planned
from app.engine.showing import shown
from app.engine.writing import canonical
from nodes.context import Answer, Question
from nodes.node import Node
from nodes.ports import kind_of
from nodes.values import Effect, File, Need, NodeError

if TYPE_CHECKING:
    from app.engine.context import StepContext
    from app.engine.shared import Shared

MADE_UP = "made up"
"""Stands for text that nobody knows in a rehearsal."""

NOTE = "Rehearsed: it was not done, and what it gave is made up."
NOT_KNOWN = "Not known"


class HeldBack(NodeError):
    """The gate keeps a step from writing or spending in a rehearsal; what it would have done was told already."""


def only_told(planned: Planned) -> bool:
    """True for a step that a rehearsal does not run: it writes or costs something, or does not say what it does."""
    return planned.node.spec.effect in (Effect.WRITE, Effect.SPEND)


async def rehearse(shared: Shared, ctx: StepContext, node: Node, inputs: Mapping[str, Any]) -> Outcome:
    """Tell what the step would have done, with exactly what, and give made-up outputs of its shape."""
    shared.tell(Started, ctx.step, given=shown({**node.model_dump(mode="python"), **inputs}))
    spec = ctx.planned.node.spec
    given = {**node.model_dump(mode="json"), **inputs}
    shared.tell(Rehearsed, ctx.step, effect=spec.effect.value, what=_would(node), given=shown(given, LONGEST))
    return await gave(shared, ctx, node)


async def gave(shared: Shared, ctx: StepContext, node: Node) -> Outcome:
    """The end of a step that was only rehearsed."""
    began = perf_counter()
    outputs, _ = canonical(await _made_up(ctx, node))
    took = round((perf_counter() - began) * 1000, 3)
    shared.tell(Finished, ctx.step, outputs=outputs, ms=took, note=NOTE)
    doubtful(shared, ctx)
    return Done(outputs)


def doubtful(shared: Shared, ctx: StepContext) -> None:
    """Note that what a step gave, and so what the containers around it give, is not what it would be otherwise."""
    shared.made_up[ctx.step] = f"“{ctx.planned.name}”"
    each = ctx.around
    while each is not None:
        shared.made_up.setdefault(each.step, f"“{ctx.planned.name}”")
        each = each.around


def hold_back(shared: Shared, ctx: StepContext, effect: str, what: str, given: Mapping[str, Any]) -> HeldBack:
    """Note what a step wanted to do that declared nothing of the kind, and give the refusal to raise."""
    shared.tell(Rehearsed, ctx.step, effect=effect, what=what, given=shown(given, LONGEST))
    shared.held.add(ctx.step)
    said = "In a rehearsal nothing is written, sent or bought."
    return HeldBack(said, hint="Run the flow to do it.", retryable=False)


def trace(shared: Shared, ctx: StepContext, sources: Iterable[tuple[str, Edge]]) -> None:
    """Note that a step depends on something that is made up, where it does."""
    found = shared.unsure.get(ctx.around.step) if ctx.around is not None else None
    # A value that is made up says more than a step that was not done.
    for path, edge in sorted(sources, key=lambda each: each[1].kind == "order" and not each[1].ports):
        if found:
            break
        if name := shared.made_up.get(path):
            found = f"{name} would have {'done' if edge.kind == 'order' and not edge.ports else 'given'}"
    if found:
        shared.unsure[ctx.step] = found
        shared.made_up[ctx.step] = found.split(" would have ", 1)[0]


def not_known(shared: Shared, ctx: StepContext) -> Outcome | None:
    """What a failure means of a step that worked with what is made up: nothing is known of it. None for any other."""
    on = shared.unsure.get(ctx.step)
    if on is None and shared.page_held and Need.BROWSER in ctx.planned.node.spec.needs:
        on = "its page would have sent"
    if on is None:
        return None
    shared.tell(Skipped, ctx.step, reason=f"{NOT_KNOWN}: it depends on what {on}.")
    return Passed()


def first_way(ctx: StepContext, question: Question) -> Answer:
    """What a rehearsal takes for the answer of a person, whom it does not ask."""
    choice = question.choices[0] if question.choices else ""
    ctx.log(f"A rehearsal asks nobody: “{question.title}” is taken to be answered with “{choice}”.")
    return Answer(choice, question.payload, "the rehearsal")


LONGEST = 100_000
"""Characters of one setting or input in the report."""


def _would(node: Node) -> str:
    """What a step would have done, in a line: its kind, and its own sentence filled in."""
    spec = node.spec
    values = {name: _short(value) for name, value in node.model_dump(mode="json").items()}
    try:
        line = " ".join(spec.sentence.format_map(values).split())
    except (KeyError, ValueError, IndexError, AttributeError):
        line = ""
    return f"{spec.title}: {line}" if line else spec.title


def _short(value: Json) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= 200 else f"{text[:199]}…"


async def _made_up(ctx: StepContext, node: Node) -> dict[str, Any]:
    spec = node.spec
    if spec.varies:
        # Outputs of its own making: its ports say what they are called.
        ports = ctx.planned.ports.outputs
        return {port.name: await _of_kind(ctx, port.kind) for port in _ways(ports, [p.required for p in ports])}
    returned = get_type_hints(spec.run, include_extras=True).get("return")
    if returned is None or returned is type(None):
        return {}
    if not is_typeddict(returned):
        return {"value": await _invented(ctx, returned, 0)}
    hints = get_type_hints(returned, include_extras=True)
    required = [get_origin(hint) is not NotRequired for hint in hints.values()]
    outputs = {name: await _invented(ctx, hints[name], 0) for name in _ways(list(hints), required)}
    for name, setting in node.model_dump(mode="json").items():
        # Where the person gave a form for the data, it has that form.
        if "data" in outputs and name.endswith("schema"):
            outputs["data"] = of_form(setting) if isinstance(setting, dict) else None
    return outputs


def _ways(names: Any, required: list[bool]) -> list[Any]:
    """All outputs of a step that gives some for certain; of one that goes one of several ways, the first."""
    return list(names) if any(required) else list(names)[:1]


async def _invented(ctx: StepContext, hint: Any, depth: int) -> Any:
    """A value of this type."""
    if depth > 6:
        return None
    origin, inner = get_origin(hint), get_args(hint)
    if hasattr(hint, "__metadata__") or origin is NotRequired:
        return await _invented(ctx, inner[0], depth)
    if origin is Literal:
        return inner[0]
    if origin is Union or type(hint).__name__ == "UnionType":
        return await _invented(ctx, next((each for each in inner if each is not type(None)), type(None)), depth)
    if is_typeddict(hint):
        fields = get_type_hints(hint, include_extras=True)
        return {name: await _invented(ctx, each, depth + 1) for name, each in fields.items()}
    if origin in (list, tuple):
        return [await _invented(ctx, inner[0], depth + 1)] if inner else [MADE_UP]
    return await _of_kind(ctx, "number" if hint in (int, float) else kind_of(hint))


async def _of_kind(ctx: StepContext, kind: str) -> Any:
    if kind == "file":
        made: File = await ctx.save(MADE_UP.encode(), f"{MADE_UP}.txt", "text/plain")
        return made.model_dump(mode="json")
    return {"number": 1, "boolean": True, "list": [MADE_UP], "record": {}}.get(kind, MADE_UP)


def of_form(schema: Mapping[str, Any], depth: int = 0) -> Json:
    """A value that fits the common part of a JSON schema."""
    if options := schema.get("enum") or ([schema["const"]] if "const" in schema else None):
        chosen: Json = options[0]
        return chosen
    kind = schema.get("type")
    kind = kind[0] if isinstance(kind, list) and kind else kind
    if depth > 6:
        return None
    match kind:
        case "object":
            fields = schema.get("properties")
            named = fields if isinstance(fields, dict) else {}
            return {name: of_form(each, depth + 1) for name, each in named.items() if isinstance(each, dict)}
        case "array":
            items = schema.get("items")
            return [of_form(items, depth + 1)] if isinstance(items, dict) else [MADE_UP]
        case "integer" | "number":
            least = schema.get("minimum")
            return least if isinstance(least, int | float) else 1
        case "boolean":
            return True
        case "null":
            return None
        case _:
            return MADE_UP
