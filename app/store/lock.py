"""One studio per data folder: the first start holds the lock, a second learns where the first is open."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from app.store.trouble import StoreTrouble, plainly


class AlreadyOpen(Exception):
    """Another studio has this data folder open; `url` is its address, empty while it is still starting."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.message = f"Weft is already open at {url}" if url else "Weft is already starting on this data folder."
        self.hint = "Use that window, or close it first. WEFT_HOME opens a second studio on another folder."
        super().__init__(self.message)


class StudioLock:
    """Held from construction until `release`, or until the process ends, however it ends."""

    def __init__(self, folder: Path) -> None:
        path = folder / "studio.lock"
        with plainly(path):
            self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        if not take(self._file):
            url = os.read(self._file, _LONGEST).decode("utf-8", "replace").strip()
            os.close(self._file)
            raise AlreadyOpen(url)
        os.ftruncate(self._file, 0)

    def tell(self, url: str) -> None:
        """Leave the address for whoever starts Weft on this folder again."""
        os.ftruncate(self._file, 0)
        os.lseek(self._file, 0, os.SEEK_SET)
        os.write(self._file, url.encode())

    def release(self) -> None:
        if self._file >= 0:
            os.ftruncate(self._file, 0)
            os.close(self._file)
            self._file = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.release()


@asynccontextmanager
async def opening(folder: Path, patience: float = 60.0) -> AsyncIterator[None]:
    """Alone with the data folder: two starts that both find it new must not both make its tables."""
    path = folder / "opening.lock"
    with plainly(path):
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        until = time.monotonic() + patience
        while not take(file):
            if time.monotonic() > until:
                raise StoreTrouble(
                    f"Another start of Weft has been busy with {folder} for {patience:.0f} s.",
                    "Wait until it is ready or end it, then try again.",
                    "locked",
                )
            await asyncio.sleep(0.05)
        yield
    finally:
        os.close(file)


_LONGEST = 4096

if sys.platform == "win32":
    import msvcrt

    def take(file: int) -> bool:
        """Lock this open file until it is closed; False where another process has it."""
        # Windows locks forbid reading too, so the locked byte lies far behind the address.
        os.lseek(file, 1 << 30, os.SEEK_SET)
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            os.lseek(file, 0, os.SEEK_SET)
        return True

    def is_taken(file: int) -> bool:
        """Whether a living process has locked this file."""
        return not take(file)

else:
    import fcntl

    def take(file: int) -> bool:
        """Lock this open file until it is closed; False where another process has it."""
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def is_taken(file: int) -> bool:
        """Whether a living process has locked this file."""
        try:
            # Shared, so that two who look at the same time do not take each other for the owner.
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False
