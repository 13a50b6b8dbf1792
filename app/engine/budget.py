"""What a run may use and what it has used, counted. Pure: whoever finds it at a limit asks a person elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pydantic import JsonValue as Json

from app.engine.asking import STOP
from app.engine.usage import Tally, Used, WorkClock
from flows.model import Limits
from nodes.context import Answer, Question

BUDGET = "budget"
"""How the key of a question begins that asks for more."""

MORE = "Go on with more"


@dataclass(frozen=True)
class Caps:
    """What all runs of the studio may use from midnight to midnight; None means as much as they like."""

    tokens: int | None = None
    money: float | None = None


NO_CAPS = Caps()


@dataclass
class Day:
    """What was used since midnight, by all runs of a flow and by all of the studio, and the studio's caps."""

    flow: Used = field(default_factory=Used)
    studio: Used = field(default_factory=Used)
    caps: Caps = NO_CAPS


@dataclass(frozen=True)
class Reached:
    """A limit that is reached: which one, how much it is, and how much was used or would be."""

    name: str
    limit: float
    used: float
    unknown: int = 0

    @property
    def question(self) -> Question:
        """What a person is asked."""
        told = _used(self.name, _amount(self.name, self.used))
        if self.unknown:
            told += f" To that come {_calls(self.unknown)} of unknown cost."
        more = "What goes on finishes; nothing new begins before you answer. Raise the limit for this run, or stop it."
        return Question(
            f"{_limit_of(self.name)} of {_amount(self.name, self.limit)} is reached. Go on?",
            f"{told} {more}",
            (MORE, STOP),
            payload={"limit": _next(self.name, self.limit, self.used)},
            editable=True,
        )

    @property
    def ending(self) -> str:
        """How a run ends that was stopped here."""
        amount = _amount(self.name, self.limit)
        if self.unknown:
            amount = f"{amount}, with {_calls(self.unknown)} of unknown cost besides"
        match self.name:
            case "tokens_a_day" | "money_a_day":
                return f"Stopped at the flow's limit for a day of {amount}."
            case "studio_tokens" | "studio_money":
                return f"Stopped at the limit of all flows for a day of {amount}."
            case _:
                return f"Stopped at the run's limit of {amount}."


class Budget:
    """The limits of one run, and what it uses. `limited` is False where there is no limit to look at."""

    def __init__(
        self,
        limits: Limits,
        tally: Tally | None = None,
        day: Callable[[], Day] | None = None,
        answers: Mapping[tuple[str, str], Answer] | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        before = tally or Tally()
        self.used = before.used
        self.steps = before.steps
        alone = Day()
        self._day = day or (lambda: alone)
        self._own = {
            name: float(limit)
            for name in ("seconds", "steps", "tokens", "money", "tokens_a_day", "money_a_day")
            if (limit := getattr(limits, name)) is not None
        }
        self._raised: dict[str, float] = {}
        self._asked: dict[str, int] = {}
        self._reserved: dict[object, tuple[int, float]] = {}
        self.clock = WorkClock(before.seconds, now)
        self.said_unpriced = False
        self.limited = bool(self._own or self._day().caps != NO_CAPS)
        for (step, key), answer in sorted((answers or {}).items(), key=lambda each: each[0]):
            if not step and key.startswith(f"{BUDGET} ") and answer.choice == MORE:
                self._raise(key.split(" ")[1], answer.payload)

    @property
    def prices(self) -> bool:
        """True where money is limited."""
        return "money" in self._own or "money_a_day" in self._own or self._day().caps.money is not None

    @property
    def times(self) -> bool:
        """True where the time at work is limited."""
        return "seconds" in self._own

    def reached(
        self, *, begins: bool = False, tokens: int = 0, money: float = 0.0, alone: bool = False
    ) -> Reached | None:
        """The limit that is reached, or that another step, or a call of at most so much, would pass.

        What is held back for calls that go on counts too, unless it is looked at `alone`.
        """
        own, day, used = self._own, self._day(), self.used
        if not own and day.caps == NO_CAPS:
            return None
        reserved = () if alone else self._reserved.values()
        held_tokens = tokens + sum(each for each, _ in reserved)
        held_money = money + sum(each for _, each in reserved)
        caps = day.caps
        checks: list[tuple[str, float | None, float, float, int]] = [
            ("tokens", own.get("tokens"), used.tokens, held_tokens, used.uncounted),
            ("money", own.get("money"), used.money, held_money, used.unpriced),
            ("tokens_a_day", own.get("tokens_a_day"), day.flow.tokens, held_tokens, day.flow.uncounted),
            ("money_a_day", own.get("money_a_day"), day.flow.money, held_money, day.flow.unpriced),
            ("studio_tokens", caps.tokens, day.studio.tokens, held_tokens, day.studio.uncounted),
            ("studio_money", caps.money, day.studio.money, held_money, day.studio.unpriced),
        ]
        if begins and "steps" in own:
            checks.append(("steps", own["steps"], self.steps, 0, 0))
        if "seconds" in own:
            checks.append(("seconds", own["seconds"], self.clock.seconds, 0, 0))
        for name, limit, so_far, more, unknown in checks:
            if limit is None:
                continue
            limit = max(limit, self._raised.get(name, 0.0))
            if so_far >= limit or so_far + more > limit:
                return Reached(name, limit, so_far + more if so_far < limit else so_far, unknown)
        return None

    def begins_quickly(self) -> bool:
        """Count a step that begins and ends at once. False where it has to wait for a person."""
        if self.reached(begins=True) is not None:
            return False
        self.steps += 1
        return True

    def spend(self, tokens_in: int | None, tokens_out: int | None, money: float | None) -> None:
        """Count what a call has used, for the run and for the day."""
        day = self._day()
        for each in (self.used, day.flow, day.studio):
            each.add(tokens_in, tokens_out, money)

    def reserve(self, call: object, tokens: int, money: float = 0.0) -> None:
        """Hold back the most that a call may use, so that calls at the same time do not pass a limit together."""
        self._reserved[call] = tokens, money

    def release(self, call: object) -> None:
        """The call is over; what it has used was counted."""
        self._reserved.pop(call, None)

    def key(self, reached: Reached) -> str:
        """The key of the next question about a limit."""
        return f"{BUDGET} {reached.name} {self._asked.get(reached.name, 0) + 1:04d}"

    def answered(self, reached: Reached, payload: Json) -> None:
        """Raise a limit as a person said."""
        self._raise(reached.name, payload, reached)

    def needs_more_than(self, reached: Reached, payload: Json) -> str:
        """Why the limit that a person gave does not help; nothing where it does."""
        wanted = _given(payload)
        if payload is None or (wanted is not None and wanted > reached.used):
            return ""
        return f"The limit has to be a number above {_amount(reached.name, reached.used)}."

    def _raise(self, name: str, payload: Json, reached: Reached | None = None) -> None:
        self._asked[name] = self._asked.get(name, 0) + 1
        limit = max(self._own.get(name, 0.0), self._raised.get(name, 0.0))
        fallback = _next(name, reached.limit, reached.used) if reached is not None else limit * 2
        self._raised[name] = _given(payload) or fallback


def _used(name: str, amount: str) -> str:
    match name:
        case "tokens_a_day" | "money_a_day":
            return f"The runs of this flow today have used {amount}."
        case "studio_tokens" | "studio_money":
            return f"All runs of today together have used {amount}."
        case _:
            return f"This run has used {amount}."


def _limit_of(name: str) -> str:
    match name:
        case "tokens_a_day" | "money_a_day":
            return "The flow's limit for a day"
        case "studio_tokens" | "studio_money":
            return "The limit of all flows for a day"
        case _:
            return "The run's limit"


def _amount(name: str, count: float) -> str:
    if "money" in name:
        return f"${count:.2f}" if count >= 0.01 or not count else f"${count:.4f}"
    if "tokens" in name:
        return f"{count:,.0f} tokens"
    if name == "steps":
        return f"{count:,.0f} steps"
    return f"{count:,.0f} s at work" if count < 120 else f"{count / 60:,.0f} min at work"


def _calls(count: int) -> str:
    return f"{count} call" if count == 1 else f"{count} calls"


def _next(name: str, limit: float, used: float) -> float:
    """The limit that is proposed: twice as much, and more than is used."""
    doubled = max(limit, used) * 2
    return round(doubled, 6) if "money" in name else float(round(doubled)) or 1.0


def _given(payload: Json) -> float | None:
    wanted = payload.get("limit") if isinstance(payload, dict) else None
    if isinstance(wanted, str):
        try:
            wanted = float(wanted.strip().lstrip("$"))
        except ValueError:
            return None
    return float(wanted) if isinstance(wanted, int | float) and not isinstance(wanted, bool) and wanted > 0 else None
