"""Continues a failed run in a process of its own, says when it is half-way, and then waits to be killed."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from app.runs.continuing import Continuing
from flows.model import Flow
from tests.engine.story import flow, step
from tests.runs.studio import RunStudio


def half_way(folder: Path) -> Flow:
    """Writes, needs a file, writes, and then waits."""
    return flow(
        "w.value -> m", "m -> last", "last -> g",
        w=step("write", ledger=str(folder / "ledger"), text="w"),
        m=step("missing", path=str(folder / "there")),
        last=step("write", ledger=str(folder / "ledger"), text="{{ m.value }}"),
        g=step("gated"),
    )  # fmt: skip


async def main(folder: Path) -> None:
    async with RunStudio(folder) as studio:
        old = await studio.play(half_way(folder))
        (folder / "there").touch()
        new = await Continuing(studio.database, studio.artifacts, studio.runs).continue_from(old, "m")
        await studio.until(new, "g started")
        os.write(1, b"half-way\n")
        await asyncio.sleep(60)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
