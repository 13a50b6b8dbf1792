"""`weft resume`: continue a run after its last finished step, without a window."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.cli.playing import Stopping
    from app.cli.terminal import Terminal
    from app.store.runs import Runs

SHOWN = 5


def main(args: list[str]) -> int:
    """Continue the run to its end; the exit status."""
    from app.cli.run import STATUSES

    parser = argparse.ArgumentParser(prog="weft resume", description=__doc__, epilog=STATUSES)
    parser.add_argument("run", metavar="RUN", help="the id of the run")
    parser.add_argument("--json", action="store_true", help="for programs: print one object instead of the result")
    parser.add_argument("--show-browser", action="store_true", help="show the browser that the flow works in")
    asked = parser.parse_args(args)

    from app.cli.commanding import commanded

    async def work(terminal: Terminal, stopping: Stopping) -> int:
        return await _resume(asked, terminal, stopping)

    return commanded(work)


async def _resume(asked: argparse.Namespace, terminal: Terminal, stopping: Stopping) -> int:
    from app.cli.commanding import opened
    from app.cli.playing import Ended, play, tell
    from app.cli.terminal import one_line
    from app.store.refusal import RunMissing
    from flows.model import Flow

    async with opened(headed=asked.show_browser) as studio:
        stored = studio.runs.stored
        try:
            record = await stored.get(asked.run)
        except RunMissing as error:
            raise RunMissing(error.message, await _those_there_are(stored)) from None
        if record.status == "done":
            terminal.say(f"“{one_line(record.flow_name)}” is done already; nothing is left to run.")
            ended = Ended(record, record.message, (record.ended_at or record.created_at) - record.created_at)
            return tell(ended, terminal, as_json=asked.json, stopped=False)
        flow = Flow.model_validate_json(await stored.document(record))
        terminal.say(f"“{one_line(flow.name)}” goes on after its last finished step.")
        before = await studio.runs.watch(record.id, lambda _paths: None)
        before.close()
        await studio.runs.resume(record.id)
        stopping.run_id = record.id
        ended = await play(studio, record.id, flow, terminal, stopping, before.picture)
    return tell(ended, terminal, as_json=asked.json, stopped=stopping.asked.is_set())


async def _those_there_are(stored: Runs) -> str:
    """The newest runs that can be continued."""
    found = [run for run in await stored.newest(limit=100) if run.status not in ("done", "running")][:SHOWN]
    runs = ", ".join(f"{run.id} (“{run.flow_name}”, {run.status})" for run in found)
    return f"These can be continued: {runs}." if runs else "No run here can be continued."
