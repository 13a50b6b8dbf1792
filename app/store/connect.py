"""Open the database file the one way Weft opens it."""

import os
import sqlite3
from pathlib import Path

PATIENCE = 5.0
"""Seconds to wait for another program that holds the database."""


def writer(path: Path) -> sqlite3.Connection:
    """The connection that writes; the file is made for its owner alone if it is not there."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    connection = _open(path.as_uri())
    # Before the first table: what is freed can be given back to the disk in small portions.
    connection.execute("PRAGMA auto_vacuum=INCREMENTAL")
    connection.execute("PRAGMA journal_mode=WAL")
    # Whatever must last is on the disk when a commit returns, and what was deleted is overwritten.
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA secure_delete=ON")
    connection.execute("PRAGMA foreign_keys=ON")
    return connection


def migrator(path: Path) -> sqlite3.Connection:
    """Like `writer`, but a table may be copied and dropped without its rows' children going too."""
    connection = writer(path)
    connection.execute("PRAGMA foreign_keys=OFF")
    return connection


def reader(path: Path) -> sqlite3.Connection:
    """A connection that sees what is committed and cannot change it."""
    connection = _open(path.as_uri())
    connection.execute("PRAGMA query_only=ON")
    return connection


def looker(path: Path) -> sqlite3.Connection:
    """A connection that leaves every byte as it is, even if the last writer was killed."""
    # With a log beside it the file must be read as in use; without one, looking must not make a log.
    in_use = path.with_name(f"{path.name}-wal").exists()
    return _open(f"{path.as_uri()}?{'mode=ro' if in_use else 'immutable=1'}")


def _open(address: str) -> sqlite3.Connection:
    # Transactions are begun and ended in words (isolation_level=None); threads take turns by construction.
    connection = sqlite3.connect(address, uri=True, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
    # SQLite lowers only A to Z; people search for "Ä" too.
    connection.create_function("casefold", 1, lambda text: str(text).casefold(), deterministic=True)
    return connection
