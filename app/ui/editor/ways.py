"""The ways to run a flow, one table for the menus and the step's panel. Their keys are those of their commands."""

from __future__ import annotations

from typing import NamedTuple

from app.language import msg
from app.ui.again import TITLE


class Way(NamedTuple):
    """`command` is whose key it has; `step` where it is about the step that is chosen. Its words are in English."""

    name: str
    title: str
    icon: str
    command: str
    about: str
    step: bool = False


RUN = Way("run", msg("Run"), "play_arrow", "run", msg("From the beginning."))
AGAIN = Way("again", TITLE, "play_arrow", "run", "")
"""While a run goes on. What would become of it is said when it is offered."""
REHEARSE = Way(
    "rehearse",
    msg("Rehearse"),
    "theater_comedy",
    "rehearse",
    msg("Nothing is written, sent or bought. You get a list of what would have happened."),
)
TO = Way(
    "to", msg("Run to here"), "start", "run.to", msg("This step and what it needs, as far as that has changed."), True
)
STEP = Way(
    "step", msg("Run this step"), "play_circle", "run.step", msg("Only this step, with what it was given last."), True
)
FROM = Way("from", msg("Run from here"), "resume", "run.from", msg("This step and everything after it."), True)
STALE = Way(
    "stale", msg("Run what is out of date"), "update", "run.stale", msg("Steps whose result may be another one now.")
)
DEBUG = Way("debug", msg("Debug"), "bug_report", "debug", msg("Stops at every breakpoint."))
WRITES = Way(
    "writes",
    msg("Debug: stop before every write"),
    "front_hand",
    "debug.writes",
    msg("Stops before everything that writes, sends or costs something."),
)
WAYS = (RUN, REHEARSE, TO, STEP, FROM, STALE, DEBUG, WRITES)
