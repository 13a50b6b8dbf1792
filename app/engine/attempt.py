"""Run one step that takes time or touches the world: doubt, retries, the time limit, and what a failure means."""

from __future__ import annotations

import asyncio
import inspect
import random
from collections.abc import Iterable, Mapping
from time import perf_counter
from typing import Any

import orjson
from pydantic import JsonValue as Json

from app.engine.context import StepContext
from app.engine.events import Failed, Finished, Kept, Retried, Started, finished
from app.engine.outcomes import Broke, Done, Outcome
from app.engine.plan import Planned
from app.engine.shared import AT_ONCE, Shared, canonical
from nodes.context import Question
from nodes.node import Node
from nodes.values import Effect, Need, NodeError, StopRun

SHOWN = 4000
"""Characters of a setting or input that are kept beside a step's start."""

HAPPENED, AGAIN, STOP = "It happened", "Do it again", "Stop here"


async def attempt(shared: Shared, ctx: StepContext, inputs: Mapping[str, Any]) -> Outcome:
    """How the step ended. Its start is on disk before it may touch the world, its end before anything follows."""
    planned = ctx.planned
    lasting = planned.node.spec.effect in (Effect.WRITE, Effect.SPEND)
    if ctx.step in shared.past.doubt and (settled := await _settle_doubt(shared, ctx)) is not None:
        return settled
    began = perf_counter()
    for number in range(1, planned.step.retry.times + 2):
        try:
            node = _filled(ctx)
        except NodeError as error:
            shared.tell(Started, ctx.step, attempt=number)
            outcome = fail(shared, ctx, error.what, error.hint, began)
            break
        shared.tell(Started, ctx.step, attempt=number, given=shown({**node.model_dump(mode="json"), **inputs}))
        if lasting:
            await shared.journal.flush()
        try:
            outputs, body = await _once(shared, ctx, node, inputs)
        except NodeError as error:
            if number > planned.step.retry.times or not error.retryable:
                outcome = fail(shared, ctx, error.what, error.hint, began)
                break
            pause = planned.step.retry.wait * planned.step.retry.backoff ** (number - 1) * random.uniform(0.8, 1.2)
            shared.tell(Retried, ctx.step, message=error.what, wait=round(pause, 1))
            await asyncio.sleep(pause)
        else:
            if Need.BROWSER in planned.node.spec.needs and (sealed := await shared.world.rest(ctx)):
                shared.tell(Kept, ctx.step, sealed=sealed)
            shared.append(finished(ctx.step, body, (perf_counter() - began) * 1000))
            outcome = Done(outputs)
            break
    if lasting:
        await shared.journal.flush()
    return outcome


def _filled(ctx: StepContext) -> Node:
    assert ctx.planned.settings is not None
    return ctx.planned.settings.node(ctx.names)


def shown(given: Mapping[str, Any]) -> dict[str, Json]:
    """What a step was given, short enough to keep beside its start; long values are cut and say so."""
    found: dict[str, Json] = {}
    for name, value in given.items():
        try:
            text = value if isinstance(value, str) else orjson.dumps(value).decode()
        except TypeError:
            continue
        found[name] = value if len(text) <= SHOWN else f"{text[:SHOWN]}… ({len(text):,} characters)"
    return found


async def _once(
    shared: Shared, ctx: StepContext, node: Node, inputs: Mapping[str, Any]
) -> tuple[dict[str, Any], bytes]:
    """The outputs of one attempt. NodeError where it fails in a way a person can mend."""
    planned, spec = ctx.planned, ctx.planned.node.spec
    limit = planned.step.timeout
    try:
        async with asyncio.timeout(limit) as clock:
            async with AllOf(shared.slots[need] for need in spec.needs if need in AT_ONCE):
                if Need.CODE in spec.needs:
                    await shared.world.code(ctx)
                value = await _call(node, ctx, inputs)
    except TimeoutError:
        if not clock.expired():
            raise NodeError("Something this step waited for took too long.") from None
        raise NodeError(f"This step took longer than its limit of {limit:g} s.", hint="Raise the limit.") from None
    return named_outputs(planned, value, shared)


async def _call(node: Node, ctx: StepContext, inputs: Mapping[str, Any]) -> Any:
    run = node.spec.run
    if inspect.iscoroutinefunction(run):
        return await run(node, ctx, **inputs)
    return await asyncio.to_thread(run, node, ctx, **inputs)


def named_outputs(planned: Planned, value: Any, shared: Shared) -> tuple[dict[str, Any], bytes]:
    """A step's outputs by name, as JSON gives them back, and that JSON. NodeError where they are not JSON."""
    spec = planned.node.spec
    outputs = value if spec.named else {"value": value} if spec.outputs else {}
    try:
        given, body = canonical(outputs)
        if shared.masking:
            given, body = canonical_masked(body, shared)
    except (TypeError, ValueError, RecursionError) as error:
        raise NodeError(f"What this step gave cannot be passed on: {error}.", retryable=False) from None
    return given, body


def canonical_masked(body: bytes, shared: Shared) -> tuple[dict[str, Any], bytes]:
    """The same outputs with every secret in them masked."""
    masked = shared.world.mask(body.decode()).encode()
    return orjson.loads(masked), masked


def fail(shared: Shared, ctx: StepContext, message: str, hint: str, began: float, *, defect: bool = False) -> Outcome:
    """Record a failure, and give what it means for the steps that follow."""
    took = round((perf_counter() - began) * 1000, 3)
    shared.tell(Failed, ctx.step, message=message, hint=hint, ms=took, defect=defect)
    match ctx.planned.step.on_error:
        case "continue":
            return Done({})
        case "port":
            return Done({"error": {"message": message, "hint": hint}}, order=False)
        case _:
            return Broke(message, hint)


async def _settle_doubt(shared: Shared, ctx: StepContext) -> Outcome | None:
    """Ask what became of a step that was started before a crash; None where it is to be done again."""
    name = ctx.planned.name
    choice = await ctx.ask(
        Question(
            f"Did “{name}” happen?",
            f"“{name}” was started and then interrupted. It is not known whether it happened. Look, then choose.",
            (HAPPENED, AGAIN, STOP),
        )
    )
    match choice:
        case "It happened":
            shared.tell(Finished, ctx.step, outputs={}, ms=0, note="A person said that it happened.")
            await shared.journal.flush()
            return Done({})
        case "Do it again":
            return None
        case _:
            raise StopRun(f"Stopped at “{name}”, because it is not known whether it happened.", failed=True)


class AllOf:
    """Several semaphores, held together."""

    def __init__(self, semaphores: Iterable[asyncio.Semaphore]) -> None:
        self._semaphores = list(semaphores)

    async def __aenter__(self) -> None:
        for semaphore in self._semaphores:
            await semaphore.acquire()

    async def __aexit__(self, *_: object) -> None:
        for semaphore in self._semaphores:
            semaphore.release()
