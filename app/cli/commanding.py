"""What every command that runs flows has around it: the terminal, Ctrl+C, and sentences for what can go wrong."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from app.cli.playing import REFUSED, Stopping
from app.cli.terminal import Terminal, one_line, safe
from app.engine.plan import Unrunnable
from app.store.home import home
from app.store.refusal import Refusal
from app.store.trouble import StoreTrouble
from app.studio import Studio, open_studio
from flows.text import FlowFileError

Work = Callable[[Terminal, Stopping], Awaitable[int]]


def commanded(work: Work) -> int:
    """Do the work of a command; its exit status. What a person can mend is said in sentences."""
    terminal = Terminal()
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s", handlers=[_Said(terminal)])

    async def all_of_it() -> int:
        stopping = Stopping(terminal)
        with stopping.heard():
            return await work(terminal, stopping)

    try:
        return asyncio.run(all_of_it())
    except FlowFileError as error:
        terminal.say(f"{error.file_name} is not a flow that can run.")
        for problem in error.problems:
            terminal.say(f"  {one_line(str(problem))}")
    except Unrunnable as error:
        terminal.say("This flow cannot run as it is.")
        for problem in error.problems:
            terminal.say(f"  {one_line(str(problem))}")
    except (Refusal, StoreTrouble) as error:
        terminal.say(safe(error.message))
        if error.hint:
            terminal.say(safe(error.hint))
        if isinstance(error, StoreTrouble):
            from app.cli.mending import ways_back

            for line in ways_back(error):
                terminal.say(line)
    return REFUSED


@asynccontextmanager
async def opened(*, headed: bool) -> AsyncIterator[Studio]:
    """The studio on this computer's data folder, put away afterwards. It may be open in a window as well."""
    studio = await open_studio(home(), headed=headed)
    studio.runs.parking.after = None  # Somebody sits here and thinks.
    try:
        yield studio
    finally:
        await studio.close()


class _Said(logging.Handler):
    """Warnings go between the lines of the terminal instead of through them."""

    def __init__(self, terminal: Terminal) -> None:
        super().__init__()
        self._terminal = terminal

    def emit(self, record: logging.LogRecord) -> None:
        self._terminal.say(safe(self.format(record)))
