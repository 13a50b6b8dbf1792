"""Which starts of Weft are alive: each holds a lock of the operating system for as long as its process lives."""

import contextlib
import os
import secrets
from pathlib import Path

from app.store.home import room
from app.store.lock import is_taken, take
from app.store.trouble import plainly


class Boot:
    """This start of Weft, a window's or a terminal's. However its process ends, the others see that it is gone."""

    def __init__(self, folder: Path) -> None:
        self._room = room("boots", folder)
        with plainly(self._room):
            self._sweep()
            self.id, self._file = self._begun()

    def lives(self, id: str) -> bool:
        """Whether the start of this name, this one included, is still there."""
        return id == self.id or _held(self._path(id))

    def others(self) -> list[str]:
        """The other starts that are there now."""
        return [path.name for path in self._room.iterdir() if path.name != self.id and _held(path)]

    def end(self) -> None:
        """Let go; from now on the others take what this start has left running for interrupted."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
            with contextlib.suppress(OSError):
                self._path(self.id).unlink()

    def _begun(self) -> tuple[str, int]:
        while True:
            id = secrets.token_hex(8)
            file = os.open(self._path(id), os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
            # Between the two calls another start may have swept the file away, and a lock on nothing is none.
            if take(file) and self._path(id).exists():
                return id, file
            os.close(file)

    def _sweep(self) -> None:
        for path in self._room.iterdir():
            if not _held(path):
                with contextlib.suppress(OSError):
                    path.unlink()

    def _path(self, id: str) -> Path:
        return self._room / id


def _held(path: Path) -> bool:
    try:
        file = os.open(path, os.O_RDWR)
    except OSError:
        return False
    try:
        return is_taken(file)
    finally:
        os.close(file)
