"""Weft's database: one writer, readers beside it, errors as sentences."""

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from app.store import connect
from app.store.schema import prepare
from app.store.trouble import StoreTrouble, plainly
from app.store.writer import Writer

T = TypeVar("T")


class Database:
    """`open` it, `write` and `read` with functions of a connection, `close` it."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self._writer: Writer | None = None
        self._readers: ThreadPoolExecutor | None = None
        self._here = threading.local()
        self._reading: list[sqlite3.Connection] = []

    async def open(self) -> None:
        """Bring the file up to date, with a backup before, and open it. A file of no use is a `StoreTrouble`."""
        connection = await asyncio.to_thread(self._prepared)
        self._writer = Writer(connection, self.path)
        self._readers = ThreadPoolExecutor(_READERS, thread_name_prefix="weft-reader")

    async def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """What `work` returns, after its transaction is on the disk.

        `work` may be called a second time if a transaction it shared had to be undone: it must touch nothing but the
        connection.
        """
        result: T = await self.submit(work)
        return result

    def submit(self, work: Callable[[sqlite3.Connection], Any]) -> asyncio.Future[Any]:
        """Like `write`, for a caller that goes on and looks at the future later."""
        return self._open_writer().submit(work)

    async def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """What `work` returns, all of it from one moment of the database."""
        if self._readers is None:
            raise _closed(self.path)
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, work)

    async def checkpoint(self) -> bool:
        """Move everything into the database file and empty the log beside it; False if a reader was in the way."""
        row = await self._open_writer().submit(_checkpoint, bare=True)
        return bool(row[0] == 0)

    async def give_back(self, pages: int) -> int:
        """Give so many free pages back to the disk at most; the number of pages that are still free."""

        def given(connection: sqlite3.Connection) -> int:
            # As a script: page for page, the thread would have to win the interpreter back between any two.
            connection.executescript(f"PRAGMA incremental_vacuum({pages})")
            return int(connection.execute("PRAGMA freelist_count").fetchone()[0])

        left: int = await self._open_writer().submit(given, bare=True)
        return left

    async def back_up(self, at_most_every: float = 0.0) -> Path | None:
        """Copy the database beside itself while it is in use; None if the last copy is younger than so many seconds."""

        def copied() -> Path | None:
            from app.store.backup import back_up, backups  # Loaded beside the loop, as the copy is made.

            last = next(iter(backups(self.path)), None)
            if last is not None and time.time() - last.made_at < at_most_every:
                return None
            return back_up(self.path).path

        return await asyncio.to_thread(copied)

    async def close(self) -> None:
        """Write what waits, then leave one plain file that any SQLite can read."""
        writer, readers = self._writer, self._readers
        self._writer = self._readers = None
        if writer is not None and readers is not None:
            await asyncio.to_thread(self._shut, writer, readers)

    def _prepared(self) -> sqlite3.Connection:
        with plainly(self.path):
            prepare(self.path)
            return connect.writer(self.path)

    def _open_writer(self) -> Writer:
        if self._writer is None:
            raise _closed(self.path)
        return self._writer

    def _read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        with plainly(self.path):
            connection = self._own_connection()
            connection.execute("BEGIN")
            try:
                return work(connection)
            finally:
                connection.rollback()

    def _own_connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._here, "connection", None)
        if connection is None:
            connection = self._here.connection = connect.reader(self.path)
            self._reading.append(connection)
        return connection

    def _shut(self, writer: Writer, readers: ThreadPoolExecutor) -> None:
        readers.shutdown()
        writer.stop()
        for connection in self._reading:
            connection.close()
        self._reading.clear()
        self._here = threading.local()
        with plainly(self.path):
            writer.close()


def _checkpoint(connection: sqlite3.Connection) -> tuple[int, int, int]:
    row: tuple[int, int, int] = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return row


def _closed(path: Path) -> StoreTrouble:
    return StoreTrouble(f"The database {path} is closed.", "Start Weft again.", "closed")


# One for a long list, one for the window that must not wait behind it.
_READERS = 2
