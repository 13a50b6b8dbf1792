"""What a run looked like at any moment: its journal folded up to an event, from the nearest picture kept before."""

from __future__ import annotations

import asyncio
import pickle
from bisect import bisect_right

from app.runs.reading.journal import take_rows
from app.runs.reading.picture import Picture
from app.store.artifacts import Artifacts
from app.store.database import Database
from app.store.journal import read_rows

EVERY = 2500
"""Events between two pictures that are kept: so many are folded at most before one can be seen."""

PART = 500
"""Rows that are folded before everything else has its turn."""


class Moments:
    """Pictures of one run. They are kept as bytes: small, and nobody can change them."""

    def __init__(self, database: Database, artifacts: Artifacts, run_id: str) -> None:
        self._database, self._artifacts, self._run_id = database, artifacts, run_id
        self._seqs: list[int] = []
        self._kept: list[bytes] = []
        self._turn = asyncio.Lock()

    async def at(self, number: int) -> Picture:
        """The picture after the event with this number; before the first, one of nothing."""
        async with self._turn:
            place = bisect_right(self._seqs, number) - 1
            last = self._seqs[place] if place >= 0 else -1
            picture = await asyncio.to_thread(_thawed, self._kept[place]) if place >= 0 else Picture()
            return await self._folded(picture, last, number)

    async def prepare(self, until: int) -> None:
        """Keep pictures up to an event, so that every moment before it is seen at once."""
        # A part at a time: whoever looks at a moment meanwhile does not wait for all of it.
        while (last := self._seqs[-1] if self._seqs else -1) + EVERY < until:
            await self.at(last + EVERY)
            if self._seqs and self._seqs[-1] == last:
                return  # There is no more than that.

    async def _folded(self, picture: Picture, last: int, until: int) -> Picture:
        begun = self._seqs[-1] if self._seqs else -1
        while last < until:
            rows = await read_rows(self._database, self._run_id, last, artifacts=self._artifacts, light=True, most=PART)
            if not rows:
                break
            wanted = rows[: bisect_right(rows, until, key=lambda row: row.seq)]
            await asyncio.to_thread(take_rows, picture, wanted)
            if len(wanted) < len(rows):
                break
            last = rows[-1].seq
            if last >= begun + EVERY:
                await self._keep(last, picture)
                begun = last
        if until > begun and until - begun >= EVERY:
            await self._keep(until, picture)
        return picture

    async def _keep(self, number: int, picture: Picture) -> None:
        self._kept.append(await asyncio.to_thread(pickle.dumps, picture, pickle.HIGHEST_PROTOCOL))
        self._seqs.append(number)


def _thawed(kept: bytes) -> Picture:
    picture: Picture = pickle.loads(kept)
    return picture
