"""Killed at any moment, a run goes on from where it was, and what it has written it does not write again."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import sqlite3
import sys
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.setup import ROOT
from tests.engine.steps import lines
from tests.runs.nursery import ALL
from tests.runs.studio import RunStudio

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are killed in a way only POSIX has")

KILLS = 20


class Nursery:
    """A process that gets children, one after the other."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def run(self, folder: Path, kill_after: float | None = None) -> int:
        """The status with which a run on this folder ended; it may be killed so many seconds after it began."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{folder}\n".encode())
        child = int(await self._process.stdout.readline())
        assert await self._process.stdout.readline() == b"begins\n"
        ended = asyncio.ensure_future(self._process.stdout.readline())
        if kill_after is not None:
            await asyncio.wait([ended], timeout=kill_after)
            with contextlib.suppress(ProcessLookupError):  # It may end at this very moment.
                if not ended.done():
                    os.kill(child, signal.SIGKILL)
        return int(await ended)


@pytest.fixture
async def nursery() -> AsyncIterator[Nursery]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.runs.nursery",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, cwd=ROOT,
    )  # fmt: skip
    yield Nursery(process)
    assert process.stdin is not None
    process.stdin.close()
    await process.wait()


async def test_a_run_killed_at_random_moments_writes_everything_once(nursery: Nursery, tmp_path: Path) -> None:
    chance = random.Random(7)
    kills = place = 0
    moments: Counter[int] = Counter()
    while kills < KILLS:
        folder = tmp_path / str(place)
        folder.mkdir()
        place += 1
        longest = 0.15
        while (status := await nursery.run(folder, chance.uniform(0, longest))) != 0:
            assert status == -signal.SIGKILL
            kills += 1
            moments[len(lines(folder / "ledger"))] += 1
            assert max(Counter(lines(folder / "ledger")).values(), default=0) <= 1
            whole(folder)
            longest *= 1.2  # However slow this computer is, it comes to an end.
        assert lines(folder / "ledger") == ALL
        async with RunStudio(folder) as studio:
            (card,) = await studio.runs.stored.newest()
            finished = [line for line in await studio.story(card.id) if line.endswith("finished")]
            assert (card.status, len(set(finished)), len(finished)) == ("done", 19, 19)
    assert len(moments) > 2, "The kills came too much at the same place to show anything."


def whole(folder: Path) -> None:
    """The database is one."""
    path = folder / "weft.db"
    if path.exists():
        connection = sqlite3.connect(path)
        try:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        finally:
            connection.close()
