"""What the inbox says of questions: until when, what happens then, and who decided."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from app.engine.asking import DEADLINE
from app.store.inbox import Decision, Entry
from app.ui.inbox.plain import plain

ICONS = {"question": "help", "doubt": "psychology_alt", "budget": "savings", "break": "pause_circle", "rest": "bedtime"}
SORTS = {
    "question": "A question",
    "doubt": "It is not known whether a step happened",
    "budget": "A limit is reached",
    "break": "The run stands still before a step",
    "rest": "A rest",
}

SOON = timedelta(minutes=10)
"""What comes sooner is said to the second."""


def sort_of(sort: str, key: str) -> str:
    """What sort of question it is; a doubt is told by its key."""
    return "doubt" if sort == "question" and key.startswith("doubt") else sort


def moment(when: float, now: float | None = None) -> str:
    """A moment of the past or the future: `today at 18:00`, `tomorrow at 08:00`, `3 May at 08:00`."""
    then, today = datetime.fromtimestamp(when), datetime.fromtimestamp(time.time() if now is None else now)
    if then.date() == today.date():
        day = "today"
    elif then.date() == today.date() + timedelta(days=1):
        day = "tomorrow"
    elif then.date() == today.date() - timedelta(days=1):
        day = "yesterday"
    else:
        day = f"{then.day} {then:%B}" if then.year == today.year else f"{then.day} {then:%B %Y}"
    # “Before 18:00” would be wrong for half a minute past it.
    is_soon = then.second > 0 and timedelta(0) <= then - today < SOON
    return f"{day} at {then:%H:%M:%S}" if is_soon else f"{day} at {then:%H:%M}"


def until(deadline: float | None, at_deadline: str, choices: Sequence[str]) -> str:
    """Until when there is time to decide, and what happens then; nothing where there is no end."""
    if deadline is None:
        return ""
    then = f"it counts as “{at_deadline}”" if at_deadline in choices else "the flow goes on as one whose time ran out"
    return f"Decide before {moment(deadline)}. After that {then}."


def decided(entry: Entry | None) -> str:
    """How a question was decided that can be decided no more."""
    if entry is None or entry.status in ("gone", "pending"):
        return "Nobody asks this any more: the run has ended, was stopped, or went on another way."
    when = moment(entry.decided_at or time.time())
    choice = plain(entry.choice)
    if entry.decided_by == DEADLINE:
        return f"The deadline decided it {when}: “{choice}”."
    return f"It had been decided {when} in {entry.decided_by.removeprefix('in ')}: “{choice}”."


def outcome(choice: str, decisions: Sequence[Decision]) -> str:
    """What came of deciding several at once: `2 answered with “Approve”; 1 had been decided …`."""
    won = sum(decision.won for decision in decisions)
    lost = Counter(decided(decision.entry) for decision in decisions if not decision.won)
    told = [f"{won} answered with “{choice}”."] if won else []
    told += [f"{count} not: {said}" if count > 1 or won else said for said, count in lost.items()]
    return " ".join(told)


def used(tokens: int, money: float) -> str:
    """What a run has used so far; nothing where it has used nothing."""
    parts = [f"{tokens:,} tokens"] if tokens else []
    if money:
        parts.append(f"${money:.2f}" if money >= 0.01 else f"${money:.4f}")
    return f"{', '.join(parts)} used so far" if parts else ""
