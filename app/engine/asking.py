"""What a run asks a person or the clock, from the moment it is asked until the answer is in the journal."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import orjson

from app.engine.events import Answered, Asked
from app.engine.writing import as_json
from nodes.context import Answer, Question

if TYPE_CHECKING:
    from app.engine.shared import Shared

DEADLINE = "the deadline"
"""Who answered where nobody did in time."""

REST = "rest"
"""The sort of a question that only the clock answers."""

BREAK = "break"
"""The sort of a question that holds a step up for whoever debugs."""

STOP = "Stop here"
"""The answer with which a person ends the run, wherever that can be chosen."""

LOOK_AGAIN = 30.0
"""Seconds after which the clock is looked at again: the computer may have slept, or its clock been set."""


class Desk(Protocol):
    """Where questions are kept for as long as it takes, and decided once."""

    async def put(self, step: str, key: str, question: Question, sort: str) -> Answer | None:
        """Keep a question; the answer, where it was decided while the run was away."""
        ...

    async def expire(self, step: str, key: str, question: Question) -> Answer | None:
        """The answer that counts once the deadline has passed: the deadline's, or a person's who was quicker."""
        ...

    async def heard(self, step: str, key: str) -> None:
        """The answer is in the journal."""
        ...

    def withdraw(self, step: str, key: str) -> None:
        """Nobody waits for the answer any more."""
        ...


class NoDesk:
    """For a run whose questions nobody keeps."""

    async def put(self, step: str, key: str, question: Question, sort: str) -> Answer | None:
        return None

    async def expire(self, step: str, key: str, question: Question) -> Answer | None:
        return Answer(question.at_deadline, question.payload, DEADLINE, question.deadline)

    async def heard(self, step: str, key: str) -> None:
        return

    def withdraw(self, step: str, key: str) -> None:
        return


@dataclass
class Posed:
    """A question that waits for its answer; with `stays` the run has to stay in memory meanwhile."""

    question: Question
    sort: str
    stays: bool
    kept: bool = False
    """True once it is in the inbox and the journal."""
    answer: asyncio.Future[Answer] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Asking:
    """The open questions of one run. `changed` is called with their number whenever it changes."""

    def __init__(
        self,
        shared: Shared,
        answers: Mapping[tuple[str, str], Answer],
        desk: Desk,
        clock: Callable[[], float],
        changed: Callable[[int], None],
    ) -> None:
        self.posed: dict[tuple[str, str], Posed] = {}
        self.clock = clock
        self.look_again = LOOK_AGAIN
        self.answers = dict(answers)
        self._shared = shared
        self._desk = desk
        self._changed = changed

    @property
    def unanswered(self) -> dict[tuple[str, str], Posed]:
        """What waits, by step and key."""
        return {where: posed for where, posed in self.posed.items() if not posed.answer.done()}

    @property
    def can_wait_elsewhere(self) -> bool:
        """True where all that waits is kept, and nothing of it is due."""
        now = self.clock()
        return all(
            posed.kept and not posed.stays and not (posed.question.deadline or now + 1) <= now
            for posed in self.unanswered.values()
        )

    async def ask(self, step: str, key: str, question: Question, sort: str, *, stays: bool) -> Answer:
        """The answer, from the past, a person or the clock, however long it takes."""
        key = self._shared.masked(key)  # It has the title in it.
        where = (step, key)
        if where in self.answers:
            return self.answers[where]
        question = self._masked(question)
        posed = self.posed[where] = Posed(question, sort, stays)
        try:
            # Told again when the run goes on: what was open before is closed in the eyes of whoever reads the journal.
            self._shared.tell(Asked, step, key=key, sort=sort, **_said(question))
            # In the inbox no later than in the journal: whoever sees the question can answer it.
            known = await self._desk.put(step, key, question, sort)
            await self._shared.journal.flush()
            posed.kept = True
            if known is not None:
                self.hear(step, key, known)
            self._changed(len(self.unanswered))
            answer = await self._answered(posed, step, key)
            await self._shared.journal.flush()
            await self._desk.heard(step, key)
            return answer
        finally:
            del self.posed[where]
            if not posed.answer.done():
                posed.answer.cancel()
            if where not in self.answers and self._shared.stopped_as != "waiting":
                self._desk.withdraw(step, key)
            self._changed(len(self.unanswered))

    def hear(self, step: str, key: str, answer: Answer) -> bool:
        """Give the answer to an open question. False where nobody waits for it, or it has one."""
        posed = self.posed.get((step, key))
        if posed is None or posed.answer.done():
            return False
        said = {"choice": answer.choice, "payload": answer.payload, "by": answer.by, "decided_at": answer.at}
        self._shared.tell(Answered, step, key=key, **said)
        self.answers[step, key] = answer
        posed.answer.set_result(answer)
        return True

    async def sleep_until(self, when: float) -> None:
        """Return at this time, whatever the computer's clock does meanwhile."""
        while (left := when - self.clock()) > 0:  # noqa: ASYNC110  time passes by itself
            await asyncio.sleep(min(left, self.look_again))

    async def _answered(self, posed: Posed, step: str, key: str) -> Answer:
        until = posed.question.deadline
        while not posed.answer.done():
            left = None if until is None else until - self.clock()
            if left is not None and left <= 0:
                late = await self._desk.expire(step, key, posed.question)
                if late is not None:
                    self.hear(step, key, late)
                    break
                left = self.look_again
            await asyncio.wait([posed.answer], timeout=None if left is None else min(left, self.look_again))
        return posed.answer.result()

    def _masked(self, question: Question) -> Question:
        """The question without secrets: it is kept, and seen by whoever opens the inbox."""
        if not self._shared.masking:
            return question
        said = orjson.loads(self._shared.masked(orjson.dumps(_said(question), default=as_json).decode()))
        return Question(**said | {"choices": tuple(said["choices"]), "picture": question.picture})


def _said(question: Question) -> dict[str, object]:
    """As the journal writes it."""
    return vars(question) | {"picture": None if question.picture is None else question.picture.model_dump()}
