"""What can go wrong with the disk and the database, as sentences a person can act on."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

Kind = Literal["full", "locked", "damaged", "read-only", "newer", "foreign", "closed"]


class StoreTrouble(Exception):
    """The store cannot do what was asked; `message` says what is the matter and `hint` the next move."""

    def __init__(self, message: str, hint: str, kind: Kind) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.kind = kind

    def __str__(self) -> str:
        return f"{self.message} {self.hint}"


@contextmanager
def plainly(path: Path) -> Iterator[None]:
    """Inside it, an error of SQLite or of the disk that a person can act on becomes a `StoreTrouble`."""
    try:
        yield
    except (sqlite3.Error, OSError, UnicodeDecodeError) as error:
        trouble = explained(error, path)
        if trouble is None:
            raise
        raise trouble from error


def explained(error: sqlite3.Error | OSError | UnicodeDecodeError, path: Path) -> StoreTrouble | None:
    """The sentence for this error, or None when it is a defect of ours."""
    if isinstance(error, OSError):
        return _disk(error, path)
    if damage(error):
        return damaged(path)
    code = _code(error)
    match code & 0xFF:
        case sqlite3.SQLITE_FULL:
            return full(path)
        case sqlite3.SQLITE_IOERR if code in _WRITING:
            return full(path)
        case sqlite3.SQLITE_IOERR:
            return StoreTrouble(
                f"The disk made an error at {path}.",
                "Check the disk and its free space, then start Weft again.",
                "damaged",
            )
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return StoreTrouble(
                f"Another program holds {path} locked.",
                "Close the program that has it open (a database viewer, a backup), then try again.",
                "locked",
            )
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM | sqlite3.SQLITE_AUTH:
            return unwritable(path)
    return None


def damage(error: sqlite3.Error | UnicodeDecodeError) -> bool:
    """Whether this error says that the file itself is bad."""
    if isinstance(error, UnicodeDecodeError):
        return True  # SQLite's own message quoted what is no text any more
    # Our SQL fits our tables (the tests run all of it), so a table or column that is not there was damaged;
    # our one function, `casefold`, fails on nothing but bytes that are no text.
    return _code(error) & 0xFF in {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT} or any(
        sign in str(error) for sign in _DAMAGED
    )


def full(path: Path) -> StoreTrouble:
    return StoreTrouble(
        f"The disk that holds {path} is full.",
        "Free some space and try again; nothing saved before is lost.",
        "full",
    )


def damaged(path: Path) -> StoreTrouble:
    return StoreTrouble(
        f"The database {path} is damaged.", "Close Weft and start it again: it offers the newest backup.", "damaged"
    )


def unwritable(path: Path) -> StoreTrouble:
    return StoreTrouble(
        f"Weft may not write to {path}.",
        "Make the file and its folder writable for you, or set WEFT_HOME to a folder of yours.",
        "read-only",
    )


def _disk(error: OSError, path: Path) -> StoreTrouble | None:
    where = Path(error.filename) if isinstance(error.filename, str) else path
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT | errno.EFBIG:
            return full(where)
        case errno.EACCES | errno.EPERM | errno.EROFS | errno.EEXIST | errno.ENOTDIR:
            return unwritable(where)
    return None


def _code(error: Exception) -> int:
    # Errors that the sqlite3 module raises by itself carry no code.
    return getattr(error, "sqlite_errorcode", 0)


_DAMAGED = (
    "no such table",
    "no such column",
    "has no column named",
    "unsupported file format",
    "Could not decode to UTF-8",
    "JSON cannot hold BLOB",
    "user-defined function raised exception",
)

# A file system or a quota that takes no more says "I/O error while writing" as often as "full".
_WRITING = {
    sqlite3.SQLITE_IOERR_WRITE,
    sqlite3.SQLITE_IOERR_FSYNC,
    sqlite3.SQLITE_IOERR_DIR_FSYNC,
    sqlite3.SQLITE_IOERR_TRUNCATE,
    sqlite3.SQLITE_IOERR_SHMSIZE,
}
