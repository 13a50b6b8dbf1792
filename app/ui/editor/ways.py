"""The ways to run a flow, one table for the menus and the step's panel. Their keys are those of their commands."""

from __future__ import annotations

from typing import NamedTuple

from app.ui.again import TITLE


class Way(NamedTuple):
    """`command` is whose key it has; `step` where it is about the step that is chosen."""

    name: str
    title: str
    icon: str
    command: str
    about: str
    step: bool = False


RUN = Way("run", "Run", "play_arrow", "run", "From the beginning.")
AGAIN = Way("again", TITLE, "play_arrow", "run", "")
"""While a run goes on. What would become of it is said when it is offered."""
REHEARSE = Way(
    "rehearse",
    "Rehearse",
    "theater_comedy",
    "rehearse",
    "Nothing is written, sent or bought. You get a list of what would have happened.",
)
TO = Way("to", "Run to here", "start", "run.to", "This step and what it needs, as far as that has changed.", True)
STEP = Way("step", "Run this step", "play_circle", "run.step", "Only this step, with what it was given last.", True)
FROM = Way("from", "Run from here", "resume", "run.from", "This step and everything after it.", True)
STALE = Way("stale", "Run what is out of date", "update", "run.stale", "Steps whose result may be another one now.")
DEBUG = Way("debug", "Debug", "bug_report", "debug", "Stops at every breakpoint.")
WRITES = Way(
    "writes",
    "Debug: stop before every write",
    "front_hand",
    "debug.writes",
    "Stops before everything that writes, sends or costs something.",
)
WAYS = (RUN, REHEARSE, TO, STEP, FROM, STALE, DEBUG, WRITES)
