"""What a journal already holds, so that a resumed run does nothing twice."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from pydantic import JsonValue as Json

from app.engine.asking import STOP
from app.engine.budget import BUDGET
from app.engine.debug import BREAK
from app.engine.events import Answered, Asked, Event, Failed, Finished, Kept, Once, Retried, Skipped, Started, Touched
from nodes.context import Answer
from nodes.values import Effect

DOUBT = "doubt"
"""How the key of a question begins that asks what became of a step."""

ASKED_ANEW = (DOUBT, BREAK, BUDGET)
"""How the keys of those questions begin that are asked again when a run goes on which a person stopped at them."""

NOT_ASKED = "It was not asked for."
"""Why a step was not run that is none of those a person wanted to run."""

HAPPENED, AGAIN = "It happened", "Do it again"


@dataclass(frozen=True)
class Past:
    """What has happened in a run before it goes on. Keys are step paths such as `each/17/line`."""

    outputs: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    failed: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Message and hint of the steps whose last end was a failure."""
    once: Mapping[tuple[str, str], Json] = field(default_factory=dict)
    answers: Mapping[tuple[str, str], Answer] = field(default_factory=dict)
    doubt: frozenset[str] = frozenset()
    starts: Mapping[str, int] = field(default_factory=dict)
    """How often each step in doubt was started."""
    sessions: str = ""
    since: Mapping[str, float] = field(default_factory=dict)
    """When each step in doubt was last started, in seconds since 1970."""
    keys: Mapping[str, str] = field(default_factory=dict)
    """The key that a step in doubt carried, where it was started in an earlier run."""
    tries: Mapping[str, tuple[int, float]] = field(default_factory=dict)
    """How often a step that is to be tried again was tried, and when its next try is due."""
    redone: Mapping[str, int] = field(default_factory=dict)
    """How often a person has said of a step that it is to be done again."""
    only: frozenset[str] | None = None
    """The steps of the flow itself that a person wants to run; None means all of them."""
    alone: str = ""
    """The one step inside a round that a person wants to run; the containers around it only lead there."""


NOTHING = Past()


def key_of(run_id: str, step: str, redone: int) -> str:
    """The key of a step that is the same for all its tries, until a person says that it is to be done again."""
    told = f"{run_id}\n{step}\n{redone}"
    return f"weft-{hashlib.sha256(told.encode()).hexdigest()[:32]}"


def plain(path: str) -> str:
    """The step's path in the flow, without the rounds: `each/17/line` is `each/line`."""
    return "/".join(path.split("/")[::2])


def past_of(events: Iterable[Event], effect: Callable[[str], Effect]) -> Past:
    """The past that these events tell. `effect` says what a step, by its path in the flow, does to the world."""
    outputs: dict[str, Mapping[str, Json]] = {}
    failed: dict[str, tuple[str, str]] = {}
    once: dict[tuple[str, str], Json] = {}
    answers: dict[tuple[str, str], Answer] = {}
    starts: dict[str, int] = {}
    open_steps: set[str] = set()
    touched: set[str] = set()
    since: dict[str, float] = {}
    keys: dict[str, str] = {}
    redone: dict[str, int] = {}
    tries: dict[str, tuple[int, float]] = {}
    sessions = ""
    for event in events:
        match event:
            case Started(at=at, step=step, key=carried_key):
                open_steps.add(step)
                since[step], keys[step] = at, carried_key
                starts[step] = starts.get(step, 0) + 1
                touched.discard(step)
                failed.pop(step, None)
            case Finished(stop=True):
                # It ended the run. When the run goes on it is played again, and one that writes is in doubt.
                pass
            case Finished(step=step, outputs=given):
                outputs[step] = given or {}
                open_steps.discard(step)
            case Failed(step=step, message=message, hint=hint):
                failed[step] = message, hint
                open_steps.discard(step)
                tries.pop(step, None)
                # A step that runs anew asks anew: a refusal is not for ever.
                answers = {where: answer for where, answer in answers.items() if where[0] != step}
            case Retried(at=at, step=step, wait=wait):
                open_steps.discard(step)
                tries[step] = tries.get(step, (0, 0.0))[0] + 1, at + wait
            case Skipped(step=step, reason=reason) if reason != NOT_ASKED:
                open_steps.discard(step)
            case Once(step=step, key=key, value=value):
                once[step, key] = value
            case Touched(step=step):
                touched.add(step)
            case Answered(key=key, choice=choice) if key.startswith(ASKED_ANEW) and choice == STOP:
                # Whoever goes on with the run is asked again.
                pass
            case Answered(step=step, key=key, choice=choice, payload=payload, by=by, decided_at=at):
                answers[step, key] = Answer(choice, payload, by, at)
                if key.startswith(DOUBT) and choice == AGAIN:
                    redone[step] = redone.get(step, 0) + 1
                if step and not key.startswith(BREAK):  # There it stands before its start, as the run does at a limit.
                    open_steps.add(step)
            case Asked(step=step, key=key) if step not in touched and not key.startswith(DOUBT):
                # A step that stands at a question and has reached nothing yet leaves no doubt.
                open_steps.discard(step)
            case Kept(sealed=sealed):
                sessions = sealed
            case _:
                pass
    doubt = frozenset(step for step in open_steps if effect(plain(step)) is Effect.WRITE)
    again = {step: starts.get(step, 0) for step in doubt}
    when = {step: since[step] for step in doubt if step in since}
    carried = {step: keys[step] for step in doubt if keys.get(step)}
    return Past(outputs, failed, once, answers, doubt, again, sessions, when, carried, tries, redone)
