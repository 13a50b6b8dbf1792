"""Play the steps of a scope: each starts the moment what it needs is there. Quick pure steps run without a task."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Coroutine, Mapping
from time import perf_counter
from typing import Any

from pydantic import JsonValue as Json

from app.engine.attempt import attempt, failed_as, named_outputs, picture
from app.engine.context import StepContext
from app.engine.events import Failed, Skipped, Stopped, Unwritten, finished
from app.engine.holding import goes_at_once
from app.engine.inputs import gathered, inputs_of
from app.engine.mishaps import ended_badly, first_of
from app.engine.outcomes import Broke, Done, Outcome, Passed, held_back, is_taken, why_fired
from app.engine.past import NOT_ASKED, NOTHING, Past
from app.engine.plan import Planned, Scope
from app.engine.rehearsal import trace
from app.engine.results import result_of_round
from app.engine.shared import Shared
from app.engine.writing import canonical
from app.failpoint import failpoint
from nodes.values import InsideFailed, NodeError, StopRun

AT_A_TIME = 50
"""Steps that are started before everything else on the loop has its turn."""


class Round:
    """One playing of a scope: the flow itself, or one round of a container's body."""

    __slots__ = ("_again", "_around", "_first", "_forgiven", "_left", "_names", "_only", "_outcomes", "_prefix",
                 "_ready", "_running", "_scope", "_shared", "_unclear", "_woken", "broke", "lane")  # fmt: skip

    def __init__(
        self,
        shared: Shared,
        scope: Scope,
        names: dict[str, Any],
        prefix: str = "",
        lane: str = "",
        around: StepContext | None = None,
        *,
        again: bool = False,
        forgiven: bool = False,
    ) -> None:
        self._shared = shared
        self._scope = scope
        self._names = names
        self._prefix = prefix
        self.lane = lane
        self._around = around
        # Inside a container that is tried again when it fails, what has finished is not done twice.
        self._again = again
        self._forgiven = forgiven
        self._first: dict[int, int] = {}
        self._left = list(scope.degrees)
        self._ready = deque(scope.roots)
        self._outcomes: list[Outcome | None] = [None] * len(scope.steps)
        # With a past, outputs may be missing that every step otherwise gives.
        self._unclear = scope.branching or shared.past is not NOTHING
        self._only = _asked_for(shared.past, prefix)
        self._running = 0
        self._woken: asyncio.Event | None = None
        self.broke: tuple[Planned, Broke] | None = None

    async def play(self) -> None:
        """Play every step to its end. StopRun passes through; a step's failure is in `broke`."""
        if await self._play_quick():
            return
        self._woken = asyncio.Event()
        started = 0
        try:
            async with asyncio.TaskGroup() as group:
                while True:
                    while not await self._play_quick():
                        planned = self._scope.steps[self._ready.popleft()]
                        self._running += 1
                        group.create_task(self._attend(planned), name=self._prefix + planned.id)
                        started += 1
                        if started % AT_A_TIME == 0:
                            await self._shared.breathe()
                    if not self._running:
                        return
                    await self._woken.wait()
                    self._woken.clear()
        except BaseExceptionGroup as errors:
            raise first_of(errors) from None

    @property
    def result(self) -> Json:
        """What the scope gives back."""
        try:
            return result_of_round(self._scope, self._names, self._outcomes)
        except NodeError:
            if self._shared.made_up:
                return None  # What a rehearsal has made up need not fit.
            raise

    async def _play_quick(self) -> bool:
        """Play what is ready and quick. True once nothing is ready, False when a step that takes time is next."""
        ready, steps, shared = self._ready, self._scope.steps, self._shared
        while ready:
            planned = steps[ready[0]]
            if self._unclear and (held := self._held_back(planned)) is not None:
                ready.popleft()
                self._skip(planned, *held)
            elif planned.settings is None:
                ready.popleft()
                self._skip(planned, "It is switched off.", Done({}, why="is switched off."))
            elif (known := self._known(planned)) is not None:
                ready.popleft()
                self._settle(planned, known)
            elif planned.inline and (shared.quick or goes_at_once(shared, planned)):
                ready.popleft()
                self._settle(planned, self._quick(planned))
            else:
                return False
            if shared.tired:
                await shared.breathe()
        return True

    def _held_back(self, planned: Planned) -> tuple[str, Outcome] | None:
        """Why a step is not run, and what that means for those after it; what has ended before is not held back."""
        if self._prefix + planned.id in self._shared.past.outputs:
            return None
        if self._only is not None and planned.id not in self._only:
            return NOT_ASKED, Passed()
        return held_back(planned, self._scope, self._outcomes)

    def _known(self, planned: Planned) -> Outcome | None:
        """How a step ended that need not run: it has ended before, or its author pinned what it gives."""
        path, past = self._prefix + planned.id, self._shared.past
        if past.outputs and (outputs := past.outputs.get(path)) is not None:
            return Done(outputs)
        if past.failed and self._is_dealt_with(planned) and (failure := past.failed.get(path)) is not None:
            message, hint = failure
            self._shared.tell(Failed, path, message=message, hint=hint)
            return failed_as(planned, message, hint)
        if self._again and (outputs := self._shared.kept.get(path)) is not None:
            return Done(outputs)
        if planned.step.pinned is not None:
            try:
                outputs, body = canonical(planned.step.pinned)
            except ValueError as error:
                message = f"What is pinned here cannot be passed on: {error}."
                self._shared.tell(Failed, path, message=message, hint="Unpin the step.")
                return failed_as(planned, message, "Unpin the step.")
            self._shared.append(finished(path, body, 0))
            return Done(outputs)
        return None

    def _is_dealt_with(self, planned: Planned) -> bool:
        """True where a failure stays one when the run goes on: what comes after it may have been done."""
        return planned.step.on_error != "stop" or (self._forgiven and not self._again)

    def _quick(self, planned: Planned) -> Outcome:
        """How a pure step ended that ends at once, without ever waiting."""
        assert planned.settings is not None
        shared, path = self._shared, self._prefix + planned.id
        began = perf_counter()
        ctx = StepContext(shared, planned, path, self._names, self.lane, self._play_body, self._around)
        try:
            node = planned.settings.node(self._names)
            outputs, body = named_outputs(
                planned, _at_once(planned.node.spec.run(node, ctx, **self._inputs(planned))), shared
            )
        except (Exception, SystemExit, asyncio.CancelledError) as error:  # noqa: BLE001  every failure ends here, in its sentence
            return ended_badly(shared, ctx, error, began)
        ctx.end()
        took = (perf_counter() - began) * 1000
        if planned.gathered:
            why = why_fired(planned, self._scope, self._outcomes, self._first.get(planned.number))
            shared.append(finished(path, body, took, why))
        else:
            shared.append(finished(path, body, took))
        return Done(outputs)

    async def _attend(self, planned: Planned) -> None:
        """Run a step that takes time, and settle how it ended."""
        shared, path = self._shared, self._prefix + planned.id
        began = perf_counter()
        ctx = StepContext(shared, planned, path, self._names, self.lane, self._play_body, self._around)
        shared.open_steps.add(path)
        if shared.rehearsing:
            before = ((self._prefix + self._scope.steps[edge.source].id, edge) for edge in planned.edges)
            trace(shared, ctx, before)
        try:
            outcome = await attempt(shared, ctx, self._inputs(planned))
        except asyncio.CancelledError:
            if shared.stopped_as != "waiting":
                shared.tell(Stopped, path)
            raise
        except Unwritten:
            raise
        except (Exception, SystemExit) as error:  # noqa: BLE001  every failure of a step ends here, in its sentence
            outcome = ended_badly(shared, ctx, error, began)
        finally:
            shared.open_steps.discard(path)
        if ctx.failed:
            await picture(shared, ctx)
        self._running -= 1
        self._settle(planned, outcome)
        failpoint("edge.next")
        assert self._woken is not None
        self._woken.set()

    def _inputs(self, planned: Planned) -> dict[str, Any]:
        """The values on the wires into a step, checked against its ports."""
        if planned.gathered:
            return gathered(planned, self._outcomes, self._first.get(planned.number))
        return inputs_of(planned, self._outcomes) if planned.values else {}

    def _skip(self, planned: Planned, reason: str, outcome: Outcome) -> None:
        self._shared.tell(Skipped, self._prefix + planned.id, reason=reason)
        self._settle(planned, outcome)

    def _settle(self, planned: Planned, outcome: Outcome) -> None:
        """Take note of how a step ended, and make ready what waited only for it."""
        self._outcomes[planned.number] = outcome
        if type(outcome) is Done:
            self._names[planned.id] = outcome.outputs
            if self._again and outcome.outputs:
                self._shared.kept[self._prefix + planned.id] = outcome.outputs
            if outcome.why:
                self._unclear = True
        else:
            self._unclear = True
            if isinstance(outcome, Broke) and self.broke is None:
                self.broke = planned, outcome
        left, ready = self._left, self._ready
        if planned.hurries:
            self._hurry(planned, outcome)
        for number in planned.next:
            left[number] -= 1
            if not left[number]:
                ready.append(number)

    def _hurry(self, planned: Planned, outcome: Outcome) -> None:
        """Make those ready that start with the first value, if this is it."""
        for number in planned.hurries:
            eager = self._scope.steps[number]
            ways = (edge for edge in eager.edges if edge.kind == "many" and edge.source == planned.number)
            if number not in self._first and any(is_taken(edge, outcome) for edge in ways):
                self._first[number] = planned.number
            others = (edge.source for edge in eager.edges if edge.kind != "many")
            started = self._left[number] < 0
            if not started and number in self._first and all(self._outcomes[each] is not None for each in others):
                self._left[number] = -1  # Those that come later count it further down, and never to its turn again.
                self._ready.append(number)

    async def _play_body(self, ctx: StepContext, given: Mapping[str, Json], round: str, own_page: bool) -> Json:
        scope = ctx.planned.body
        assert scope is not None
        names = {name: self._names[name] for name in scope.outer if name in self._names}
        names.update(given)
        prefix = f"{ctx.step}/{round}/"
        container = ctx.planned
        inner = Round(
            self._shared,
            scope,
            names,
            prefix,
            prefix if own_page else self.lane,
            ctx,
            again=self._again or container.step.retry.times > 0,
            forgiven=self._forgiven or container.forgives,
        )
        try:
            await inner.play()
        finally:
            if own_page:
                await self._shared.world.leave(prefix)
        if (alone := self._shared.past.alone) and alone.startswith(prefix) and "/" not in alone[len(prefix) :]:
            raise Alone(inner.broke)
        if inner.broke is not None:
            planned, broke = inner.broke
            raise InsideFailed(planned.name, broke.message, broke.hint)
        if container.asks_later:
            self._shared.played[ctx.step] = {name: names[name] for name in scope.ids if name in names}
        return inner.result


class Alone(StopRun):
    """The one step that was asked for has ended, so the run ends: the containers around it only led there."""

    def __init__(self, broke: tuple[Planned, Broke] | None) -> None:
        said = "" if broke is None else f"“{broke[0].name}” failed: {broke[1].message}"
        super().__init__(said, failed=broke is not None)


def _asked_for(past: Past, prefix: str) -> frozenset[str] | None:
    """The steps of one playing of a scope that are asked for; None means all of them."""
    if not prefix or not past.alone:
        return None if prefix else past.only
    if not past.alone.startswith(prefix):
        return frozenset()
    return frozenset({past.alone[len(prefix) :].partition("/")[0]})


def _at_once(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """What a coroutine without an `await` gives."""
    try:
        coroutine.send(None)
    except StopIteration as stop:
        return stop.value
    coroutine.close()
    raise RuntimeError("it waits in a way that cannot be seen in its code")
