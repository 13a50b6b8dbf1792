"""How each round of each container stands: its steps' ends, folded from the journal in constant time an event."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from app.engine.events import Answered, Asked, Event, Failed, Finished, Progressed, Skipped, Started, Stopped
from app.engine.past import plain
from flows.model import Body, walk

RUNNING, DONE, FAILED, SKIPPED, STOPPED, ASKED = range(1, 7)
"""How a step of a round stands; a round keeps three bits of it for each of its steps."""

BITS, MASK = 3, 7

_CODES: dict[type[Event], int] = {
    Started: RUNNING,
    Answered: RUNNING,
    Asked: ASKED,
    Finished: DONE,
    Failed: FAILED,
    Skipped: SKIPPED,
    Stopped: STOPPED,
}


@dataclass(slots=True)
class Loop:
    """The rounds of one container, of one playing of it: `each`, or `outer/3/inner`."""

    places: dict[str, int]
    """Where the bits of each step are; the same for every playing of the container."""
    rounds: dict[int, int] = field(default_factory=dict)
    newest: str = "0"
    """The round that began last; of containers that name their rounds, its name."""
    highest: int = -1
    total: int = 0
    end: int = 0
    """How the container itself ended; 0 while it goes on."""
    from_before: set[int] = field(default_factory=set)
    """Rounds of an earlier go of a run that went on, until they are heard of again."""

    @property
    def count(self) -> int:
        """How many rounds there are or will be, as far as anyone knows."""
        return max(self.total, self.highest + 1)


class Rounds:
    """The loops of a run. After `begin_changes`, `take_changes` says which rounds changed since it was last asked."""

    def __init__(self) -> None:
        self.loops: dict[str, Loop] = {}
        self.places: dict[str, dict[str, int]] = {}
        """Where the bits of the steps of each container are, by its path in the flow."""
        self._changed: dict[str, set[int] | None] | None = None

    def begin_changes(self) -> None:
        """Take note of changes from now on."""
        self._changed = {}

    def take_changes(self) -> dict[str, set[int] | None]:
        """The loops that changed, and which of their rounds; None where it may be any."""
        changed, self._changed = self._changed or {}, {}
        return changed

    def newest(self, loop: str) -> str:
        """The round of a loop that began last, `0` before the first."""
        found = self.loops.get(loop)
        return "0" if found is None else found.newest

    def add(self, path: str, loop: Loop) -> None:
        """A playing of a container as it stands, in place of all that was told of it."""
        loop.places = self.places.setdefault(plain(path), {})
        self.loops[path] = loop

    def take(self, event: Event) -> None:
        """Take one event of a step."""
        kind, step = type(event), event.step
        code = _CODES.get(kind)
        if code is None:
            if kind is Progressed:
                self._progressed(step, event)
            return
        if isinstance(event, Asked) and event.sort == "rest":
            code = RUNNING
        self.stands(step, code)

    def stands(self, step: str, code: int) -> None:
        """A step stands like this now: one of the codes above."""
        own = self.loops.get(step)
        if own is not None:
            own.end = 0 if code in (RUNNING, ASKED) else code
            self._note(step, None)
        name_at = step.rfind("/") + 1
        if not name_at:
            return
        round_at = step.rfind("/", 0, name_at - 1) + 1
        path, round, name = step[: round_at - 1], step[round_at : name_at - 1], step[name_at:]
        loop = self.loops.get(path)
        if loop is None:
            loop = self.loops[path] = Loop(self.places.setdefault(plain(path), {}))
        if not round.isdecimal():
            loop.newest = round
            return
        number = int(round)
        known = loop.rounds.get(number)
        if known is None or number in loop.from_before:
            loop.newest = round
            loop.from_before.discard(number)
            loop.highest = max(loop.highest, number)
        place = loop.places.get(name)
        if place is None:
            place = loop.places[name] = len(loop.places) * BITS
        loop.rounds[number] = (known or 0) & ~(MASK << place) | code << place
        self._note(path, number)

    def stop(self) -> None:
        """The run is over: rounds without an end have none any more."""
        for path, loop in self.loops.items():
            if not loop.end:
                loop.end = STOPPED
                self._note(path, None)

    def go_on(self) -> None:
        """The run goes on: in what was not done, all that was not done is to come again."""
        for path, loop in self.loops.items():
            if loop.end != DONE:
                loop.end = 0
                loop.from_before = set(loop.rounds)
                loop.rounds = {number: _only_done(known) for number, known in loop.rounds.items()}
                self._note(path, None)

    def _progressed(self, step: str, event: Event) -> None:
        loop = self.loops.get(step)
        if loop is not None and isinstance(event, Progressed) and event.total:
            loop.total = int(event.total)
            self._note(step, -1)

    def _note(self, path: str, number: int | None) -> None:
        if self._changed is None:
            return
        if number is None:
            self._changed[path] = None
        elif (numbers := self._changed.setdefault(path, set())) is not None:
            numbers.add(number)


def _only_done(known: int) -> int:
    """What is done of a round, with all else as if it had not begun."""
    kept = place = 0
    while known >> place:
        if known >> place & MASK == DONE:
            kept |= DONE << place
        place += BITS
    return kept


@dataclass(frozen=True)
class Shape:
    """What the flow says of a container's body: how many steps, and which of them may fail without harm."""

    steps: int
    may_fail: frozenset[str]


def shapes_of(flow: Body) -> dict[str, Shape]:
    """The shape of every container, by its path in the flow."""
    return {path: _shape(step.body.steps) for path, step in walk(flow) if step.body is not None}


def _shape(steps: Mapping[str, object]) -> Shape:
    may_fail: Iterable[str] = (name for name, step in steps.items() if getattr(step, "on_error", "stop") != "stop")
    return Shape(len(steps), frozenset(may_fail))
