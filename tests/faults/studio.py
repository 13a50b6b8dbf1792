"""A whole studio in a process that can be killed, and a person before it who resumes, looks, and answers.

`python -m tests.faults.studio ORDERS`: the window's own main, with one more task in its loop. It waits for a line on
its input before it does anything, and says on its output what a person would have seen, a line of JSON each.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import sys
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from app import window
from app.engine.events import Event, Finished
from app.engine.past import AGAIN, HAPPENED
from app.runs.reading.picture import Open
from app.store.runs import Run
from app.studio import Studio, open_studio
from flows.model import Flow
from tests.faults.journey import happened

LOOKS_ON = bool(os.environ.get("WEFT_LOOKS_ON"))
"""The person sees the questions and answers none."""


@dataclass(frozen=True)
class Orders:
    """What is to be run, on which port the studio is, and where the person looks when a step is in doubt."""

    flow: Flow
    port: int
    ledger: Path
    files: Path

    def write(self, path: Path) -> None:
        told = {"flow": self.flow.model_dump(mode="json"), "port": self.port}
        path.write_text(json.dumps(told | {"ledger": str(self.ledger), "files": str(self.files)}))

    @classmethod
    def read(cls, path: Path) -> Orders:
        told = json.loads(path.read_text())
        return cls(Flow.model_validate(told["flow"]), told["port"], Path(told["ledger"]), Path(told["files"]))


class Person:
    """Plays the run to its end, over as many lives of the studio as it takes."""

    def __init__(self, studio: Studio, orders: Orders) -> None:
        self._studio = studio
        self._orders = orders
        self._changed = asyncio.Event()

    async def play(self) -> None:
        """Start the run or go on with it, and answer what it asks."""
        runs = self._studio.runs
        statuses = {card.id: card.status for card in await runs.stored.newest()}
        say(statuses=statuses, going=sorted(runs.going))
        await asyncio.to_thread(sys.stdin.readline)
        run_id = await self._begun()
        say(began=run_id)
        watch = await runs.watch(run_id, lambda _: self._changed.set())
        hear = watch.committed

        def seen(first: int, events: Sequence[Event | None]) -> None:
            hear(first, events)
            for each in events:
                if isinstance(each, Finished):
                    say(step=each.step, hash=fingerprint(each.outputs))

        watch.committed = seen  # type: ignore[method-assign]  # the person reads over the window's shoulder
        ended = asyncio.ensure_future(self._ended(run_id))
        while not ended.done():
            for question in list(watch.picture.questions.values()):
                say(asked=question.step, title=question.title)
                if LOOKS_ON:
                    continue
                choice = self._choice(question)
                if await runs.answer(run_id, question.step, question.key, choice):
                    say(answered=question.step, choice=choice)
            self._changed.clear()
            changed = asyncio.ensure_future(self._changed.wait())
            await asyncio.wait([ended, changed], timeout=0.5, return_when=asyncio.FIRST_COMPLETED)
            changed.cancel()
        watch.close()
        record = await ended
        say(ended=record.status, message=record.message, result=record.result)

    def _choice(self, question: Open) -> str:
        """What a person answers who has looked."""
        if HAPPENED not in question.choices:
            return question.choices[0]
        did = happened(question.step, self._orders.ledger, self._orders.files)
        return HAPPENED if did else AGAIN

    async def _begun(self) -> str:
        runs, flow = self._studio.runs, self._orders.flow
        known = await runs.stored.newest(limit=1)
        if not known:
            placed = await self._studio.shelf.new(flow.name)
            return await runs.start(flow.model_copy(update={"id": placed.id}), {}, click_id="once")
        if known[0].id not in runs.going and known[0].status != "done":
            await runs.resume(known[0].id)
        return known[0].id

    async def _ended(self, run_id: str) -> Run:
        while True:
            record = await self._studio.runs.wait(run_id)
            if record.status in ("done", "failed", "stopped", "interrupted"):
                return record
            await asyncio.sleep(0.05)


async def _plays(studio: Studio, orders: Orders) -> None:
    try:
        await Person(studio, orders).play()
    except Exception:
        say(fault=traceback.format_exc())
        raise


def fingerprint(outputs: object) -> str:
    """Tells equal outputs from others."""
    return hashlib.sha256(orjson.dumps(outputs, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]


def say(**what: Any) -> None:
    """One line, with one write, so that a kill leaves it whole or away."""
    os.write(1, orjson.dumps(what) + b"\n")


def main() -> int:
    """Open the studio as its window does; the person sits down once it has recovered."""
    orders = Orders.read(Path(sys.argv[1]))
    sitting: list[asyncio.Task[None]] = []

    async def opened(folder: Path, **options: Any) -> Studio:
        studio = await open_studio(folder, **options)
        recover = studio.runs.recover

        async def recovered(**more: Any) -> list[Run]:
            found = await recover(**more)
            sitting.append(asyncio.create_task(_plays(studio, orders), name="person"))
            return found

        studio.runs.recover = recovered  # type: ignore[method-assign]  # whoever is first after the recovery
        return studio

    window.open_studio = opened  # type: ignore[attr-defined]  # the same, and somebody before it
    return window.main(["--no-open", "--port", str(orders.port)])


if __name__ == "__main__":
    sys.exit(main())
