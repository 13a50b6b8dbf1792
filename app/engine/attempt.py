"""Run one step that takes time or touches the world: doubt, retries, the time limit, and what a failure means."""

from __future__ import annotations

import asyncio
import inspect
import random
import time
from collections.abc import Mapping
from contextlib import suppress
from time import perf_counter
from typing import Any

import orjson
from pydantic import JsonValue as Json

from app.engine.context import StepContext
from app.engine.events import Failed, Finished, Kept, Pictured, Retried, Started, Unwritten, finished
from app.engine.limits import in_thread
from app.engine.outcomes import Broke, Done, Outcome
from app.engine.past import AGAIN, DOUBT, HAPPENED, STOP
from app.engine.plan import Planned
from app.engine.shared import AT_ONCE, Shared
from app.engine.turn import Turn
from app.engine.writing import as_json, canonical, in_words
from app.failpoint import failpoint
from nodes.context import Question
from nodes.node import Node
from nodes.values import Effect, Need, NodeError, StopRun, Touches

SHOWN = 4000
"""Characters of a setting or input that are kept beside a step's start."""

LONGEST_PAUSE = 86_400.0
"""Seconds between two tries, however often they have doubled."""

FAILED_ON = "failed, and the flow went on without it."


class Undecided(StopRun):
    """The run stops because a person could not say whether a step happened; the step stays in doubt."""


async def attempt(shared: Shared, ctx: StepContext, inputs: Mapping[str, Any]) -> Outcome:
    """How the step ended. Its start is on disk before it may touch the world, its end before anything follows."""
    planned = ctx.planned
    lasting = planned.node.spec.effect in (Effect.WRITE, Effect.SPEND)
    if ctx.step in shared.doubt and (settled := await _settle_doubt(shared, ctx)) is not None:
        return settled
    began = perf_counter()
    for number in range(1, planned.step.retry.times + 2):
        ctx.begin()
        try:
            node = _filled(ctx)
        except NodeError as error:
            shared.tell(Started, ctx.step, attempt=number)
            outcome = fail(shared, ctx, error, began)
            break
        shared.tell(Started, ctx.step, attempt=number, given=shown({**node.model_dump(mode="python"), **inputs}))
        if lasting:
            await shared.journal.flush()
            failpoint("node.claimed")
            _begin(shared, ctx)
        try:
            outputs, body = await _once(shared, ctx, node, inputs)
        except Exception as raised:
            failure = _in_words(shared, ctx, raised)
            if failure is None:
                raise
            ctx.end()
            shared.doubt.discard(ctx.step)
            if number > planned.step.retry.times or not failure.retryable:
                outcome = fail(shared, ctx, failure, began)
                break
            await _pause(shared, ctx, failure, number)
        else:
            ctx.end()
            shared.doubt.discard(ctx.step)
            if Need.BROWSER in planned.node.spec.needs and (sealed := await shared.world.rest(ctx)):
                shared.tell(Kept, ctx.step, sealed=sealed)
            shared.append(finished(ctx.step, body, (perf_counter() - began) * 1000))
            outcome = Done(outputs)
            break
    if lasting:
        await shared.journal.flush()
        failpoint("node.committed")
    return outcome


def _filled(ctx: StepContext) -> Node:
    assert ctx.planned.settings is not None
    return ctx.planned.settings.node(ctx.names)


def _begin(shared: Shared, ctx: StepContext) -> None:
    """From here on it may happen: whoever finds the step cut off has to ask."""
    if ctx.planned.node.spec.effect is Effect.WRITE:
        shared.doubt.add(ctx.step)
        shared.starts[ctx.step] = shared.starts.get(ctx.step, 0) + 1


def _in_words(shared: Shared, ctx: StepContext, raised: Exception) -> NodeError | None:
    """A failure that a person can mend; None for any other exception. For a browser step the world may know better."""
    own = raised if isinstance(raised, NodeError) else None
    if Need.BROWSER not in ctx.planned.node.spec.needs or isinstance(raised, StopRun | Unwritten):
        return own
    known = shared.world.why(ctx, raised)
    if known is None or own is None:
        return known or own
    return NodeError(known.what, hint=known.hint, retryable=known.retryable and own.retryable)


async def picture(shared: Shared, ctx: StepContext) -> None:
    """Keep what its page looked like when a browser step failed."""
    if Need.BROWSER not in ctx.planned.node.spec.needs:
        return
    # It helps a person and decides nothing: whatever goes wrong with it goes no further.
    with suppress(Exception):
        if (seen := await shared.world.seen(ctx)) is not None:
            shared.tell(Pictured, ctx.step, **seen.file.model_dump(), title=seen.title, url=seen.url)


async def _pause(shared: Shared, ctx: StepContext, error: NodeError, number: int) -> None:
    retry = ctx.planned.step.retry
    pause = min(retry.wait * retry.backoff ** (number - 1), LONGEST_PAUSE) * random.uniform(0.8, 1.2)
    shared.tell(Retried, ctx.step, message=in_words(error.what), wait=round(pause, 1))
    await asyncio.sleep(pause)


def shown(given: Mapping[str, Any]) -> dict[str, Json]:
    """What a step was given, short enough to keep beside its start; long values are cut and say so."""
    found: dict[str, Json] = {}
    for name, value in given.items():
        try:
            text = value if isinstance(value, str) else orjson.dumps(value, default=as_json).decode()
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
    repeatable = spec.effect is not Effect.WRITE
    slots = [] if spec.body else [shared.slots[need] for need in sorted(spec.needs) if need in AT_ONCE]
    turn = ctx.turn = Turn(slots, limit)
    try:
        async with turn.taken():
            if Need.CODE in spec.needs:
                await shared.world.code(ctx)
            if not repeatable:
                failpoint("effect.before")
            value = await _call(shared, node, ctx, inputs)
            if not repeatable:
                failpoint("effect.after_before_commit")
    except TimeoutError:
        if not turn.ran_out:
            raise NodeError("Something this step waited for took too long.", retryable=repeatable) from None
        hint = "Raise the limit." if repeatable else "It may have happened all the same: look, then raise the limit."
        raise NodeError(
            f"This step took longer than its limit of {limit:g} s.", hint=hint, retryable=repeatable
        ) from None
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise
        # Not the run was stopped but something inside the step: for the task group it would never have been there.
        what = "Something this step waited for was broken off."
        raise NodeError(what, hint="Run it again.", retryable=repeatable) from None
    finally:
        ctx.turn = None
    return named_outputs(planned, value, shared)


async def _call(shared: Shared, node: Node, ctx: StepContext, inputs: Mapping[str, Any]) -> Any:
    run = node.spec.run
    if inspect.iscoroutinefunction(run):
        return await run(node, ctx, **inputs)
    async with shared.threads:
        value = await in_thread(lambda: run(node, ctx, **inputs), ctx.step)
    return await value if inspect.isawaitable(value) else value


def named_outputs(planned: Planned, value: Any, shared: Shared) -> tuple[dict[str, Any], bytes]:
    """A step's outputs by name, as JSON gives them back, and that JSON. NodeError where they are not JSON."""
    spec = planned.node.spec
    if spec.named:
        if not isinstance(value, dict) or not planned.promised <= value.keys():
            raise TypeError(f"it promises {', '.join(sorted(planned.promised)) or 'outputs by name'} and gave others")
        outputs = value
    else:
        outputs = {"value": value} if spec.outputs else {}
    try:
        given, body = canonical(outputs)
        if shared.masking:
            body = shared.world.mask(body.decode()).encode()
            given = orjson.loads(body)
    except (ValueError, RecursionError) as error:
        raise NodeError(f"What this step gave cannot be passed on: {error}.", retryable=False) from None
    return given, body


def fail(shared: Shared, ctx: StepContext, error: NodeError, began: float, *, defect: bool = False) -> Outcome:
    """Record a failure, and give what it means for the steps that follow."""
    message, hint = shared.masked(in_words(error.what)), shared.masked(in_words(error.hint))
    took = round((perf_counter() - began) * 1000, 3)
    ctx.failed = True
    shared.tell(Failed, ctx.step, message=message, hint=hint, ms=took, defect=defect)
    return failed_as(ctx.planned, message, hint)


def failed_as(planned: Planned, message: str, hint: str) -> Outcome:
    """What a failure means for the steps that follow."""
    match planned.step.on_error:
        case "continue":
            return Done({}, why=FAILED_ON)
        case "port":
            return Done({"error": {"message": message, "hint": hint}}, order=False, why="failed.")
        case _:
            return Broke(message, hint)


async def _settle_doubt(shared: Shared, ctx: StepContext) -> Outcome | None:
    """Ask what became of a step that was started before a crash; None where it is to be done again."""
    name = ctx.planned.name
    question = Question(
        f"Did “{name}” happen?",
        _what_is_known(shared, ctx),
        (HAPPENED, AGAIN, STOP),
    )
    # Every start is asked about once: an answer about one says nothing about the next.
    match (await shared.ask(ctx.step, f"{DOUBT} {shared.starts.get(ctx.step, 0)}", question)).choice:
        case "It happened":
            shared.doubt.discard(ctx.step)
            shared.tell(Finished, ctx.step, outputs={}, ms=0, note="A person said that it happened.")
            await shared.journal.flush()
            return Done({}, why="happened before the interruption, and what it gave is not known.")
        case "Do it again":
            shared.doubt.discard(ctx.step)
            shared.redone[ctx.step] = shared.redone.get(ctx.step, 0) + 1
            return None
        case _:
            raise Undecided(f"Stopped at “{name}”, because it is not known whether it happened.", failed=True)


def _what_is_known(shared: Shared, ctx: StepContext) -> str:
    """What helps a person to find out whether a step happened: when it was started, what it touches, and its key."""
    since = shared.past.since.get(ctx.step)
    when = f" on {time.strftime('%d %B %Y at %H:%M:%S', time.localtime(since))}" if since else ""
    told = f"“{ctx.planned.name}” was started{when} and then interrupted. It is not known whether it happened."
    touches = Touches()
    with suppress(NodeError):
        touches = _filled(ctx).touches()
    if goals := [*touches.hosts, *touches.writes, *touches.recipients]:
        told += f" It works on {', '.join(f'`{goal}`' for goal in goals)}."
    if Need.NETWORK in ctx.planned.node.spec.needs:
        told += f" What it sends carries the key `{ctx.attempt_key}`."
    return f"{told} Look, then choose."
