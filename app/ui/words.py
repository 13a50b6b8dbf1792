"""Times, durations and states as a person reads them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime

from app.language import current, msg, tr, trn
from app.language.choosing import SOURCE
from app.language.speaking import decimal, swapped

STATUS = {
    "running": (msg("Running"), "progress_activity"),
    "waiting": (msg("Waiting for you"), "help"),
    "resting": (msg("Resting"), "bedtime"),
    "done": (msg("Done"), "check_circle"),
    "failed": (msg("Failed"), "error"),
    "stopped": (msg("Stopped"), "stop_circle"),
    "interrupted": (msg("Interrupted"), "power_off"),
    "queued": (msg("Waiting for its turn"), "hourglass_empty"),
    "skipped": (msg("Skipped"), "skip_next"),
    "asked": (msg("Waiting for you"), "help"),
    "paused": (msg("Stands still"), "pause_circle"),
    "rehearsed": (msg("Rehearsed"), "visibility"),
}
"""A state in English, and its icon; `status_words` says it as the window does."""


def status_words(status: str) -> str:
    """A state in words."""
    return tr(STATUS.get(status, (status.capitalize(), ""))[0])


def icon_of(status: str) -> str:
    """The icon of a state."""
    return f"sym_r_{STATUS.get(status, ('', 'circle'))[1]}"


def duration(seconds: float) -> str:
    """A time span, as precise as it is useful: `0.4 s`, `12 s`, `3 min 5 s`, `2 h 10 min`."""
    if seconds < 0.0995:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 9.95:
        return decimal(f"{seconds:.1f} s")
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def ago(moment: float, now: float | None = None) -> str:
    """How long ago a moment was: `just now`, `5 min ago`, `yesterday 08:00`, `3 May 08:00`."""
    now = time.time() if now is None else now
    seconds = now - moment
    if seconds < 45:
        return tr("just now")
    if seconds < 3600:
        return tr("{minutes} min ago", minutes=max(1, round(seconds / 60)))
    then, today = datetime.fromtimestamp(moment), datetime.fromtimestamp(now)
    days = (today.date() - then.date()).days
    if days == 0:
        return tr("today {time}", time=f"{then:%H:%M}")
    if days == 1:
        return tr("yesterday {time}", time=f"{then:%H:%M}")
    return f"{_day(then)} {then:%H:%M}" if then.year == today.year else _day(then, year=True)


def _day(then: datetime, *, year: bool = False) -> str:
    """`3 May`, in German `3. Mai`."""
    if current() == SOURCE:
        return f"{then.day} {then:%b %Y}" if year else f"{then.day} {then:%b}"
    from babel.dates import format_skeleton

    return str(format_skeleton("yMMMd" if year else "MMMd", then, locale=current()))


def exactly(moment: float) -> str:
    """A moment to the second, for whoever needs it: `2026-05-03 08:00:12`, in German `03.05.2026 08:00:12`."""
    then = datetime.fromtimestamp(moment)
    return f"{then:%Y-%m-%d %H:%M:%S}" if current() == SOURCE else f"{then:%d.%m.%Y %H:%M:%S}"


def clock(at: float, *, exact: bool = False) -> str:
    """A time of the day."""
    then = datetime.fromtimestamp(at)
    return decimal(f"{then:%H:%M:%S}.{then.microsecond // 1000:03d}") if exact else f"{then:%H:%M:%S}"


def size(count: int) -> str:
    """A number of bytes: `512 bytes`, `12 kB`, `3.4 MB`."""
    if count < 1000:
        return tr("{count} bytes", count=count)
    for unit, scale in (("kB", 1e3), ("MB", 1e6), ("GB", 1e9)):
        if count < scale * 1000:
            value = count / scale
            return f"{value:.0f} {unit}" if value >= 10 else decimal(f"{value:.1f} {unit}")
    return decimal(f"{count / 1e12:.1f} TB")


def dollars(amount: float) -> str:
    """An amount of money: `$1,234.50`, in German `1.234,50 $`."""
    digits = f"{amount:,.2f}" if amount >= 0.01 else f"{amount:.4f}"
    return f"${digits}" if current() == SOURCE else tr("${amount}", amount=swapped(digits))


def quoted(name: str) -> str:
    """A name in a sentence: `“Orders”`, in German `„Orders“`."""
    return tr("“{name}”", name=name)


def listed(names: Sequence[str]) -> str:
    """Things in a sentence: `A, B and C`."""
    return tr("{names} and {last}", names=", ".join(names[:-1]), last=names[-1]) if len(names) > 1 else "".join(names)


def sentence(text: str) -> str:
    """The text with a capital at its beginning."""
    return f"{text[:1].upper()}{text[1:]}"


def capped(names: Sequence[str], most: int) -> str:
    """The first so many things in a sentence, and how many more there are: `A, B and 2 more`."""
    if len(names) <= most:
        return listed(names)
    return trn("{names} and {n} more", "{names} and {n} more", len(names) - most, names=", ".join(names[:most]))
