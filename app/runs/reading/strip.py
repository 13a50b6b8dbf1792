"""The iteration strip of one loop: a mark for each round, or for several where there are many."""

from __future__ import annotations

from app.runs.reading import rounds
from app.runs.reading.rounds import BITS, MASK, Loop, Shape

MOST = 200
"""Marks of one strip; with more rounds, a mark stands for several and shows the worst."""

WAITING, DONE, SKIPPED, STOPPED, RUNNING, FAILED, ASKED = range(7)
"""How a round stands; the larger, the more it is to be seen."""

LETTERS = "-dsxrfa"
"""How the canvas is told of a mark, in the order of the numbers above."""

WORDS = ("waiting", "done", "skipped", "stopped", "running", "failed", "asked")


class Strip:
    """The marks of a loop. `all` gives everything that is to be drawn, `news` what has changed since."""

    def __init__(self, loop: Loop, shape: Shape) -> None:
        self.loop = loop
        self.each = 1
        self._shape = shape
        self._statuses = bytearray()
        self._marks = bytearray()
        self._known: dict[tuple[int, bool], int] = {}
        self._places = 0
        self._take(None)

    @property
    def count(self) -> int:
        """The rounds there are or will be."""
        return len(self._statuses)

    def of(self, status: int) -> int:
        """How many rounds stand so."""
        return self._statuses.count(status)

    def status(self, number: int) -> int:
        """How a round stands."""
        return self._statuses[number] if 0 <= number < len(self._statuses) else WAITING

    def word(self, number: int) -> str:
        """How a round stands, as its light is called."""
        return WORDS[self.status(number)]

    def all(self) -> dict[str, object]:
        """Everything that is to be drawn."""
        return {"count": self.count, "each": self.each, "marks": "".join(LETTERS[mark] for mark in self._marks)}

    def news(self, changed: set[int] | None) -> dict[str, object]:
        """What is to be drawn anew after these rounds have changed; None is any of them."""
        count, each, before = self.count, self.each, bytes(self._marks)
        self._take(changed)
        if each != self.each:
            return self.all()
        found: dict[str, object] = {} if count == self.count else {"count": self.count}
        if changes := _differences(before, self._marks):
            found["changes"] = changes
        return found

    def chosen_by_mark(self, mark: int) -> int | None:
        """The round that a mark means: the first of its worst. None where none has begun."""
        start = mark * self.each
        if not 0 <= start < len(self._statuses) or not self._marks[mark]:
            return None
        return self._statuses.index(self._marks[mark], start)

    def beside(self, number: int, by: int) -> int:
        """The begun round so many further on; where there is none, the last on the way."""
        step, left, found = (1 if by > 0 else -1), abs(by), number
        while left and 0 <= number + step < len(self._statuses):
            number += step
            if self._statuses[number]:
                found, left = number, left - 1
        return found

    def failed_beside(self, number: int, by: int) -> int:
        """The nearest failed round after this one, or before it; this one where there is none."""
        all = self._statuses
        found = all.find(FAILED, number + 1) if by > 0 else all.rfind(FAILED, 0, max(0, number))
        return number if found < 0 else found

    def _take(self, changed: set[int] | None) -> None:
        loop = self.loop
        if self._places != len(loop.places):
            self._places = len(loop.places)
            self._known.clear()
            changed = None
        count = loop.count
        if changed is None or count < len(self._statuses):
            self._statuses = bytearray(count)
            changed = set(loop.rounds)
        elif count > len(self._statuses):
            self._statuses.extend(bytes(count - len(self._statuses)))
        for number in changed:
            if number in loop.rounds:
                self._statuses[number] = self._status(number)
        self._thin(changed)

    def _thin(self, changed: set[int]) -> None:
        each = _rounds_per_mark(len(self._statuses), known=bool(self.loop.total))
        marks = -(-len(self._statuses) // each)
        statuses = self._statuses
        if each != self.each or marks < len(self._marks) or len(changed) > marks:
            self.each = each
            self._marks = bytearray(max(statuses[mark * each : (mark + 1) * each]) for mark in range(marks))
            return
        self._marks.extend(bytes(marks - len(self._marks)))
        for mark in {number // each for number in changed if number >= 0}:
            self._marks[mark] = max(statuses[mark * each : (mark + 1) * each])

    def _status(self, number: int) -> int:
        loop = self.loop
        key = (loop.rounds[number], bool(loop.end))
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._worked_out(*key)
        return WAITING if found == RUNNING and number in loop.from_before else found

    def _worked_out(self, known: int, over: bool) -> int:
        spared = {place for name, place in self.loop.places.items() if name in self._shape.may_fail}
        ends = [0] * (MASK + 1)
        for place in range(0, self._places * BITS, BITS):
            code = known >> place & MASK
            ends[rounds.DONE if code == rounds.FAILED and place in spared else code] += 1
        ended = ends[rounds.DONE] + ends[rounds.FAILED] + ends[rounds.SKIPPED] + ends[rounds.STOPPED]
        if not over:
            if ends[rounds.ASKED]:
                return ASKED
            if ends[rounds.RUNNING] or ended < self._shape.steps:
                return RUNNING
        if ends[rounds.FAILED]:
            return FAILED
        if ended < self._shape.steps or ends[rounds.STOPPED]:
            return STOPPED
        return DONE if ends[rounds.DONE] else SKIPPED


def _rounds_per_mark(count: int, *, known: bool) -> int:
    """As few as fit; where nobody knows how many will come, twice as many each time, so that marks rarely move."""
    each = max(1, -(-count // MOST))
    return each if known else 1 << (each - 1).bit_length()


def _differences(before: bytes, after: bytearray) -> list[tuple[int, str]]:
    """Where marks differ: the place of the first and the letters from there on, for each stretch."""
    found: list[tuple[int, str]] = []
    until = -1
    for place, mark in enumerate(after):
        if place < len(before) and before[place] == mark:
            continue
        if place == until:
            found[-1] = (found[-1][0], found[-1][1] + LETTERS[mark])
        else:
            found.append((place, LETTERS[mark]))
        until = place + 1
    return found
