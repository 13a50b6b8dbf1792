"""The ways to run a flow, each with its key: one table for the menu, the step's panel, and the list of keys."""

from __future__ import annotations

from typing import NamedTuple


class Way(NamedTuple):
    """`key` as it is heard, `shown` as it is printed; `step` where it is about the step that is chosen."""

    name: str
    title: str
    icon: str
    key: str
    shown: str
    about: str
    step: bool = False


RUN = Way("run", "Run", "play_arrow", "", "Ctrl+Enter", "From the beginning.")
REHEARSE = Way(
    "rehearse",
    "Rehearse",
    "theater_comedy",
    "ctrl+shift+enter",
    "Ctrl+Shift+Enter",
    "Nothing is written, sent or bought. You get a list of what would have happened.",
)
TO = Way("to", "Run to here", "start", "t", "T", "This step and what it needs, as far as that has changed.", True)
STEP = Way("step", "Run this step", "play_circle", "r", "R", "Only this step, with what it was given last.", True)
FROM = Way("from", "Run from here", "resume", "shift+r", "Shift+R", "This step and everything after it.", True)
STALE = Way("stale", "Run what is out of date", "update", "s", "S", "Only steps whose result may be another one now.")
DEBUG = Way("debug", "Debug", "bug_report", "g", "G", "Stops at every breakpoint (F9 sets one).")
WRITES = Way(
    "writes",
    "Debug: stop before every write",
    "front_hand",
    "shift+g",
    "Shift+G",
    "Stops before everything that writes, sends or costs something.",
)
WAYS = (RUN, REHEARSE, TO, STEP, FROM, STALE, DEBUG, WRITES)
