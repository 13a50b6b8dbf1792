"""The way of a run's questions into the inbox, and of an answer back: checked before it counts."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import orjson
from pydantic import JsonValue as Json

from app.engine.asking import REST
from app.runs.patience import Patience
from app.store.inbox import Entry, Inbox
from app.store.refusal import Refusal
from nodes.context import Answer, Question

T = TypeVar("T")

LONGEST_ANSWER = 2_000_000
"""Characters of a payload that a person can leave."""


class AnswerRefused(Refusal):
    """An answer that the question does not take; nothing was decided."""


class RunDesk:
    """The inbox for one run, patient with a full disk. `put` calls `told` when a question is there."""

    def __init__(self, inbox: Inbox, run_id: str, journal: Patience, told: Callable[[], None]) -> None:
        self._inbox = inbox
        self._run_id = run_id
        self._journal = journal
        self._told = told
        self._withdrawing: set[asyncio.Task[None]] = set()

    async def put(self, step: str, key: str, question: Question, sort: str) -> Answer | None:
        entry = await self._kept(lambda: self._inbox.put(self._run_id, step, key, question, sort))
        self._told()
        return entry.answer

    async def expire(self, step: str, key: str, question: Question) -> Answer | None:
        decision = await self._kept(lambda: self._inbox.decide(self._run_id, step, key, None))
        self._told()
        return decision.entry.answer if decision.entry is not None else None

    async def heard(self, step: str, key: str) -> None:
        await self._kept(lambda: self._inbox.heard(self._run_id, [(step, key)]))

    def withdraw(self, step: str, key: str) -> None:
        work = self._kept(lambda: self._inbox.withdraw(self._run_id, step, key))
        task = asyncio.ensure_future(work)
        self._withdrawing.add(task)
        task.add_done_callback(self._withdrawn)

    async def settled(self) -> None:
        """Return once everything that was withdrawn is out of the inbox."""
        if self._withdrawing:
            await asyncio.wait(set(self._withdrawing))

    def _withdrawn(self, task: asyncio.Task[None]) -> None:
        self._withdrawing.discard(task)
        if not task.cancelled():
            task.exception()  # The run hears of a disk that takes nothing from its journal.
        self._told()

    async def _kept(self, work: Callable[[], Awaitable[T]]) -> T:
        found: list[T] = []

        async def write() -> None:
            found.append(await work())

        await self._journal.until_written(write)
        return found[-1]


def fitting(entry: Entry, choice: str, payload: Json) -> Json:
    """The payload of an answer as the run gets it. AnswerRefused where the question does not take the answer."""
    if entry.sort == REST:
        raise AnswerRefused("A rest ends by the clock.", "Stop the run if you do not want to wait for it.")
    if entry.choices and choice not in entry.choices:
        offered = ", ".join(f"“{each}”" for each in entry.choices)
        raise AnswerRefused(f"“{choice[:60]}” is none of the answers.", f"Choose one of these: {offered}.")
    if payload is None or payload == entry.payload:
        return entry.payload
    if not entry.editable:
        raise AnswerRefused("What this question is about cannot be edited.", "Answer it as it is.")
    if len(orjson.dumps(payload)) > LONGEST_ANSWER:
        raise AnswerRefused(f"This is longer than {LONGEST_ANSWER:,} characters.", "Shorten it, then answer again.")
    if wrong := _misfit(entry.payload, payload, ""):
        raise AnswerRefused(wrong, "Nothing was decided.")
    return payload


def _misfit(asked: Json, left: Json, where: str) -> str:
    """Why an edited value is not of the sort that was asked about; nothing where it is. Empty ones may be anything."""
    name = f"“{where}”" if where else "What was edited"
    if asked is None or left is None:
        return ""
    if isinstance(asked, dict) and isinstance(left, dict):
        inner = (_misfit(asked[key], left[key], f"{where}.{key}".lstrip(".")) for key in asked if key in left)
        return next((said for said in inner if said), "")
    if isinstance(asked, bool) or isinstance(left, bool):
        fits, needed = isinstance(asked, bool) and isinstance(left, bool), WORDS[type(asked)]
    elif isinstance(asked, int | float):
        fits, needed = isinstance(left, int | float), "a number"
    else:
        fits, needed = type(asked) is type(left), WORDS[type(asked)]
    return "" if fits else f"{name} has to be {needed}."


WORDS: dict[type, str] = {
    bool: "yes or no",
    str: "text",
    int: "a number",
    float: "a number",
    list: "a list",
    dict: "a record",
}
