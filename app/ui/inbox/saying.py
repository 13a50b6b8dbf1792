"""What the inbox says of questions: until when, what happens then, and who decided."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from app.engine.asking import DEADLINE
from app.language import current, msg, spoken, tr, trn
from app.language.choosing import SOURCE
from app.language.speaking import decimal, grouped
from app.store.inbox import Decision, Entry
from app.ui.inbox.plain import plain

ICONS = {"question": "help", "doubt": "psychology_alt", "budget": "savings", "break": "pause_circle", "rest": "bedtime"}
SORTS = {
    "question": msg("A question"),
    "doubt": msg("It is not known whether a step happened"),
    "budget": msg("A limit is reached"),
    "break": msg("The run stands still before a step"),
    "rest": msg("A rest"),
}

ANSWERS = (msg("Approve"), msg("Reject"), msg("Allow"), msg("Refuse"), msg("Continue"))
"""Answers of one word that lower rooms offer, so that the catalogue has them."""

PLACES = (msg("the window of the run"), msg("the debugger"), msg("a terminal"))
"""Where else a question is answered, as it is kept."""

UNNAMED = msg("Go on?")
"""What a flow asks that does not say what."""


class Sorted(Protocol):
    """A question of a sort."""

    @property
    def sort(self) -> str: ...
    @property
    def key(self) -> str: ...


SOON = timedelta(minutes=10)
"""What comes sooner is said to the second."""


def sort_of(sort: str, key: str) -> str:
    """What sort of question it is; a doubt is told by its key."""
    return "doubt" if sort == "question" and key.startswith("doubt") else sort


def said_of(asked: Sorted, text: str) -> str:
    """What a question says: in the window's language where Weft asks; what a flow asks is the person's own."""
    if sort_of(asked.sort, asked.key) == "question":
        return tr(text) if text == UNNAMED else text
    return spoken(text)


def moment(when: float, now: float | None = None) -> str:
    """A moment of the past or the future: `today at 18:00`, `tomorrow at 08:00`, `3 May at 08:00`."""
    then, today = datetime.fromtimestamp(when), datetime.fromtimestamp(time.time() if now is None else now)
    if then.date() == today.date():
        day = tr("today")
    elif then.date() == today.date() + timedelta(days=1):
        day = tr("tomorrow")
    elif then.date() == today.date() - timedelta(days=1):
        day = tr("yesterday")
    else:
        day = _date(then, year=then.year != today.year)
    # “Before 18:00” would be wrong for half a minute past it.
    is_soon = then.second > 0 and timedelta(0) <= then - today < SOON
    return tr("{day} at {time}", day=day, time=f"{then:%H:%M:%S}" if is_soon else f"{then:%H:%M}")


def _date(then: datetime, *, year: bool) -> str:
    if current() == SOURCE:
        return f"{then.day} {then:%B %Y}" if year else f"{then.day} {then:%B}"
    from babel.dates import format_skeleton

    return str(format_skeleton("yMMMMd" if year else "MMMMd", then, locale=current()))


def until(deadline: float | None, at_deadline: str, choices: Sequence[str]) -> str:
    """Until when there is time to decide, and what happens then; nothing where there is no end."""
    if deadline is None:
        return ""
    when = moment(deadline)
    if at_deadline in choices:
        choice = spoken(at_deadline)
        return tr("Decide before {when}. After that it counts as “{choice}”.", when=when, choice=choice)
    return tr("Decide before {when}. After that the flow goes on as one whose time ran out.", when=when)


def decided(entry: Entry | None) -> str:
    """How a question was decided that can be decided no more."""
    if entry is None or entry.status in ("gone", "pending"):
        return tr("Nobody asks this any more: the run has ended, was stopped, or went on another way.")
    when = moment(entry.decided_at or time.time())
    choice = plain(spoken(entry.choice))
    if entry.decided_by == DEADLINE:
        return tr("The deadline decided it {when}: “{choice}”.", when=when, choice=choice)
    place = tr(entry.decided_by.removeprefix("in "))
    return tr("It had been decided {when} in {place}: “{choice}”.", when=when, place=place, choice=choice)


def outcome(choice: str, decisions: Sequence[Decision]) -> str:
    """What came of deciding several at once: `2 answered with “Approve”; 1 had been decided …`."""
    won = sum(decision.won for decision in decisions)
    lost = Counter(decided(decision.entry) for decision in decisions if not decision.won)
    told: list[str] = []
    if won:
        told.append(trn("{n} answered with “{choice}”.", "{n} answered with “{choice}”.", won, choice=spoken(choice)))
    told += [
        trn("{n} not: {why}", "{n} not: {why}", count, why=said) if count > 1 or won else said
        for said, count in lost.items()
    ]
    return " ".join(told)


def used(tokens: int, money: float) -> str:
    """What a run has used so far; nothing where it has used nothing."""
    spent = decimal(f"${money:.2f}" if money >= 0.01 else f"${money:.4f}") if money else ""
    if tokens and spent:
        return tr("{tokens} tokens, {money} used so far", tokens=grouped(tokens), money=spent)
    if tokens:
        return tr("{tokens} tokens used so far", tokens=grouped(tokens))
    return tr("{money} used so far", money=spent) if spent else ""
