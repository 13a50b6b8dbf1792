"""What happened when: a journal folded into one track a step, with the rounds of containers counted, not kept whole."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field

from app.store.bones import Bone, wanted

WANTED = wanted(
    {
        "resumed": (),
        "started": ("attempt",),
        "finished": ("ms", "reused", "by_hand"),
        "rehearsed": ("what",),
        "failed": ("ms", "message"),
        "retried": ("wait", "message"),
        "asked": ("key", "sort", "title"),
        "answered": ("key",),
        "skipped": ("reason",),
        "stopped": (),
        "ended": ("status",),
    }
)
"""What a timeline is made of. Whatever else is in a journal changes nothing in it."""

WAITING, DONE, SKIPPED, STOPPED, RUNNING, FAILED, ASKED = range(7)
"""How a round stands; the larger, the more it is to be seen."""

LETTERS = "-dsxrfa"
WORDS = ("waiting", "done", "skipped", "stopped", "running", "failed", "asked")
_CODES = {"finished": DONE, "failed": FAILED, "skipped": SKIPPED, "stopped": STOPPED}


@dataclass(slots=True)
class Bar:
    """One attempt of a step, or a time in which it waited and why. Without an end it goes on."""

    start: float
    end: float | None
    status: str
    said: str = ""
    attempt: int = 1


class Rounds:
    """When the rounds of one container began and ended, and how: three numbers for each."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.starts = array("d")
        self.ends = array("d")
        self._statuses = bytearray()
        self._open: dict[int, dict[str, int]] = {}
        self._at: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self.names)

    def status(self, place: int) -> int:
        """How a round stands."""
        if opened := self._open.get(place):
            return max(opened.values())
        return self._statuses[place]

    def open(self) -> Iterable[int]:
        """The rounds in which a step has not ended yet."""
        return self._open

    @property
    def asks(self) -> bool:
        """True while a step in one of them waits for an answer or a time."""
        return any(ASKED in opened.values() for opened in self._open.values())

    def end(self, place: int) -> float | None:
        """When a round ended; None while it goes on."""
        return None if place in self._open else self.ends[place]

    def failed(self, first: int = 0, last: int | None = None) -> int:
        """How many rounds failed, of all or of a part."""
        return self._statuses.count(FAILED, first, len(self.names) if last is None else last)

    def take(self, name: str, inner: str, kind: str, start: float, at: float, *, spared: bool) -> None:
        """Take what happened to a step of a round; `spared` where its failing harms nobody."""
        place = self._at.get(name)
        if place is None:
            place = self._at[name] = len(self.names)
            self.names.append(name)
            self.starts.append(start)
            self.ends.append(at)
            self._statuses.append(WAITING)
        self.ends[place] = max(self.ends[place], at)
        code = _CODES.get(kind)
        if code is None:
            if kind != "retried":
                self._open.setdefault(place, {})[inner] = ASKED if kind == "asked" else RUNNING
            return
        if opened := self._open.get(place):
            opened.pop(inner, None)
            if not opened:
                del self._open[place]
        if "/" not in inner:
            code = DONE if spared and code == FAILED else code
            self._statuses[place] = max(self._statuses[place], code)

    def stop(self) -> None:
        """What had not ended has no end any more."""
        for place in self._open:
            self._statuses[place] = max(self._statuses[place], STOPPED)
        self._open.clear()

    def go_on(self) -> None:
        """What was not done comes again."""
        self.stop()
        for place, status in enumerate(self._statuses):
            if status != DONE:
                self._statuses[place] = WAITING


@dataclass(slots=True)
class Track:
    """One step in one round of what is around it."""

    path: str
    bars: list[Bar] = field(default_factory=list)
    waits: list[Bar] = field(default_factory=list)
    rounds: Rounds | None = None
    status: str = "running"
    _asked: dict[str, Bar] = field(default_factory=dict)
    _would: bool = False

    @property
    def start(self) -> float:
        """When it was first heard of."""
        inside = self.rounds.starts[0] if self.rounds else float("inf")
        return min(inside, self.bars[0].start if self.bars else float("inf"))

    @property
    def asks(self) -> bool:
        """True while it, or a step in it, waits for an answer or a time."""
        return bool(self._asked) or (self.rounds is not None and self.rounds.asks)

    def open(self) -> Bar | None:
        """The attempt that goes on."""
        return self.bars[-1] if self.bars and self.bars[-1].end is None else None

    def take(self, bone: Bone, begin: float) -> None:
        """Take what happened to this step."""
        at, fields = bone.at, bone.fields
        match bone.kind:
            case "started":
                if (before := self.open()) is not None and not before.attempt:
                    before.attempt = int(fields[0] or 1)  # It stood still before it began.
                else:
                    self.cut(at, "stopped")
                    self.bars.append(Bar(max(at, begin), None, "running", attempt=int(fields[0] or 1)))
                self.status = "running"
            case "finished":
                reused = "reused" if fields[1] else "by hand" if fields[2] else ""
                self._end(at, begin, reused or ("rehearsed" if self._would else "done"), fields[0], "")
            case "failed":
                self._end(at, begin, "failed", fields[0], str(fields[1] or ""))
            case "retried":
                self._end(at, begin, "failed", None, str(fields[1] or ""))
                self.status = "running"
                self.waits.append(Bar(at, at + float(fields[0] or 0), "retry", "Waits before it is tried again"))
            case "rehearsed":
                self._would = True
            case "asked":
                self._asks(at, *fields)
            case "answered":
                self._answered(str(fields[0]), at)
            case "skipped":
                self._end(at, begin, "skipped", 0, str(fields[0] or ""))
            case "stopped":
                self._end(at, begin, "stopped", 0, "")
            case _:
                pass

    def cut(self, at: float, status: str) -> None:
        """Whatever goes on ends here without an end of its own."""
        for asked in self._asked.values():
            asked.end = at
        self._asked.clear()
        if (opened := self.open()) is not None:
            opened.end, opened.status = max(at, opened.start), status
            self.status = status

    def _end(self, at: float, begin: float, status: str, ms: float | None, said: str) -> None:
        for asked in self._asked.values():
            asked.end = at
        self._asked.clear()
        opened = self.open()
        if opened is None:
            # Of a quick step only the end is told, with how long it took.
            took = 0.0 if status in ("reused", "by hand") else float(ms or 0) / 1000
            opened = Bar(min(at, max(begin, at - took)), at, status)
            self.bars.append(opened)
        opened.end, opened.status, opened.said = at, status, said
        self.status = status
        if self.rounds is not None and status == "stopped":
            self.rounds.stop()

    def _asks(self, at: float, key: object, sort: object, title: object) -> None:
        resting = sort == "rest"
        if self.open() is None:
            self.bars.append(Bar(at, None, "running", attempt=0))
        bar = self._asked[str(key)] = Bar(at, None, "resting" if resting else "asked", str(title or ""))
        self.waits.append(bar)
        self.status = "resting" if resting else "asked"

    def _answered(self, key: str, at: float) -> None:
        if (bar := self._asked.pop(key, None)) is not None:
            bar.end = at
        if not self._asked and self.open() is not None:
            self.status = "running"


class Level:
    """The tracks of the steps directly in one scope: `""` for the flow, `each/17` for a round.

    `spared` are the steps, by their path in the flow, that may fail without harm.
    """

    def __init__(self, scope: str, begin: float, spared: frozenset[str]) -> None:
        self.scope = scope
        self.last = -1
        self.tracks: dict[str, Track] = {}
        self._prefix = f"{scope}/" if scope else ""
        self._begin = begin
        self._spared = spared
        self._plain = "/".join(scope.split("/")[::2]) + "/" if scope else ""
        self.until = begin
        """When anything was last heard of."""

    @property
    def pattern(self) -> str:
        """The steps that it is made of, as the journal is asked for them."""
        return f"{self._prefix}*"

    def take_all(self, bones: Iterable[Bone]) -> None:
        """Take what happened, in order. What is told of the run itself counts in every scope."""
        skip, tracks, begin = len(self._prefix), self.tracks, self._begin
        for bone in bones:
            self.last, self.until = bone.seq, max(self.until, bone.at)
            if not bone.step:
                self._run(bone)
                continue
            name, inside, rest = bone.step[skip:].partition("/")
            track = tracks.get(name)
            if track is None:
                track = tracks[name] = Track(f"{self._prefix}{name}")
            if not inside:
                track.take(bone, begin)
                continue
            if track.rounds is None:
                track.rounds = Rounds()
            round, _, inner = rest.partition("/")
            took = bone.fields[0] if bone.kind in ("finished", "failed") else None
            start = max(begin, bone.at - float(took or 0) / 1000)
            spared = bone.kind == "failed" and f"{self._plain}{name}/{inner}" in self._spared
            track.rounds.take(round, inner, bone.kind, start, bone.at, spared=spared)

    def end(self, status: str) -> None:
        """The run is over: what goes on in it has no end of its own."""
        for track in self.tracks.values():
            track.cut(self.until, status)
            if track.rounds is not None:
                track.rounds.stop()

    def _run(self, bone: Bone) -> None:
        if bone.kind == "ended":
            self.end("stopped")
        elif bone.kind == "resumed":
            # A run that waits for an answer is put away meanwhile, which is no interruption.
            status = "waited" if any(track.asks for track in self.tracks.values()) else "interrupted"
            for track in self.tracks.values():
                track.cut(bone.at, status)
                if track.rounds is not None:
                    track.rounds.go_on()

    def in_order(self) -> list[Track]:
        """The tracks by when they were first heard of."""
        return sorted(self.tracks.values(), key=lambda track: track.start)
