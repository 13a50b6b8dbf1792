"""Times as a person writes them: `2 h 30 min`, `18:00`, `2026-05-03 08:00`."""

import re
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Annotated

from pydantic import AfterValidator

from nodes import NodeError, Text

UNITS = {
    "s": 1, "sec": 1, "second": 1, "min": 60, "minute": 60, "h": 3600, "hour": 3600, "d": 86_400, "day": 86_400,
    "w": 604_800, "week": 604_800,
}  # fmt: skip
LONGEST = 200 * 365 * 86_400.0
_PART = re.compile(r"(\d+(?:[.,]\d+)?)\s*([a-z]+)", re.IGNORECASE)
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")


def seconds_of(text: str) -> float:
    """How many seconds a duration such as `2 h 30 min` is. NodeError where it is none."""
    parts = _PART.findall(text)
    left = _PART.sub("", text).replace("and", "").replace(",", "").strip()
    units = [UNITS.get(unit.lower()) or UNITS.get(unit.lower().removesuffix("s"), 0) for _, unit in parts]
    if not parts or left or not all(units):
        raise NodeError(
            f"“{text.strip()[:60]}” is not a length of time.",
            hint="Write a number and a unit: 90 s, 10 min, 2 h, 3 days, 1 week.",
            retryable=False,
        )
    seconds = sum(float(amount.replace(",", ".")) * unit for (amount, _), unit in zip(parts, units, strict=True))
    if seconds > LONGEST:
        raise NodeError(f"“{text.strip()[:60]}” is too long.", hint="At most 200 years can be waited.", retryable=False)
    return seconds


def moment_of(text: str, now: float) -> float:
    """The moment that a time means, in seconds since 1970; a time of day is the next time that the clock shows it."""
    text = text.strip()
    today = datetime.fromtimestamp(now)
    try:
        if clock := _CLOCK.fullmatch(text):
            hour, minute, second = (int(part or 0) for part in clock.groups())
            found = datetime.combine(today.date(), time(hour, minute, second))
            if found <= today:
                found = datetime.combine(today.date() + timedelta(days=1), found.time())
            return found.timestamp()
        return datetime.fromisoformat(text).timestamp()
    except (ValueError, OverflowError):
        raise NodeError(
            f"“{text[:60]}” is not a time.",
            hint="Write a time of day as in 18:00, or a date as in 2026-05-03 or 2026-05-03 08:00.",
            retryable=False,
        ) from None


def when_of(text: str, now: float) -> float:
    """The moment that a length of time from now, or a time, means."""
    if _PART.match(text.strip()) and ":" not in text:
        return now + seconds_of(text)
    try:
        return moment_of(text, now)
    except NodeError as error:
        raise NodeError(error.what, hint=f"{error.hint} A length of time is fine too, as in 2 days.") from None


def _written(read: Callable[[str], object]) -> AfterValidator:
    """Says where it is written that a text is no time, and not days later when its step runs."""

    def check(text: str) -> str:
        try:
            if text.strip():
                read(text)
        except NodeError as error:
            raise ValueError(f"{error.what} {error.hint}") from None
        return text

    return AfterValidator(check)


Length = Annotated[Text, _written(seconds_of)]
Moment = Annotated[Text, _written(lambda text: moment_of(text, 0.0))]
When = Annotated[Text, _written(lambda text: when_of(text, 0.0))]
