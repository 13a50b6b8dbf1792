"""What a flow from outside touches, shown on the terminal for a person to accept before anything of it runs."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from app.cli.terminal import Terminal, one_line, safe, somebody_is_there
from app.desk.from_file import Arrival, FlowFiles
from app.engine.sheet import words

if TYPE_CHECKING:
    from app.cli.playing import Stopping
    from app.desk.shelf import Review
    from app.studio import Studio
    from flows.model import Flow


async def reviewed(
    studio: Studio, flow: Flow, file_name: str, terminal: Terminal, stopping: Stopping, *, accept: bool
) -> Flow | None:
    """The flow as it may run here; None where nobody accepted what it touches, which has been said then."""
    files = FlowFiles(studio.database, studio.shelf)
    arrival = await files.arrive(flow) if file_name else Arrival(flow, await studio.shelf.to_review(flow.id), None)
    if (review := arrival.review) is None:
        return arrival.flow
    if review.new or not review.again:
        _show(review, file_name, terminal)
        if not accept and not await _accepted(arrival.flow, terminal, stopping):
            return None
    if file_name:
        await files.accept(arrival)
    else:
        await studio.shelf.accept(arrival.flow)
    return arrival.flow


def _show(review: Review, file_name: str, terminal: Terminal) -> None:
    name = f"“{one_line(review.flow.name)}”"
    if review.again:
        terminal.say(f"{name} has changed since you accepted it, and now wants more. It also")
    else:
        source = f"came from {one_line(file_name)}" if file_name else "came from elsewhere"
        terminal.say(f"{name} {source}, and nothing of it has run here yet. It")
    for section in words(review.new if review.again else review.all, review.flow):
        terminal.say(f"  {section.heading[:1].lower()}{section.heading[1:]}:")
        for line in section.lines:
            for part in safe(line).splitlines():
                terminal.say(f"    {part}")


async def _accepted(flow: Flow, terminal: Terminal, stopping: Stopping) -> bool:
    if not somebody_is_there():
        terminal.say(f"“{one_line(flow.name)}” was not run: nobody has accepted this yet.")
        terminal.say("If you do, run it again with --accept, or in a terminal, which asks.")
        return False
    answer = asyncio.create_task(terminal.answer("Run it? [y/N] "))
    stop = asyncio.create_task(stopping.asked.wait())
    await asyncio.wait({answer, stop}, return_when=asyncio.FIRST_COMPLETED)
    for task in (answer, stop):
        task.cancel()
    typed = answer.result() if answer.done() and not answer.cancelled() else None
    if (typed or "").casefold() in ("y", "yes"):
        return True
    terminal.say("Nothing was run." if not stopping.asked.is_set() else "")
    return False
