"""The log of a whole run: everything its steps said, in order, read a page at a time."""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.engine.past import plain
from app.store.artifacts import Artifacts
from app.store.bones import PART, Bone, read_bones, read_some, wanted
from app.store.database import Database

WANTED = wanted(
    {
        "logged": ("level", "text"),
        "streamed": ("text",),
        "failed": ("message", "hint", "went_on"),
        "retried": ("message", "wait", "left"),
        "touched": ("what", "name"),
        "asked": ("title", "sort"),
        "answered": ("choice", "by"),
        "resumed": (),
        "ended": ("status", "message"),
    }
)

SHOWN = {
    "all": (),
    "warnings": ("warning", "error"),
    "errors": ("error",),
    "said": ("info", "warning", "error"),
    "text": ("text",),
    "reached": ("reached",),
}
"""What is shown of a log: which levels; none is all of them."""

LONGEST = 20_000
"""Characters of one entry that are read."""


@dataclass(frozen=True)
class Filter:
    """Which entries are wanted. `step` is a path in the flow, and means what is in that step too."""

    shown: str = "all"
    step: str = ""
    text: str = ""

    def takes(self, level: str, step: str, text: str) -> bool:
        """True for an entry that is wanted."""
        if (levels := SHOWN.get(self.shown, ())) and level not in levels:
            return False
        if self.step and not f"{plain(step)}/".startswith(f"{self.step}/"):
            return False
        return not self.text or self.text.casefold() in text.casefold()


@dataclass(frozen=True)
class Entry:
    """One entry: when, how important, the step by its full path, and what was said."""

    seq: int
    at: float
    level: str
    step: str
    text: str


@dataclass
class _Stream:
    """Text that comes in pieces is one entry."""

    first: int
    place: int | None = None
    text: str = ""


class Log:
    """The entries of a run that a filter takes. `catch_up` with the journal, then read `entries`."""

    def __init__(self, database: Database, artifacts: Artifacts, run_id: str, only: Filter = Filter()) -> None:
        self.run_id = run_id
        self.only = only
        self._firsts, self._lasts = array("q"), array("q")
        self._streams: dict[str, _Stream] = {}
        self._read = -1
        self._database, self._artifacts = database, artifacts
        self._turn = asyncio.Lock()

    def __len__(self) -> int:
        return len(self._firsts)

    async def catch_up(self) -> bool:
        """Take what has come to the journal since; True where there was something of it."""
        async with self._turn:
            heard = False
            while True:
                bones = await read_bones(self._database, self._artifacts, self.run_id, self._read, WANTED)
                if bones:
                    heard = await asyncio.to_thread(self._take, bones) or heard
                    self._read = bones[-1].seq
                if len(bones) < PART:
                    return heard

    async def entries(self, first: int, count: int) -> list[Entry]:
        """So many entries from one on."""
        async with self._turn:
            firsts, lasts = self._firsts[first : first + count], self._lasts[first : first + count]
            found = await read_some(self._database, self._artifacts, self.run_id, firsts, WANTED)
            entries = [_entry(bone) for bone in found]
            longer = {start: end for start, end in zip(firsts, lasts, strict=True) if end > start}
            return [await self._whole(entry, longer[entry.seq]) if entry.seq in longer else entry for entry in entries]

    async def _whole(self, entry: Entry, last: int) -> Entry:
        """An entry with all the text that came for it."""
        pieces = [entry.text]
        after, length = entry.seq, len(entry.text)
        while after < last and length < LONGEST:
            some = await read_bones(
                self._database, self._artifacts, self.run_id, after, (("streamed", ("text",)),), entry.step
            )
            for bone in some:
                if bone.seq <= last:
                    pieces.append(str(bone.fields[0] or ""))
                    length += len(pieces[-1])
            if len(some) < PART:
                break
            after = some[-1].seq
        return Entry(entry.seq, entry.at, entry.level, entry.step, "".join(pieces)[:LONGEST])

    def _take(self, bones: Sequence[Bone]) -> bool:
        return any([self._took(bone) for bone in bones])

    def _took(self, bone: Bone) -> bool:
        if bone.kind != "streamed":
            self._streams.pop(bone.step, None)
            entry = _entry(bone)
            if not self.only.takes(entry.level, entry.step, entry.text):
                return False
            self._firsts.append(bone.seq)
            self._lasts.append(bone.seq)
            return True
        stream = self._streams.setdefault(bone.step, _Stream(bone.seq))
        if stream.place is not None:
            self._lasts[stream.place] = bone.seq
            return True
        stream.text = (stream.text + str(bone.fields[0] or ""))[:LONGEST]
        if not self.only.takes("text", bone.step, stream.text):
            return False
        stream.place, stream.text = len(self._firsts), ""
        self._firsts.append(stream.first)
        self._lasts.append(bone.seq)
        return True


def _entry(bone: Bone) -> Entry:
    return Entry(bone.seq, bone.at, _level(bone), bone.step, _text(bone.kind, bone.fields)[:LONGEST])


def _level(bone: Bone) -> str:
    match bone.kind:
        case "logged":
            level = str(bone.fields[0] or "info")
            return level if level in ("info", "warning", "error") else "info"
        case "failed":
            return "error"
        case "retried":
            return "warning"
        case "streamed":
            return "text"
        case "touched":
            return "reached"
        case "ended":
            return "error" if bone.fields[0] == "failed" else "info"
        case _:
            return "info"


def _text(kind: str, fields: Sequence[Any]) -> str:
    match kind:
        case "logged":
            return str(fields[1] or "")
        case "streamed":
            return str(fields[0] or "")
        case "touched":
            return f"{str(fields[0] or '').capitalize()}: {fields[1] or ''}"
        case "retried":
            left = f" {fields[2]} more." if fields[2] and fields[2] > 1 else ""
            return f"{fields[0] or 'It failed.'} Trying again in {float(fields[1] or 0):g} s.{left}"
        case "asked":
            return f"Waits: {fields[0] or ''}" if fields[1] == "rest" else f"Asked: {fields[0] or ''}"
        case "answered":
            by = f" (in {str(fields[1]).removeprefix('in ')})" if fields[1] else ""
            return f"Answered: {fields[0]}{by}" if fields[0] else "Goes on."
        case "resumed":
            return "The run goes on."
        case "ended":
            return " ".join(filter(None, (f"The run has ended: {fields[0]}.", str(fields[1] or ""))))
        case _:
            return " ".join(str(field) for field in fields if field)
