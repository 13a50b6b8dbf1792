"""How each step of a run ended, by its journal: what another run can take over, and what is still in doubt."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from app.engine.budget import BUDGET
from app.engine.debug import BREAK
from app.engine.events import Answered, Event, Failed, Finished, Kept, Once, Skipped, Started
from app.engine.past import DOUBT, NOT_ASKED, NOTHING, Past, past_of
from nodes.values import Effect

OF_THIS_RUN = (DOUBT, BREAK, BUDGET)
"""How the keys of questions begin whose answers hold for no other run."""

End = Finished | Failed | Skipped


@dataclass(frozen=True)
class Ran:
    """What a run has done. Keys are step paths such as `each/17/line`, in the order in which the steps ended."""

    run_id: str
    ends: dict[str, End] = field(default_factory=dict)
    rounds: dict[str, dict[str, None]] = field(default_factory=dict)
    """The rounds of each playing of a container."""
    past: Past = NOTHING
    remembered: dict[str, list[Once | Answered]] = field(default_factory=dict)
    """What a step keeps for when it goes on: values worked out once, and answers."""
    sessions: dict[str, str] = field(default_factory=dict)
    """The browser sessions, sealed, as each step left them."""


def ran_of(run_id: str, events: Iterable[Event], effect: Callable[[str], Effect]) -> Ran:
    """What these events tell. `effect` says what a step, by its path in the flow, does to the world."""
    told = list(events)
    ran = Ran(run_id, past=past_of(told, effect))
    ends, remembered = ran.ends, ran.remembered
    for each in told:
        match each:
            case Started(step=step):
                ends.pop(step, None)
            case Skipped(step=step, reason=reason) if reason == NOT_ASKED:
                ends.pop(step, None)
            case Finished(step=step, stop=False) | Failed(step=step) | Skipped(step=step):
                ends.pop(step, None)
                ends[step] = each
            case Once(step=step):
                remembered.setdefault(step, []).append(each)
            case Answered(step=step, key=key) if (step, key) in ran.past.answers and not key.startswith(OF_THIS_RUN):
                remembered.setdefault(step, []).append(each)
            case Kept(step=step, sealed=sealed):
                ran.sessions.pop(step, None)
                ran.sessions[step] = sealed
            case _:
                pass
    for path in {each.step.rpartition("/")[0]: None for each in told}:
        while path:
            container, _, round = path.rpartition("/")
            ran.rounds.setdefault(container, {})[round] = None
            path = container.rpartition("/")[0]
    return ran
