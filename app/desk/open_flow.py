"""A flow that is open: every edit is on disk before the windows that show it hear of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Literal

from app.desk.breakpoints import Breakpoints
from app.desk.presence import Presence
from app.desk.saying import said, worded
from app.desk.undoing import NotKept, Past, Stack
from app.engine.checks import problems_of
from app.engine.parts import Parts, called_by
from app.store.deltas import DoesNotFit, delta
from app.store.flows import Flows, StoredFlow
from app.store.pasts import Done, Trace
from app.store.refusal import FlowConflict
from app.store.trouble import StoreTrouble
from flows.apply import EditRefused, apply
from flows.edits import Configure, Describe, Edit, Replace, Set
from flows.model import Flow
from flows.problems import Problem
from nodes.catalog import Catalog
from nodes.checks import holds_expressions

How = Literal["edit", "undo", "redo", "elsewhere"]


@dataclass(frozen=True)
class Edited:
    """What a window hears after an edit: the flow before and after, who did it, how, and what it was in words."""

    before: Flow
    after: Flow
    by: str
    how: How = "edit"
    done: str = ""


TYPING = 2.0
"""Edits of one field by one window that follow each other within these seconds are one for Undo."""

RECENT = 5_000
"""Edits of which it is known that they were made, should a window send one of them again."""


class OpenFlow:
    """One flow for all windows that show it. `flow` is what is on disk; edits come one after the other.

    There is one past for all windows: Undo takes back what was done last, wherever that was, and says what it is.
    """

    def __init__(
        self,
        stored: StoredFlow,
        flows: Flows,
        catalog: Catalog,
        edited_here: Callable[[Flow, Flow], Awaitable[None]],
        clock: Callable[[], float] = time.monotonic,
        parts: Callable[[Flow], Awaitable[Parts]] | None = None,
        past: Sequence[Done] = (),
        breakpoints: Breakpoints | None = None,
    ) -> None:
        self.flow = Flow.model_validate_json(stored.document)
        self.origin = stored.origin
        self.presence = Presence()
        self.breakpoints = breakpoints or Breakpoints()
        self._text = stored.document
        self._catalog = catalog
        self.problems = tuple(problems_of(self.flow, catalog))
        self._parts = parts
        self._flows = flows
        self._edited_here = edited_here
        self._revision = stored.revision
        self._stack = Stack(past)
        self._listeners: list[Callable[[Edited], None]] = []
        self._turn = asyncio.Lock()
        self._clock = clock
        self._typed: tuple[object, float] = (None, 0.0)
        self._typed_from = (self.flow, self._text)
        self._tickets: dict[str, None] = {}

    @property
    def undoes(self) -> str:
        """What Undo would take back, in words; empty where there is nothing."""
        return self._stack.undo[-1].done if self._stack.undo else ""

    @property
    def redoes(self) -> str:
        """What Redo would do again, in words; empty where there is nothing."""
        return self._stack.redo[-1].done if self._stack.redo else ""

    @property
    def undone_by(self) -> str:
        """The window that did what Undo would take back; empty where that is not known any more."""
        return self._stack.undo[-1].by if self._stack.undo else ""

    @property
    def watched(self) -> bool:
        """True while a window shows this flow."""
        return bool(self._listeners)

    def listen(self, heard: Callable[[Edited], None]) -> Callable[[], None]:
        """Call `heard` after every edit; the returned function ends that."""
        self._listeners.append(heard)
        return lambda: self._listeners.remove(heard) if heard in self._listeners else None

    async def edit(self, edit: Edit, *, by: str = "", ticket: str = "", again: bool = False) -> Flow:
        """The flow after the edit, on disk. EditRefused or StoreTrouble with a sentence, and nothing changed.

        What has a ticket is made once, also when a window that did not hear of it sends it `again`.
        """
        async with self._turn:
            if ticket and (ticket in self._tickets or (again and await self._flows.pasts.has(self.flow.id, ticket))):
                return self.flow
            try:
                before, after = await self._make(edit, by, ticket)
            except FlowConflict:
                # A terminal or another studio has saved the flow: the edit is made to what is there now.
                await self._catch_up()
                before, after = await self._make(edit, by, ticket)
            if ticket:
                self._tickets[ticket] = None
                if len(self._tickets) > RECENT:
                    del self._tickets[next(iter(self._tickets))]
            # An earlier version may want what was never reviewed, so that it is reviewed instead.
            if after is not before and not isinstance(edit, Replace):
                await self._grow(before, after)
            return after

    async def settled(self) -> None:
        """Return once every edit that was asked for is made, and what it may touch is noted."""
        async with self._turn:
            pass

    async def undo(self, *, by: str = "") -> str:
        """Take the last edit back; gives what it was in words, or nothing."""
        return await self._step_back("undo", by)

    async def redo(self, *, by: str = "") -> str:
        """Do again what was taken back last; gives what it was in words, or nothing."""
        return await self._step_back("redo", by)

    async def look_again(self) -> None:
        """Take over what was saved elsewhere, and find its problems anew where it runs other flows."""
        if await self._is_behind():
            async with self._turn:
                if await self._is_behind():  # And not only in the middle of an edit of its own.
                    await self._catch_up()
        flow = self.flow
        if self._parts is not None and called_by(flow, self._catalog):
            problems = await self._checked(flow)
            if flow is self.flow:
                self.problems = problems

    async def _make(self, edit: Edit, by: str, ticket: str) -> tuple[Flow, Flow]:
        before = self.flow
        after = apply(before, edit, partial(holds_expressions, self._catalog))
        if after == before:
            return before, before
        typed = field_of(edit)
        goes_on = self._goes_on(typed, by)
        from_, from_text = self._typed_from if goes_on else (before, self._text)
        text = _document(after)
        words = worded(edit, from_, after, self._catalog) or said(edit, before, self._catalog)
        seq = self._stack.undo[-1].seq if goes_on else self._stack.next
        way = delta(from_text, text)
        await self._save(after, text, self._flows.pasts.noted(self.flow.id, seq, words, way, ticket))
        self._stack.did(Past(seq, words, by, way, from_), instead=goes_on)
        self._typed = (typed and (by, typed), self._clock())
        self._typed_from = from_, from_text
        await self._tell(Edited(before, after, by, done=words))
        return before, after

    async def _step_back(self, how: Literal["undo", "redo"], by: str) -> str:
        async with self._turn:
            if (past := self._stack.top(how)) is None:
                return ""
            before, pasts = self.flow, self._flows.pasts
            try:
                flow, text, past = await self._stack.other_side(how, past, before, self._text, pasts)
                await self._save(flow, text, pasts.turned(before.id, past.seq, undone=how == "undo"))
            except NotKept:
                self._stack.undo.clear()
                await self._tell(Edited(before, before, by, "elsewhere"))
                return ""
            except DoesNotFit:
                # The document was put right by hand. What was done before cannot be told from it any more.
                self._stack = Stack()
                await pasts.forget(before.id)
                await self._tell(Edited(before, before, by, "elsewhere"))
                return ""
            except FlowConflict:
                await self._catch_up()
                return ""
            self._typed = (None, 0.0)
            self._stack.turned(how, past, before)
            await self._tell(Edited(before, flow, by, how, past.done))
            await self._grow(before, flow)
            return past.done

    def _goes_on(self, typed: object, by: str) -> bool:
        """True where this edit goes on with what the last one began, as when a word is typed with a pause in it."""
        now, (field, at) = self._clock(), self._typed
        return typed is not None and (by, typed) == field and now - at < TYPING and bool(self._stack.undo)

    async def _save(self, flow: Flow, text: str, trace: Trace) -> None:
        before = self.flow
        self._revision = await self._flows.save(
            flow.id,
            expected=self._revision,
            name=flow.name,
            description=flow.description,
            document=text,
            trace=trace,
        )
        self.flow, self._text = flow, text
        self.problems = await self._checked(flow)
        await self.breakpoints.follow(before, flow)

    async def _is_behind(self) -> bool:
        return await self._flows.revision(self.flow.id) not in (0, self._revision)

    async def _catch_up(self) -> None:
        """Take over what somebody else has saved, and let the windows know."""
        stored = await self._flows.get(self.flow.id)
        before, self._revision = self.flow, stored.revision
        self.flow = await asyncio.to_thread(Flow.model_validate_json, stored.document)
        self._text = stored.document
        self._stack = Stack(await self._flows.pasts.all(stored.id))
        self._typed = (None, 0.0)
        self.problems = await self._checked(self.flow)
        await self._tell(Edited(before, self.flow, "", "elsewhere"))

    async def _grow(self, before: Flow, after: Flow) -> None:
        """What an edit in a window wants to touch is what a person wants, also in a flow that arrived."""
        if self.origin == "arrived" and _does(before) != _does(after):
            await self._edited_here(before, after)

    async def _tell(self, edited: Edited) -> None:
        for heard in tuple(self._listeners):
            heard(edited)
        # After them, as their steps are called otherwise by then. The edit is made, whatever becomes of a breakpoint.
        with suppress(StoreTrouble):
            await self.breakpoints.follow(edited.before, edited.after)

    async def _checked(self, flow: Flow) -> tuple[Problem, ...]:
        parts = None
        if self._parts is not None and called_by(flow, self._catalog):
            parts = await self._parts(flow)
        # Beside the loop: a large flow takes a while.
        return tuple(await asyncio.to_thread(problems_of, flow, self._catalog, parts))


def field_of(edit: Edit) -> tuple[str, tuple[str, ...]] | None:
    """The step and the fields of it that an edit gives a value; None for any other kind of edit."""
    match edit:
        case Set(path=path, settings=settings, unset=()):
            return path, tuple(settings)
        case Configure(path=path):
            return path, tuple(sorted(edit.model_fields_set))
        case Describe(inputs=None):
            return "", tuple(sorted(edit.model_fields_set))
        case _:
            return None


def _document(flow: Flow) -> str:
    try:
        return flow.model_dump_json()
    except (ValueError, RecursionError) as error:
        half = "surrogate" in str(error)
        why = "a text in it has half a letter" if half else "it is nested too deeply"
        raise EditRefused(f"This change cannot be saved: {why}. Type it anew.") from None


def _does(flow: Flow) -> tuple[object, ...]:
    """All of a flow that its grant depends on; quick to compare, for unchanged steps are the same objects."""
    return flow.steps, flow.wires, flow.inputs, flow.result, flow.limits, flow.on_failure, flow.resumes_itself
