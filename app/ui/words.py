"""Times, durations and states as a person reads them."""

from __future__ import annotations

import time
from datetime import datetime

STATUS = {
    "running": ("Running", "progress_activity"),
    "waiting": ("Waiting for you", "help"),
    "resting": ("Resting", "bedtime"),
    "done": ("Done", "check_circle"),
    "failed": ("Failed", "error"),
    "stopped": ("Stopped", "stop_circle"),
    "interrupted": ("Interrupted", "power_off"),
    "queued": ("Waiting for its turn", "hourglass_empty"),
    "skipped": ("Skipped", "skip_next"),
    "asked": ("Waiting for you", "help"),
    "paused": ("Stands still", "pause_circle"),
    "rehearsed": ("Rehearsed", "visibility"),
}


def status_words(status: str) -> str:
    """A state in words."""
    return STATUS.get(status, (status.capitalize(), ""))[0]


def icon_of(status: str) -> str:
    """The icon of a state."""
    return f"sym_r_{STATUS.get(status, ('', 'circle'))[1]}"


def duration(seconds: float) -> str:
    """A time span, as precise as it is useful: `0.4 s`, `12 s`, `3 min 5 s`, `2 h 10 min`."""
    if seconds < 0.0995:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 9.95:
        return f"{seconds:.1f} s"
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
        return "just now"
    if seconds < 3600:
        return f"{max(1, round(seconds / 60))} min ago"
    then, today = datetime.fromtimestamp(moment), datetime.fromtimestamp(now)
    days = (today.date() - then.date()).days
    if days == 0:
        return f"today {then:%H:%M}"
    if days == 1:
        return f"yesterday {then:%H:%M}"
    return f"{then.day} {then:%b} {then:%H:%M}" if then.year == today.year else f"{then.day} {then:%b %Y}"


def size(count: int) -> str:
    """A number of bytes: `512 bytes`, `12 kB`, `3.4 MB`."""
    if count < 1000:
        return f"{count} bytes"
    for unit, scale in (("kB", 1e3), ("MB", 1e6), ("GB", 1e9)):
        if count < scale * 1000:
            value = count / scale
            return f"{value:.0f} {unit}" if value >= 10 else f"{value:.1f} {unit}"
    return f"{count / 1e12:.1f} TB"
