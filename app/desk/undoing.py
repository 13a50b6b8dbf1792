"""What was done to a flow and what was taken back, as two stacks; the newest of both are at hand, the rest on disk."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

from app.store.deltas import backward, forward
from app.store.pasts import Done, Pasts
from flows.model import Body, Flow, Step

How = Literal["undo", "redo"]
B = TypeVar("B", bound=Body)


class NotKept(LookupError):
    """What was done so long ago has made room for what came after it."""


AT_HAND = 200
"""Steps back for which the flow is kept in memory as it was; of older ones only what they changed, on the disk."""


@dataclass(frozen=True)
class Past:
    """Something that was done. Where they are at hand: what it changed, and the flow as it is on its other side."""

    seq: int
    done: str
    by: str = ""
    delta: bytes | None = None
    flow: Flow | None = None


class Stack:
    """What can be undone and done again, each with the next one at its end."""

    def __init__(self, past: Sequence[Done] = ()) -> None:
        self.undo = [Past(each.seq, each.done) for each in past if not each.undone]
        self.redo = [Past(each.seq, each.done) for each in reversed(past) if each.undone]

    @property
    def next(self) -> int:
        """The number of what is done next."""
        return self.undo[-1].seq + 1 if self.undo else 1

    def top(self, how: How) -> Past | None:
        """What would be undone or done again now."""
        stack = self.undo if how == "undo" else self.redo
        return stack[-1] if stack else None

    def did(self, past: Past, *, instead: bool) -> None:
        """Something new was done, or the last thing was gone on with; nothing can be done again any more."""
        if instead:
            self.undo.pop()
        self.undo.append(past)
        self.redo.clear()
        _lighten(self.undo)

    def turned(self, how: How, past: Past, before: Flow) -> None:
        """It was taken back or done again, and the flow was `before` on the side that one has left."""
        from_, to = (self.undo, self.redo) if how == "undo" else (self.redo, self.undo)
        from_.pop()
        to.append(replace(past, flow=before))
        _lighten(to)

    async def other_side(self, how: How, past: Past, now: Flow, text: str, pasts: Pasts) -> tuple[Flow, str, Past]:
        """The flow as it was before that, or after it, and its document. NotKept, or DoesNotFit of another document."""
        way = past.delta if past.delta is not None else await pasts.delta(now.id, past.seq)
        if way is None:
            raise NotKept(past.done)
        there = await asyncio.to_thread(backward if how == "undo" else forward, text, way)
        flow = past.flow
        if flow is None:
            flow = _like(await asyncio.to_thread(Flow.model_validate_json, there), now)
        return flow, there, replace(past, delta=way)


def _lighten(stack: list[Past]) -> None:
    """Only the newest have their flow at hand."""
    if len(stack) > AT_HAND and stack[-AT_HAND - 1].flow is not None:
        stack[-AT_HAND - 1] = replace(stack[-AT_HAND - 1], flow=None, delta=None)


def _like(flow: Flow, now: Flow) -> Flow:
    """The flow, with the very same steps and wires where they are the same: only what differs is drawn anew."""
    return _body_like(flow, now)


def _body_like(body: B, now: Body) -> B:
    steps = {name: _step_like(step, now.steps.get(name)) for name, step in body.steps.items()}
    known = {wire: wire for wire in now.wires}
    wires = now.wires if body.wires == now.wires else tuple(known.get(wire, wire) for wire in body.wires)
    return body.model_copy(update={"steps": steps, "wires": wires})


def _step_like(step: Step, now: Step | None) -> Step:
    if now is None or step == now:
        return step if now is None else now
    if step.body is not None and now.body is not None:
        return step.model_copy(update={"body": _body_like(step.body, now.body)})
    return step
