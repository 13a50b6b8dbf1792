"""Runs the same flow in one process after the other, so that each can be killed. Told to by lines on its input."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from app.engine.past import AGAIN, HAPPENED
from flows.model import Flow
from tests.engine.steps import lines
from tests.engine.story import body, each, flow, step
from tests.runs.studio import RunStudio, soon


def much_writing(ledger: Path) -> Flow:
    """Writes ten lines, some one after the other and some in a loop."""
    inside = body(
        "a.value -> w.value",
        a=step("say", text="round {{ item }}"),
        w=step("write", ledger=str(ledger), text="{{ a.value }}"),
        result="w.value",
    )
    return flow(
        "one -> two", "two -> items", "items.value -> each.items", "each -> last",
        one=step("write", ledger=str(ledger), text="one"),
        two=step("write", ledger=str(ledger), text="two"),
        items=step("give", value=[1, 2, 3, 4, 5, 6, 7]),
        each=each(inside),
        last=step("write", ledger=str(ledger), text="last {{ each.results | length }}"),
    )  # fmt: skip


ALL = ["one", "two", *(f"round {number}" for number in range(1, 8)), "last 7"]


async def go(folder: Path) -> None:
    """Start the run, or go on with it, and answer what it asks by what the ledger says."""
    ledger = folder / "ledger"
    async with RunStudio(folder) as studio:
        await studio.runs.recover()
        known = await studio.runs.stored.newest()
        os.write(1, b"begins\n")
        if known and known[0].status == "done":
            return
        if not known:
            run_id = await studio.runs.start(much_writing(ledger), {}, click_id="once")
        else:
            run_id = known[0].id
            await studio.runs.resume(run_id)
        watch = await studio.runs.watch(run_id, lambda _: None)
        while run_id in studio.runs.going:
            for question in list(watch.picture.questions.values()):
                written = _line(question.step) in lines(ledger)
                await studio.runs.answer(run_id, question.step, question.key, HAPPENED if written else AGAIN)
            await soon(lambda: bool(watch.picture.questions) or run_id not in studio.runs.going)
        watch.close()


def _line(at: str) -> str:
    container, _, rest = at.partition("/")
    if rest:
        return f"round {int(rest.split('/')[0]) + 1}"
    return "last 7" if container == "last" else container


def main() -> None:
    """For every line of input, a folder, one child: its number, a word when its run begins, its status when it ends."""
    for line in sys.stdin:
        child = os.fork()
        if not child:
            try:
                asyncio.run(go(Path(line.strip())))
            finally:
                os._exit(0 if sys.exc_info()[0] is None else 1)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
