"""`weft run`: run a flow without a window; its steps are told on the terminal, its result is printed."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.cli.playing import Stopping
    from app.cli.terminal import Terminal
    from app.studio import Studio
    from flows.model import Flow
    from flows.problems import Problem

STATUSES = "Exit status: 0 done, 1 failed, 2 not started, 3 waiting for an answer, 130 stopped."
LONGEST = 5_000_001
"""Bytes that are read of a file: one more than a flow may have, so that a longer one is noticed."""


def main(args: list[str]) -> int:
    """Run the flow to its end; the exit status."""
    parser = argparse.ArgumentParser(prog="weft run", description=__doc__, epilog=STATUSES)
    parser.add_argument("flow", metavar="FLOW", help="a flow file (- for standard input), or a flow's name or id")
    parser.add_argument("-i", "--input", action="append", default=[], metavar="NAME=VALUE", help="an input of the flow")
    parser.add_argument("--json", action="store_true", help="for programs: print one object instead of the result")
    parser.add_argument("--accept", action="store_true", help="accept what a flow from outside touches, without asking")
    parser.add_argument("--published", action="store_true", help="run the flow's published version, not its draft")
    parser.add_argument("--show-browser", action="store_true", help="show the browser that the flow works in")
    asked = parser.parse_args(args)
    given: dict[str, str] = {}
    for each in asked.input:
        name, equals, value = each.partition("=")
        if not equals or not name:
            parser.error(f"an input is written NAME=VALUE, not {each!r}")
        if name in given:
            parser.error(f"the input {name} is given twice")
        given[name] = value

    from app.cli.commanding import commanded

    async def work(terminal: Terminal, stopping: Stopping) -> int:
        return await _run(asked, given, terminal, stopping)

    return commanded(work)


async def _run(asked: argparse.Namespace, given: dict[str, str], terminal: Terminal, stopping: Stopping) -> int:
    from app.cli.commanding import opened
    from app.cli.playing import REFUSED, STOPPED, play, tell
    from app.cli.reviewing import reviewed
    from app.cli.terminal import one_line
    from app.engine.plan import Unrunnable
    from app.runs.service import NotStarted
    from app.store.refusal import Refusal

    read = _flow_in(asked.flow, terminal)
    if read is not None and asked.published:
        hint = "Name a flow of the studio, or leave --published out."
        raise Refusal("A flow in a file has no published version.", hint)
    async with opened(headed=asked.show_browser) as studio:
        flow, file_name = read or (await _on_shelf(studio, asked.flow), "")
        may_run: Flow | None
        if asked.published:
            may_run = await studio.shelf.published(flow.id)
        else:
            may_run = await reviewed(studio, flow, file_name, terminal, stopping, accept=asked.accept)
        if may_run is None:
            return STOPPED if stopping.asked.is_set() else REFUSED
        try:
            run_id = await studio.runs.start(may_run, dict(given), trigger="terminal")
        except (NotStarted, Unrunnable) as error:
            terminal.say(f"“{one_line(flow.name)}” cannot run yet.")
            _say_problems(error.problems, may_run, terminal)
            return REFUSED
        stopping.run_id = run_id
        ended = await play(studio, run_id, may_run, terminal, stopping)
    return tell(ended, terminal, as_json=asked.json, stopped=stopping.asked.is_set())


def _flow_in(text: str, terminal: Terminal) -> tuple[Flow, str] | None:
    """The flow in the file that is meant; None where a name is meant."""
    from app.cli.terminal import one_line
    from app.store.refusal import Refusal
    from flows.text import read_flow

    if text == "-":
        name, content = "standard input", sys.stdin.buffer.read(LONGEST)
    elif text.endswith((".yaml", ".yml")) or Path(text).is_file():
        name = text
        try:
            with open(text, "rb") as file:
                content = file.read(LONGEST)
        except OSError as error:
            raise Refusal(f"The file {text} cannot be read: {error.strerror}.", "Check its name.") from None
    else:
        return None
    found = read_flow(content, name)
    for note in found.notes:
        terminal.say(f"{name}: {one_line(str(note))}")
    return found.flow, name


async def _on_shelf(studio: Studio, text: str) -> Flow:
    from app.store.refusal import FlowMissing

    try:
        return (await studio.shelf.find(text)).flow
    except FlowMissing as error:
        cards = await studio.shelf.cards()
        if any(card.name.casefold() == text.casefold() for card in cards):
            raise
        names = ", ".join(f"“{card.name}”" for card in cards[:20])
        hint = f"The flows here are {names}." if names else "There are none here yet."
        raise FlowMissing(error.message, hint) from None


def _say_problems(problems: Sequence[Problem], flow: Flow, terminal: Terminal) -> None:
    from app.cli.terminal import one_line

    for problem in problems:
        declared = flow.inputs.get(problem.field) if not problem.step else None
        where = f"{problem.step}: " if problem.step else ""
        how = f" Give it with -i {problem.field}=…" if declared is not None else ""
        about = f" ({declared.help})" if declared is not None and declared.help else ""
        terminal.say(f"  {one_line(where + str(problem) + about + how)}")
