"""How the last starts of the window ended: after two crashes within a minute, the next one starts nothing by itself."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

SOON = 60.0
"""Seconds within which two crashes are no accident."""

CRASHES = 2
KEPT = 5


@dataclass
class Start:
    """One start: when it began, which boot it was, what it was doing last, and whether it ended as it should."""

    at: float
    boot: str = ""
    doing: str = ""
    ended: bool = False


class Starts:
    """The last starts on this data folder. Only the window keeps it, as only one is open at a time."""

    def __init__(self, folder: Path, now: Callable[[], float] = time.time) -> None:
        self._path = folder / "starts.json"
        self._now = now
        before = _read(self._path)
        last = before[-CRASHES:]
        crashed = len(last) == CRASHES and not any(start.ended for start in last)
        self.crashed = last if crashed and 0 <= now() - last[0].at <= SOON else []
        """The starts that crashed, one soon after the other; none where all is well."""
        self._starts = [*before, Start(now())][-KEPT:]
        self._write()

    @property
    def safe(self) -> bool:
        """True where this start is to begin nothing by itself."""
        return bool(self.crashed)

    @property
    def boots(self) -> list[str]:
        """The names of the starts that crashed."""
        return [start.boot for start in self.crashed if start.boot]

    @property
    def culprit(self) -> str:
        """What the last of them was doing when it crashed, where that is known; empty otherwise."""
        return self.crashed[-1].doing if self.crashed else ""

    def named(self, boot: str) -> None:
        """This start goes by this name."""
        self._starts[-1].boot = boot
        self._write()

    def doing(self, what: str) -> None:
        """Remember what is done now, in case it is the end of everything; empty when it is over."""
        self._starts[-1].doing = what
        self._write()

    def end(self) -> None:
        """This start has ended as it should."""
        self._starts[-1].ended = True
        self._write()

    def _write(self) -> None:
        # Where it cannot be written, the studio starts all the same: it only notices less.
        with contextlib.suppress(OSError):
            half = self._path.with_name(f"{self._path.name}.half")
            half.write_text(json.dumps([asdict(start) for start in self._starts]), encoding="utf-8")
            half.replace(self._path)


def _read(path: Path) -> list[Start]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return [Start(float(each["at"]), str(each["boot"]), str(each["doing"]), bool(each["ended"])) for each in found]
    except (OSError, ValueError, KeyError, TypeError):
        return []
