"""Follow a run on the terminal to its end: its steps, its questions, Ctrl+C, its result, its exit status."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import JsonValue as Json

from app.cli.progress import Progress
from app.cli.terminal import Terminal, one_line, safe, somebody_is_there
from app.runs.reading.picture import Open, Picture
from app.server.deadline import Deadline
from app.store.runs import Run
from app.studio import Studio
from app.ui.words import duration
from flows.model import Flow

DONE, FAILED, REFUSED, WAITING, STOPPED = 0, 1, 2, 3, 130
"""Exit statuses."""
TICK = 0.5
LINES = 40
"""Lines that are shown of what a question is about."""
SETTLED = 1.0
"""Seconds for which nothing but questions must be open before a run without a person is put away."""


class Stopping:
    """Ctrl+C, or another program's wish to end: told once, and whatever hangs, the process is gone after 5 s."""

    def __init__(self, terminal: Terminal) -> None:
        self.asked = asyncio.Event()
        self.run_id = ""
        self._told = False
        self._terminal = terminal
        self._deadline = Deadline(status=STOPPED)

    @contextlib.contextmanager
    def heard(self) -> Iterator[None]:
        """Inside it, both signals ask for a stop."""
        loop = asyncio.get_running_loop()

        def stop(_signal: int, _frame: object) -> None:
            if self._told:
                os._exit(STOPPED)  # Who presses twice does not want to wait.
            self._told = True
            self._deadline.begin()
            loop.call_soon_threadsafe(self._ask)

        before = {each: signal.signal(each, stop) for each in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _ask(self) -> None:
        self.asked.set()
        self._terminal.show([])
        self._terminal.say(f"Stopping … To go on later: weft resume {self.run_id}" if self.run_id else "Stopping …")


@dataclass(frozen=True)
class Ended:
    """How it ended for the command."""

    record: Run
    message: str
    seconds: float


async def play(
    studio: Studio, run_id: str, flow: Flow, terminal: Terminal, stopping: Stopping, before: Picture | None = None
) -> Ended:
    """Follow a run that was started until it ends, is stopped, or only waits for a person who is not there."""
    began = time.monotonic()
    changed = asyncio.Event()
    progress = Progress(flow, studio.catalog, terminal, before)
    watch = await studio.runs.watch(run_id, lambda _paths: changed.set())
    ending = asyncio.create_task(studio.runs.wait(run_id))
    stop = asyncio.create_task(stopping.asked.wait())
    asking: asyncio.Task[None] | None = None
    left_alone = not somebody_is_there()
    only_questions_since: float | None = None
    try:
        while not ending.done():
            progress.heard(watch.picture)
            if stop.done():
                await studio.runs.stop(run_id)
                break
            if watch.picture.questions and not left_alone and (asking is None or asking.done()):
                if asking is not None and asking.exception() is not None:
                    left_alone = True
                else:
                    asking = asyncio.create_task(_ask(studio, run_id, _next(watch.picture), terminal))
            if watch.picture.questions and left_alone and not watch.picture.busy:
                only_questions_since = only_questions_since or time.monotonic()
                if time.monotonic() - only_questions_since > SETTLED:
                    break
            else:
                only_questions_since = None
            changed.clear()
            waiter = asyncio.create_task(changed.wait())
            each = {ending, stop, waiter, *([asking] if asking is not None and not asking.done() else [])}
            await asyncio.wait(each, timeout=TICK, return_when=asyncio.FIRST_COMPLETED)
            waiter.cancel()
        record = await studio.runs.stored.get(run_id)
        progress.heard(watch.picture)
        terminal.show([])
        for question in watch.picture.questions.values():
            if record.status == "waiting":
                terminal.say(f"{terminal.mark('asked')} {one_line(question.title)} ({' / '.join(question.choices)})")
        return Ended(record, record.message or watch.picture.message, time.monotonic() - began)
    finally:
        watch.close()
        for task in (ending, stop, asking):
            if task is not None:
                task.cancel()


def tell(ended: Ended, terminal: Terminal, *, as_json: bool, stopped: bool) -> int:
    """Say how it ended and what to do next, print the result; the exit status."""
    record, took = ended.record, duration(ended.seconds)
    result: Json = None if record.result is None else json.loads(record.result)
    match record.status:
        case "done":
            message = f": {one_line(ended.message)}" if ended.message else "."
            terminal.say(f"{terminal.mark('done')} Done in {took}{message}")
            status = DONE
        case "waiting":
            terminal.say(
                f"“{one_line(record.flow_name)}” waits for an answer. To give it, run `weft resume {record.id}` in a"
                " terminal, or open the Inbox in Weft's window."
            )
            status = WAITING
        case _ if stopped:
            terminal.say(f"{terminal.mark('stopped')} Stopped after {took}.")
            status = STOPPED
        case _:
            what = one_line(ended.message) or "It was interrupted."
            terminal.say(f"{terminal.mark('failed')} Failed after {took}: {what}")
            terminal.say(f"  To go on after its last finished step: weft resume {record.id}")
            status = FAILED
    if as_json:
        shown = {"run": record.id, "flow": record.flow_name, "status": record.status, "message": ended.message}
        write(json.dumps({**shown, "result": result, "seconds": round(ended.seconds, 3)}, ensure_ascii=not _is_utf()))
    elif status == DONE and result is not None:
        write(as_text(result))
    return status


def as_text(result: Json) -> str:
    """Text as it is, everything else as JSON. A step's only output is shown without its name."""
    if isinstance(result, dict) and list(result) == ["value"]:
        result = result["value"]
    if isinstance(result, str):
        return safe(result) if sys.stdout.isatty() else result
    return json.dumps(result, indent=2, ensure_ascii=not _is_utf())


def write(text: str) -> None:
    """Write to standard output; whoever reads it may have left."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        sys.stdout = None  # Python would complain again when it flushes at the end


def _is_utf() -> bool:
    return (sys.stdout.encoding or "").lower().startswith("utf")


def _next(picture: Picture) -> Open:
    return next(iter(picture.questions.values()))


async def _ask(studio: Studio, run_id: str, question: Open, terminal: Terminal) -> None:
    """Put a question of the run to the person, until there is an answer it knows. EOFError where nobody answers."""
    terminal.show([])
    terminal.say(f"{terminal.mark('asked')} {one_line(question.title)}")
    about = [] if question.payload is None else as_text(question.payload).splitlines()
    more = [f"… {len(about) - LINES} lines more"] if len(about) > LINES else []
    for line in [*question.text.splitlines(), *about[:LINES], *more]:
        terminal.say(f"  {safe(line)}")
    choice = await chosen(question.choices, terminal)
    decision = await studio.runs.answer(run_id, question.step, question.key, choice, by="a terminal")
    if not decision.won and decision.entry is not None and decision.entry.choice:
        decided = f"{one_line(decision.entry.choice)}, by {decision.entry.decided_by}"
        terminal.say(f"  This had been decided already: {decided}.")
    # The picture tells of the answer a moment later; asked again before, it would be the same question.
    await asyncio.sleep(0.2)


async def chosen(choices: tuple[str, ...], terminal: Terminal) -> str:
    """The choice a person typed, as its number or its first letters. EOFError where nobody types."""
    offered = "   ".join(f"{number} {one_line(choice)}" for number, choice in enumerate(choices, 1))
    while True:
        typed = await terminal.answer(f"  {offered}\n  Your answer: ")
        if typed is None:
            raise EOFError
        found = choice_of(typed, choices)
        if found is not None:
            return found


def choice_of(typed: str, choices: tuple[str, ...]) -> str | None:
    """The one choice that was meant, or None."""
    if typed.isdecimal() and 1 <= int(typed) <= len(choices):
        return choices[int(typed) - 1]
    meant = [each for each in choices if typed and each.casefold().startswith(typed.casefold())]
    return meant[0] if len(meant) == 1 else None
