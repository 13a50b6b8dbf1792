"""The one thread that writes. What waits together is committed together, so that ten runs cost one fsync."""

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.store.trouble import StoreTrouble, plainly

Work = Callable[[sqlite3.Connection], Any]


@dataclass(frozen=True, slots=True)
class Job:
    work: Work
    ended: asyncio.Future[Any]
    bare: bool
    """Outside any transaction, as a checkpoint must be."""


class Writer:
    """Takes work from the event loop and commits it in order."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._serve, name="weft-writer", daemon=True)
        self._thread.start()

    def submit(self, work: Work, *, bare: bool = False) -> asyncio.Future[Any]:
        """What `work` returns, once it is on the disk. Cancelling the future does not take the work back."""
        ended: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._jobs.put(Job(work, ended, bare))
        return ended

    def stop(self) -> None:
        """Blocks until everything submitted has been written."""
        self._jobs.put(None)
        self._thread.join()

    def close(self) -> None:
        """Close the connection after `stop`; as the last one it takes the write-ahead log with it."""
        self._connection.close()

    def _serve(self) -> None:
        while True:
            waiting = [self._jobs.get()]
            while len(waiting) < _MOST_TOGETHER and not self._jobs.empty():
                waiting.append(self._jobs.get())
            jobs = [job for job in waiting if job is not None]
            self._commit([job for job in jobs if not job.bare])
            for job in jobs:
                if job.bare:
                    _tell([job], self._attempt([job]))
            if len(jobs) < len(waiting):
                return

    def _commit(self, jobs: Sequence[Job]) -> None:
        if not jobs:
            return
        results = self._attempt(jobs)
        alone = len(jobs) == 1 or (isinstance(results, StoreTrouble) and results.kind == "locked")
        if isinstance(results, Exception) and not alone:
            # One of them is at fault and the others must not pay for it.
            for job in jobs:
                _tell([job], self._attempt([job]))
        else:
            _tell(jobs, results)

    def _attempt(self, jobs: Sequence[Job]) -> list[Any] | Exception:
        try:
            with plainly(self._path):
                if jobs[0].bare:
                    return [job.work(self._connection) for job in jobs]
                return self._transaction(jobs)
        except Exception as error:  # noqa: BLE001 - it is raised again where the result is awaited
            return error

    def _transaction(self, jobs: Sequence[Job]) -> list[Any]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            results = [job.work(self._connection) for job in jobs]
            self._connection.execute("COMMIT")
        except BaseException:
            # SQLite has already rolled back by itself after some errors, a full disk among them.
            self._connection.rollback()
            raise
        return results


def _tell(jobs: Sequence[Job], outcome: list[Any] | Exception) -> None:
    # The loop may be gone if the process is on its way out; then nobody waits for the answer.
    with suppress(RuntimeError):
        jobs[0].ended.get_loop().call_soon_threadsafe(_resolve, jobs, outcome)


def _resolve(jobs: Sequence[Job], outcome: list[Any] | Exception) -> None:
    for place, job in enumerate(jobs):
        if job.ended.cancelled():
            continue
        if isinstance(outcome, Exception):
            job.ended.set_exception(outcome)
        else:
            job.ended.set_result(outcome[place])


_MOST_TOGETHER = 64
