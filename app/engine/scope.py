"""Play the steps of a scope: each starts the moment what it needs is there. Quick pure steps run without a task."""

from __future__ import annotations

import asyncio
import traceback
from collections import deque
from collections.abc import Mapping
from time import perf_counter
from typing import Any, cast

from pydantic import JsonValue as Json

from app.engine.attempt import attempt, fail, named_outputs
from app.engine.context import StepContext
from app.engine.events import Skipped, finished
from app.engine.outcomes import Broke, Done, Outcome, held_back
from app.engine.plan import Planned, Scope
from app.engine.shared import Shared, canonical
from flows.expressions import ExpressionError
from nodes.ports import WORDS, Port
from nodes.values import NodeError, StopRun


class Round:
    """One playing of a scope: the flow itself, or one round of a container's body."""

    __slots__ = ("_left", "_names", "_outcomes", "_prefix", "_ready", "_running", "_scope", "_shared", "_unclear",
                 "_woken", "broke", "lane")  # fmt: skip

    def __init__(self, shared: Shared, scope: Scope, names: dict[str, Any], prefix: str = "", lane: str = "") -> None:
        self._shared = shared
        self._scope = scope
        self._names = names
        self._prefix = prefix
        self.lane = lane
        self._left = list(scope.degrees)
        self._ready = deque(scope.roots)
        self._outcomes: list[Outcome | None] = [None] * len(scope.steps)
        self._unclear = scope.branching
        self._running = 0
        self._woken: asyncio.Event | None = None
        self.broke: tuple[Planned, Broke] | None = None

    async def play(self) -> None:
        """Play every step to its end. StopRun passes through; a step's failure is in `broke`."""
        if await self._play_quick():
            return
        self._woken = asyncio.Event()
        try:
            async with asyncio.TaskGroup() as group:
                while True:
                    while not await self._play_quick():
                        planned = self._scope.steps[self._ready.popleft()]
                        self._running += 1
                        group.create_task(self._attend(planned), name=self._prefix + planned.id)
                    if not self._running:
                        return
                    await self._woken.wait()
                    self._woken.clear()
        except BaseExceptionGroup as errors:
            raise _first(errors) from None

    @property
    def result(self) -> Json:
        """What the scope gives back: its result, or the outputs of its last steps."""
        template = self._scope.result
        if template is not None:
            if any(root not in self._names for root in template.roots - template.optional):
                return None
            try:
                value, _ = canonical({"value": template.render(self._names)})
            except ExpressionError as error:
                raise NodeError(f"The result cannot be made: {error}", retryable=False) from error
            return value["value"]
        last = {
            planned.id: dict(outcome.outputs)
            for planned, outcome in zip(self._scope.steps, self._outcomes, strict=True)
            if not planned.next and isinstance(outcome, Done) and outcome.outputs
        }
        return next(iter(last.values())) if len(last) == 1 else cast(Json, last or None)

    async def _play_quick(self) -> bool:
        """Play what is ready and quick. True once nothing is ready, False when a step that takes time is next."""
        ready, steps, shared = self._ready, self._scope.steps, self._shared
        while ready:
            planned = steps[ready[0]]
            if self._unclear and (held := held_back(planned, self._scope, self._outcomes)) is not None:
                ready.popleft()
                self._skip(planned, *held)
            elif planned.settings is None:
                ready.popleft()
                self._skip(planned, "It is switched off.", Done({}))
            elif (known := self._known(planned)) is not None:
                ready.popleft()
                self._settle(planned, known)
            elif planned.inline and planned not in shared.suspending and (quick := self._quick(planned)) is not None:
                ready.popleft()
                self._settle(planned, quick)
            else:
                return False
            if shared.tired:
                await shared.breathe()
        return True

    def _known(self, planned: Planned) -> Done | None:
        """The outputs of a step that need no run: from before a crash, or pinned by its author."""
        if self._shared.past.outputs:
            outputs = self._shared.past.outputs.get(self._prefix + planned.id)
            if outputs is not None:
                return Done(outputs)
        if planned.step.pinned is not None:
            outputs, body = canonical(dict(planned.step.pinned))
            self._shared.append(finished(self._prefix + planned.id, body, 0))
            return Done(outputs)
        return None

    def _quick(self, planned: Planned) -> Outcome | None:
        """The outcome of a pure step that ends at once; None for one that suspends, and so needs a task of its own."""
        assert planned.settings is not None
        shared, path = self._shared, self._prefix + planned.id
        began = perf_counter()
        ctx = StepContext(shared, planned, path, self._names, self.lane, self._play_body)
        ctx.hold()
        try:
            node = planned.settings.node(self._names)
            coroutine = planned.node.spec.run(node, ctx, **self._inputs(planned))
            try:
                coroutine.send(None)
            except StopIteration as stop:
                outputs, body = named_outputs(planned, stop.value, shared)
            else:
                # A pure step may be started over, so it is: as a task, with the context variables a task has.
                coroutine.close()
                shared.suspending.add(planned)
                return None
        except (Exception, StopRun) as error:  # noqa: BLE001  every failure of a step ends here, in its sentence
            ctx.release()
            return self._failed(ctx, error, began)
        ctx.release()
        shared.append(finished(path, body, (perf_counter() - began) * 1000))
        return Done(outputs)

    async def _attend(self, planned: Planned) -> None:
        """Run a step that takes time, and settle how it ended."""
        began = perf_counter()
        ctx = StepContext(self._shared, planned, self._prefix + planned.id, self._names, self.lane, self._play_body)
        try:
            outcome = await attempt(self._shared, ctx, self._inputs(planned))
        except Exception as error:  # noqa: BLE001  every failure of a step ends here, in its sentence
            outcome = self._failed(ctx, error, began)
        self._running -= 1
        self._settle(planned, outcome)
        assert self._woken is not None
        self._woken.set()

    def _failed(self, ctx: StepContext, error: Exception, began: float) -> Outcome:
        match error:
            case StopRun():
                self._shared.append(finished(ctx.step, b"{}", (perf_counter() - began) * 1000))
                raise error
            case NodeError():
                return fail(self._shared, ctx, error.what, error.hint, began)
            case _:
                ctx.log("".join(traceback.format_exception(error)), level="error")
                what = f"The node `{ctx.planned.step.kind}` has a fault: {type(error).__name__}: {error}"
                hint = "This is not a mistake in your flow. The step's log has the details."
                return fail(self._shared, ctx, what, hint, began, defect=True)

    def _inputs(self, planned: Planned) -> dict[str, Any]:
        """The values on the wires into a step, checked against its ports."""
        if not planned.values:
            return {}
        found: dict[str, Any] = {}
        for value in planned.values:
            outcome = self._outcomes[value.source]
            if isinstance(outcome, Done) and value.source_port in outcome.outputs:
                found[value.port.name] = fitted(value.port, outcome.outputs[value.source_port])
        return found

    def _skip(self, planned: Planned, reason: str, outcome: Outcome) -> None:
        self._shared.tell(Skipped, self._prefix + planned.id, reason=reason)
        self._settle(planned, outcome)

    def _settle(self, planned: Planned, outcome: Outcome) -> None:
        """Take note of how a step ended, and make ready what waited only for it."""
        self._outcomes[planned.number] = outcome
        if type(outcome) is Done:
            self._names[planned.id] = outcome.outputs
        else:
            self._unclear = True
            if isinstance(outcome, Broke) and self.broke is None:
                self.broke = planned, outcome
        left, ready = self._left, self._ready
        for number in planned.next:
            left[number] -= 1
            if not left[number]:
                ready.append(number)

    async def _play_body(self, ctx: StepContext, given: Mapping[str, Json], round: str, own_page: bool) -> Json:
        scope = ctx.planned.body
        assert scope is not None
        names = {name: self._names[name] for name in scope.outer if name in self._names}
        names.update(given)
        prefix = f"{ctx.step}/{round}/"
        inner = Round(self._shared, scope, names, prefix, lane=prefix if own_page else self.lane)
        try:
            await inner.play()
        finally:
            if own_page:
                await self._shared.world.leave(prefix)
        if inner.broke is not None:
            planned, broke = inner.broke
            raise NodeError(f"`{planned.name}`: {broke.message}", hint=broke.hint, retryable=False)
        return inner.result


def fitted(port: Port, value: Any) -> Any:
    """The value as the port takes it. NodeError with a sentence where it does not fit."""
    if port.check is None:
        return value
    try:
        return port.check.validate_python(value)
    except ValueError:
        kind = {str: "text", bool: "yes or no", int: "a number", float: "a number", list: "a list", dict: "a record"}
        raise NodeError(
            f"`{port.label}` needs {WORDS[port.kind]}, but it was given {kind.get(type(value), 'nothing')}.",
            hint="Connect it to another output, or change what the step before gives.",
            retryable=False,
        ) from None


def _first(errors: BaseExceptionGroup[BaseException]) -> BaseException:
    """What a task group stopped for: a wish to stop the run before anything else."""
    found: list[BaseException] = []
    waiting: list[BaseException] = [errors]
    while waiting:
        error = waiting.pop()
        if isinstance(error, BaseExceptionGroup):
            waiting.extend(error.exceptions)
        else:
            found.append(error)
    return next((error for error in found if isinstance(error, StopRun)), found[0])
