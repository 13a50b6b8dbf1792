"""The `date` filter: from `2026-05-04T09:30:00` to how people write dates."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

from pydantic import JsonValue as Json

from flows.expressions.errors import ExpressionError
from flows.expressions.filters.arguments import words
from flows.expressions.registry import offered
from flows.expressions.values import Room, kind, shown

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
          "December")  # fmt: skip

# Written out instead of strftime, which differs between systems and takes a width (`%1000000000d`).
CODES: dict[str, Callable[[datetime], str]] = {
    "Y": lambda at: f"{at.year:04}",
    "y": lambda at: f"{at.year % 100:02}",
    "m": lambda at: f"{at.month:02}",
    "d": lambda at: f"{at.day:02}",
    "H": lambda at: f"{at.hour:02}",
    "I": lambda at: f"{at.hour % 12 or 12:02}",
    "M": lambda at: f"{at.minute:02}",
    "S": lambda at: f"{at.second:02}",
    "f": lambda at: f"{at.microsecond:06}",
    "p": lambda at: "AM" if at.hour < 12 else "PM",
    "j": lambda at: f"{at.timetuple().tm_yday:03}",
    "V": lambda at: f"{at.isocalendar().week:02}",
    "B": lambda at: MONTHS[at.month - 1],
    "b": lambda at: MONTHS[at.month - 1][:3],
    "A": lambda at: DAYS[at.weekday()],
    "a": lambda at: DAYS[at.weekday()][:3],
    "z": lambda at: at.strftime("%z"),
    "s": lambda at: str(int(at.timestamp())),
    "%": lambda at: "%",
}


@offered()
def date(room: Room, value: Json, format: Json = "%Y-%m-%d") -> str:
    """A date or time such as `2026-05-04T09:30:00Z`, or seconds since 1970, written as the format says."""
    moment = _moment(value)

    def written(match: re.Match[str]) -> str:
        code = CODES.get(match[2])
        if code is None:
            raise ExpressionError(
                f"`{match[0]}` means nothing in a date. There are: {' '.join('%' + c for c in CODES)}."
            )
        try:
            text = code(moment)
        except (OverflowError, OSError, ValueError):
            raise ExpressionError(f"{shown(value)} is a date that `{match[0]}` cannot write.") from None
        return text.lstrip("0") or "0" if match[1] else text

    return room.made(re.sub(r"%(-?)(.?)", written, words("date", format, room), flags=re.DOTALL))


def _moment(value: Json) -> datetime:
    try:
        match value:
            case str() if len(value) <= 64:
                return datetime.fromisoformat(value.strip())
            case bool():
                raise ValueError
            case int() | float():
                return datetime.fromtimestamp(value, UTC)
            case _:
                raise ValueError
    except (ValueError, OverflowError, OSError):
        what = shown(value) if isinstance(value, str | int | float) else kind(value).capitalize()
        raise ExpressionError(f"{what} is not a date. Dates look like `2026-05-04` or `2026-05-04T09:30:00`.") from None
