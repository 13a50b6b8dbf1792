"""Run one step that takes time or touches the world: doubt, retries, the time limit, and what a failure means."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Mapping
from contextlib import suppress
from time import perf_counter
from typing import Any

import orjson

from app.engine.asking import STOP
from app.engine.context import StepContext
from app.engine.events import Failed, Finished, Kept, Pictured, Retried, Started, Unwritten, finished
from app.engine.holding import may_begin, stands_still
from app.engine.limits import in_thread
from app.engine.outcomes import Broke, Done, Outcome
from app.engine.past import AGAIN, DOUBT, HAPPENED
from app.engine.plan import Planned
from app.engine.rehearsal import doubtful, gave, not_known, only_told, rehearse
from app.engine.retries import Waits
from app.engine.shared import AT_ONCE, Shared
from app.engine.showing import shown
from app.engine.turn import Turn
from app.engine.writing import canonical, in_words
from app.failpoint import failpoint
from nodes.context import Question
from nodes.node import Node
from nodes.values import Effect, Need, NodeError, StopRun, Touches

FAILED_ON = "failed, and the flow went on without it."
WENT_ON_WITH = "The flow went on with the value that is given for this case."

LIMITS = {Need.MODEL: 900.0}
LIMIT = 600.0
"""Seconds that a step which uses the outside world may take where its author has set no limit."""


class Undecided(StopRun):
    """The run stops because a person could not say whether a step happened; the step stays in doubt."""


async def attempt(shared: Shared, ctx: StepContext, inputs: Mapping[str, Any]) -> Outcome:
    """How the step ended. Its start is on disk before it may touch the world, its end before anything follows."""
    if ctx.step in shared.doubt and (settled := await _settle_doubt(shared, ctx)) is not None:
        return settled
    if shared.quick and (shared.budget is None or shared.budget.reached() is None):
        return await _tries(shared, ctx, None, inputs)
    return await _watched(shared, ctx, inputs)


async def _watched(shared: Shared, ctx: StepContext, inputs: Mapping[str, Any]) -> Outcome:
    """The same in a run with limits, one that stands still before steps, and one that is only rehearsed."""
    await may_begin(shared, ctx)
    clock = shared.budget.clock if shared.budget is not None and ctx.planned.body is None else None
    node: Node | None = None
    if shared.debug is not None or (shared.rehearsing and only_told(ctx.planned)):
        began = perf_counter()
        try:
            node = _filled(ctx)
        except NodeError as error:
            shared.tell(Started, ctx.step)
            return fail(shared, ctx, error, began)
        node, inputs = await stands_still(shared, ctx, node, inputs)
        if shared.rehearsing and only_told(ctx.planned):
            return await rehearse(shared, ctx, node, inputs)
    if clock is not None:
        clock.begins(ctx.step)
    try:
        return await _tries(shared, ctx, node, inputs)
    finally:
        if clock is not None:
            clock.ends(ctx.step)


async def _tries(shared: Shared, ctx: StepContext, given: Node | None, inputs: Mapping[str, Any]) -> Outcome:
    planned = ctx.planned
    lasting = planned.node.spec.effect in (Effect.WRITE, Effect.SPEND)
    began = perf_counter()
    waits = Waits(shared.asking, planned.step.retry, *shared.past.tries.get(ctx.step, (0, 0.0)))
    await waits.rest()
    while True:
        ctx.begin()
        try:
            node = given or _filled(ctx)
        except NodeError as error:
            shared.tell(Started, ctx.step, attempt=waits.number)
            outcome = fail(shared, ctx, error, began)
            break
        told = shown({**node.model_dump(mode="python"), **inputs})
        shared.tell(Started, ctx.step, attempt=waits.number, given=told)
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
            if shared.rehearsing and ctx.step in shared.held:
                outcome = await gave(shared, ctx, node)
                break
            wait = waits.after(failure, planned.node.spec.effect)
            if isinstance(wait, str):
                failure.hint = f"{in_words(failure.hint)} {wait}".strip() if wait else failure.hint
                outcome = fail(shared, ctx, failure, began)
                break
            shared.tell(Retried, ctx.step, message=in_words(failure.what), wait=round(wait, 3), **waits.told(failure))
            await waits.rest()
        else:
            ctx.end()
            shared.doubt.discard(ctx.step)
            if shared.rehearsing and ctx.step in shared.held:
                doubtful(shared, ctx)
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
    # Both have to be sure that nothing was done for it to be certain.
    sure = (known.sure or known.retryable) and own.sure
    retryable = False if not (known.retryable and own.retryable) else True if sure else None
    trouble = known.trouble if known.trouble != "other" else own.trouble
    return NodeError(known.what, hint=known.hint, retryable=retryable, trouble=trouble, retry_after=own.retry_after)


async def picture(shared: Shared, ctx: StepContext) -> None:
    """Keep what its page looked like when a browser step failed."""
    if Need.BROWSER not in ctx.planned.node.spec.needs:
        return
    # It helps a person and decides nothing: whatever goes wrong with it goes no further.
    with suppress(Exception):
        if (seen := await shared.world.seen(ctx)) is not None:
            shared.tell(Pictured, ctx.step, **seen.file.model_dump(), title=seen.title, url=seen.url)


async def _once(
    shared: Shared, ctx: StepContext, node: Node, inputs: Mapping[str, Any]
) -> tuple[dict[str, Any], bytes]:
    """The outputs of one attempt. NodeError where it fails in a way a person can mend."""
    planned, spec = ctx.planned, ctx.planned.node.spec
    limit = time_limit(planned)
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
            what = "Something this step waited for took too long."
            raise NodeError(what, retryable=repeatable, trouble="timeout") from None
        hint = "Raise the limit." if repeatable else "It may have happened all the same: look, then raise the limit."
        if planned.step.timeout is None:
            what = f"This step took longer than {limit or 0:g} s, the limit where its author has set none."
        else:
            what = f"This step took longer than its limit of {limit:g} s."
        raise NodeError(what, hint=hint, retryable=repeatable, trouble="timeout") from None
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


def time_limit(planned: Planned) -> float | None:
    """The seconds that a try may take; None where the step only works with values, or is a container of others."""
    spec = planned.node.spec
    if planned.step.timeout is not None:
        return planned.step.timeout
    if spec.body or planned.body is not None or (spec.effect is Effect.NONE and not spec.needs):
        return None
    return max((LIMITS.get(need, LIMIT) for need in spec.needs), default=LIMIT)


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
    if shared.rehearsing and (unknown := not_known(shared, ctx)) is not None:
        return unknown
    message, hint = shared.masked(in_words(error.what)), shared.masked(in_words(error.hint))
    took = round((perf_counter() - began) * 1000, 3)
    ctx.failed = True
    went_on = WENT_ON_WITH if ctx.planned.step.on_error == "continue" and ctx.planned.step.instead else ""
    shared.tell(Failed, ctx.step, message=message, hint=hint, ms=took, defect=defect, went_on=went_on)
    return failed_as(ctx.planned, message, hint)


def failed_as(planned: Planned, message: str, hint: str) -> Outcome:
    """What a failure means for the steps that follow."""
    match planned.step.on_error:
        case "continue":
            return Done(dict(planned.step.instead or {}), why=FAILED_ON)
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
        told += f" What it sends carries the key `{shared.past.keys.get(ctx.step) or ctx.attempt_key}`."
    return f"{told} Look, then choose."
