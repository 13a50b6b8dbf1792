"""What a journal already holds, so that a resumed run does nothing twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from pydantic import JsonValue as Json

from app.engine.events import Answered, Asked, Event, Failed, Finished, Kept, Once, Skipped, Started
from nodes.values import Effect


@dataclass(frozen=True)
class Past:
    """What has happened in a run before it goes on. Keys are step paths such as `each/17/line`."""

    outputs: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    once: Mapping[tuple[str, str], Json] = field(default_factory=dict)
    asked: frozenset[tuple[str, str]] = frozenset()
    answers: Mapping[tuple[str, str], str] = field(default_factory=dict)
    doubt: frozenset[str] = frozenset()
    sessions: str = ""


NOTHING = Past()


def plain(path: str) -> str:
    """The step's path in the flow, without the rounds: `each/17/line` is `each/line`."""
    return "/".join(path.split("/")[::2])


def past_of(events: Iterable[Event], effect: Callable[[str], Effect]) -> Past:
    """The past that these events tell. `effect` says what a step, by its path in the flow, does to the world."""
    outputs: dict[str, Mapping[str, Json]] = {}
    once: dict[tuple[str, str], Json] = {}
    asked: set[tuple[str, str]] = set()
    answers: dict[tuple[str, str], str] = {}
    open_steps: dict[str, None] = {}
    sessions = ""
    for event in events:
        match event:
            case Started(step=step):
                open_steps[step] = None
            case Finished(step=step, outputs=given):
                outputs[step] = given or {}
                open_steps.pop(step, None)
            case Failed(step=step) | Skipped(step=step):
                open_steps.pop(step, None)
                # A step that runs anew asks anew: a refusal is not for ever.
                asked = {where for where in asked if where[0] != step}
                answers = {where: choice for where, choice in answers.items() if where[0] != step}
            case Once(step=step, key=key, value=value):
                once[step, key] = value
            case Asked(step=step, key=key):
                asked.add((step, key))
            case Answered(step=step, key=key, choice=choice):
                answers[step, key] = choice
            case Kept(sealed=sealed):
                sessions = sealed
            case _:
                pass
    doubt = frozenset(step for step in open_steps if effect(plain(step)) is Effect.WRITE)
    return Past(outputs, once, frozenset(asked), answers, doubt, sessions)
