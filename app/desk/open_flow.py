"""A flow that is open: every edit is on disk before the windows that show it hear of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from app.desk.saying import said
from app.engine.checks import problems_of
from app.engine.parts import Parts, called_by
from app.store.flows import Flows, StoredFlow
from flows.apply import EditRefused, apply
from flows.edits import Configure, Describe, Edit, Replace, Set
from flows.model import Flow
from flows.problems import Problem
from nodes.catalog import Catalog
from nodes.checks import holds_expressions


@dataclass(frozen=True)
class Edited:
    """What a window hears after an edit: the flow before and after, and who did it."""

    before: Flow
    after: Flow
    by: str


@dataclass(frozen=True)
class Past:
    """A flow as it was, and the words for what was done to it next."""

    flow: Flow
    done: str


TYPING = 2.0
"""Edits of one field by one window that follow each other within these seconds are one for Undo."""


class OpenFlow:
    """One flow for all windows that show it. `flow` is what is on disk; edits come one after the other."""

    def __init__(
        self,
        stored: StoredFlow,
        flows: Flows,
        catalog: Catalog,
        edited_here: Callable[[Flow, Flow], Awaitable[None]],
        clock: Callable[[], float] = time.monotonic,
        parts: Callable[[Flow], Awaitable[Parts]] | None = None,
    ) -> None:
        self.flow = Flow.model_validate_json(stored.document)
        self.origin = stored.origin
        self._catalog = catalog
        self.problems = tuple(problems_of(self.flow, catalog))
        self._parts = parts
        self._flows = flows
        self._edited_here = edited_here
        self._revision = stored.revision
        self._undo: list[Past] = []
        self._redo: list[Past] = []
        self._listeners: list[Callable[[Edited], None]] = []
        self._turn = asyncio.Lock()
        self._clock = clock
        self._typed: tuple[object, float] = (None, 0.0)

    @property
    def undoes(self) -> str:
        """What Undo would take back, in words; empty where there is nothing."""
        return self._undo[-1].done if self._undo else ""

    @property
    def redoes(self) -> str:
        """What Redo would do again, in words; empty where there is nothing."""
        return self._redo[-1].done if self._redo else ""

    @property
    def watched(self) -> bool:
        """True while a window shows this flow."""
        return bool(self._listeners)

    def listen(self, heard: Callable[[Edited], None]) -> Callable[[], None]:
        """Call `heard` after every edit; the returned function ends that."""
        self._listeners.append(heard)
        return lambda: self._listeners.remove(heard) if heard in self._listeners else None

    async def edit(self, edit: Edit, *, by: str = "") -> Flow:
        """The flow after the edit, on disk. EditRefused or StoreTrouble with a sentence, and nothing changed."""
        async with self._turn:
            before = self.flow
            after = apply(before, edit, partial(holds_expressions, self._catalog))
            if after == before:
                return before
            past = Past(before, said(edit, before, self._catalog))
            await self._save(after)
            if not self._goes_on(edit, by):
                self._undo.append(past)
            self._redo.clear()
            self._tell(before, by)
            # An earlier version may want what was never reviewed, so that it is reviewed instead.
            if not isinstance(edit, Replace):
                await self._grow(before, after)
            return after

    async def settled(self) -> None:
        """Return once every edit that was asked for is made, and what it may touch is noted."""
        async with self._turn:
            pass

    async def undo(self, *, by: str = "") -> str:
        """Take the last edit back; gives what it was in words, or nothing."""
        return await self._step_back(self._undo, self._redo, by)

    async def redo(self, *, by: str = "") -> str:
        """Do again what was taken back last; gives what it was in words, or nothing."""
        return await self._step_back(self._redo, self._undo, by)

    async def _step_back(self, from_: list[Past], to: list[Past], by: str) -> str:
        async with self._turn:
            if not from_:
                return ""
            before, past = self.flow, from_[-1]
            await self._save(past.flow)
            self._typed = (None, 0.0)
            from_.pop()
            to.append(Past(before, past.done))
            self._tell(before, by)
            await self._grow(before, past.flow)
            return past.done

    def _goes_on(self, edit: Edit, by: str) -> bool:
        """True where this edit goes on with what the last one began, as when a word is typed with a pause in it."""
        now, (field, at) = self._clock(), self._typed
        typed = field_of(edit)
        self._typed = (typed and (by, typed), now)
        return typed is not None and (by, typed) == field and now - at < TYPING and bool(self._undo)

    async def _save(self, flow: Flow) -> None:
        self._revision = await self._flows.save(
            flow.id,
            expected=self._revision,
            name=flow.name,
            description=flow.description,
            document=_document(flow),
        )
        self.flow = flow
        self.problems = await self._checked(flow)

    async def _grow(self, before: Flow, after: Flow) -> None:
        """What an edit in a window wants to touch is what a person wants, also in a flow that arrived."""
        if self.origin == "arrived" and _does(before) != _does(after):
            await self._edited_here(before, after)

    def _tell(self, before: Flow, by: str) -> None:
        for heard in tuple(self._listeners):
            heard(Edited(before, self.flow, by))

    async def look_again(self) -> None:
        """Find its problems anew where it runs other flows: they may have changed."""
        flow = self.flow
        if self._parts is not None and called_by(flow, self._catalog):
            problems = await self._checked(flow)
            if flow is self.flow:
                self.problems = problems

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
