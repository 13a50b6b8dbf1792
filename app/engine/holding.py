"""What a step waits for before it begins: a person where a limit is reached, and where the run is to stand still."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson
from pydantic import JsonValue as Json
from pydantic import ValidationError

from app.engine.asking import STOP
from app.engine.budget import BUDGET, MORE
from app.engine.debug import BREAK, CONTINUE, NEXT
from app.engine.fitting import fitted
from app.engine.plan import Planned
from app.engine.writing import as_json
from nodes.checks import say
from nodes.context import Question
from nodes.node import Node
from nodes.ports import Port
from nodes.values import NodeError, StopRun

if TYPE_CHECKING:
    from app.engine.context import StepContext
    from app.engine.shared import Shared

LONGEST = 200_000
"""Characters of a setting or input that a person can edit at a break; what is longer is passed on as it is."""


class Halted(StopRun):
    """A person ends the run where it stands; it ends as stopped."""


def goes_at_once(shared: Shared, planned: Planned) -> bool:
    """Whether a quick step may be played at once, in a run that is watched over; it is counted then."""
    if shared.rehearsing or shared.holding.locked():
        return False
    if shared.debug is not None and shared.debug.why(planned):
        return False
    return shared.budget is None or shared.budget.begins_quickly()


async def may_begin(shared: Shared, ctx: StepContext) -> None:
    """Return once a limit allows another step. While a question about it is open, nothing else begins."""
    budget = shared.budget
    if budget is None:
        return
    if shared.holding.locked() or budget.reached(begins=True) is not None:
        async with _standing(shared, ctx):
            await _enough(shared, begins=True)
    if budget.limited:
        budget.steps += 1


async def may_spend(shared: Shared, ctx: StepContext, call: object, tokens: int, money: float) -> None:
    """Return once a call of at most so much is within the limits, and hold that much back for it."""
    budget = shared.budget
    if budget is None:
        return

    def is_clear() -> bool:
        reached = budget.reached(tokens=tokens, money=money)
        return reached is None or budget.reached(tokens=tokens, money=money, alone=True) is not None

    if not is_clear():
        # Perhaps the calls that go on leave enough.
        async with shared.freed:
            await shared.freed.wait_for(is_clear)
    if budget.reached(tokens=tokens, money=money) is not None:
        async with _standing(shared, ctx):
            # In the middle of a step: put away, the run would have to do its first half again.
            await _enough(shared, stays=True, tokens=tokens, money=money)
            budget.reserve(call, tokens, money)
        return
    budget.reserve(call, tokens, money)


@asynccontextmanager
async def _standing(shared: Shared, ctx: StepContext) -> AsyncIterator[None]:
    """In its turn before what is asked of the whole run; until then and meanwhile the step stands still."""
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(ctx.waiting_for_a_person())
        if shared.budget is not None:
            stack.enter_context(shared.budget.clock.waiting(ctx.step))
        shared.standing.add(ctx.step)
        stack.callback(shared.standing.discard, ctx.step)
        await stack.enter_async_context(shared.holding)
        yield


async def _enough(shared: Shared, *, stays: bool = False, **more: Any) -> None:
    budget, wrong, number = shared.budget, "", 0
    assert budget is not None
    while (reached := budget.reached(**more)) is not None:
        question = reached.question
        if wrong:
            question = replace(question, text=f"{wrong} {question.text}")
        key = f"{budget.key(reached)} again {number}" if number else budget.key(reached)
        answer = await shared.ask("", key, question, BUDGET, stays=stays)
        if answer.choice != MORE:
            raise Halted(reached.ending)
        if wrong := budget.needs_more_than(reached, answer.payload):
            number += 1
            continue
        budget.answered(reached, answer.payload)
        number = 0


async def stands_still(
    shared: Shared, ctx: StepContext, node: Node, inputs: Mapping[str, Any]
) -> tuple[Node, Mapping[str, Any]]:
    """The settings and inputs with which the step goes on, as a person left them where the run is to stand still."""
    debug = shared.debug
    if debug is None or (not debug.why(ctx.planned) and not shared.holding.locked()):
        return node, inputs
    async with _standing(shared, ctx):
        # Meanwhile another answer may have let the run go.
        if not (why := debug.why(ctx.planned)):
            return node, inputs
        seen = _seen(shared, node, inputs)
        number, wrong = 1, ""
        while True:
            key = BREAK if number == 1 else f"{BREAK} {number}"
            question = Question(
                f"Stopped before “{ctx.planned.name}”",
                f"{wrong} Nothing was changed." if wrong else f"{why} You may change what it is given.",
                (CONTINUE, NEXT, STOP),
                payload=seen,
                editable=True,
            )
            answer = await shared.ask(ctx.step, key, question, BREAK)
            # Played again in this run, the step stands still again.
            shared.asking.answers.pop((ctx.step, key), None)
            if answer.choice == STOP:
                raise Halted(f"Stopped before “{ctx.planned.name}”.")
            try:
                node, inputs = _changed(ctx.planned, node, inputs, seen, answer.payload)
            except NodeError as error:
                wrong, number = f"{error.what} {error.hint}".strip(), number + 1
                continue
            debug.set(stepping=answer.choice == NEXT)
            return node, inputs


def _seen(shared: Shared, node: Node, inputs: Mapping[str, Any]) -> dict[str, Json]:
    """What a person sees at a break: masked, and without what is too long to be edited."""
    given = {"settings": node.model_dump(mode="json"), "inputs": dict(inputs)}
    text = orjson.dumps(given, default=as_json).decode()
    seen: dict[str, dict[str, Json]] = orjson.loads(shared.masked(text))
    return {
        part: {
            name: value if len(orjson.dumps(value)) <= LONGEST else f"(too long to be edited: {len(str(value)):,})"
            for name, value in values.items()
        }
        for part, values in seen.items()
    }


def _changed(
    planned: Planned, node: Node, inputs: Mapping[str, Any], seen: Mapping[str, Any], left: Json
) -> tuple[Node, Mapping[str, Any]]:
    """The node and inputs with what was edited. NodeError in words where it does not fit; what was left is kept."""
    if left is None:
        return node, inputs
    if not isinstance(left, dict) or not all(isinstance(left.get(part, {}), dict) for part in seen):
        raise NodeError("What was edited has to be a record with `settings` and `inputs`.")
    edits = {part: _edits(seen[part], left.get(part, {})) for part in seen}
    if edits["settings"]:
        try:
            node = type(node).model_validate({**node.model_dump(mode="python"), **edits["settings"]})
        except ValidationError as error:
            raise NodeError(say(error.errors(include_url=False)[0], type(node))) from None
    if edits["inputs"]:
        ports = {value.port.name: value.port for value in planned.values}
        if unknown := sorted(edits["inputs"].keys() - ports.keys()):
            raise NodeError(f"Nothing is connected to `{unknown[0]}`.")
        inputs = {**inputs, **{name: _taken(ports[name], value) for name, value in edits["inputs"].items()}}
    return node, inputs


def _taken(port: Port, value: Json) -> Any:
    if port.many and isinstance(value, list):
        return [fitted(port, each) for each in value]
    return fitted(port, value)


def _edits(seen: Mapping[str, Json], left: Any) -> dict[str, Json]:
    return {name: value for name, value in left.items() if name not in seen or seen[name] != value}
