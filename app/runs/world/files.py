"""Read and write files on this computer: regular files only, whole or not at all, no link followed on the way."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from app.runs.world.paths import Places, Spot
from app.store.home import folder
from nodes.values import FileMissing, NodeError

LARGEST = 100_000_000
PIECE = 1 << 20
LEFT_BEHIND = 3600.0
"""Seconds after which a half-written file is one that a killed studio left."""


class Files:
    """The files that steps use. Every call touches the disk, so call it from a thread."""

    def __init__(self, places: Places, largest: int = LARGEST) -> None:
        self.places = places
        self._largest = largest
        self._turns = [threading.Lock() for _ in range(64)]
        self._swept: set[Path] = set()

    def find(self, path: str, *, write: bool) -> Spot:
        """The file that is meant. NodeError where no step may touch it."""
        folder(self.places.files)
        with _plainly(path, path, "written" if write else "read"):
            return self.places.find(path, write=write)

    def read(self, spot: Spot) -> bytes:
        """The whole file. NodeError with a sentence where it cannot be had."""
        with _plainly(spot.text, spot.real, "read"), _Folder(spot.real.parent) as here, here.reading(spot) as handle:
            self._fits(os.fstat(handle).st_size, spot)
            pieces: list[bytes] = []
            size = 0
            while piece := os.read(handle, PIECE):
                size += len(piece)
                self._fits(size, spot)
                pieces.append(piece)
            return b"".join(pieces)

    def write(self, spot: Spot, content: bytes, *, append: bool = False) -> str:
        """Write the file, folders to it included; gives its full path. Whole or not at all, appending too.

        Appending copies what is there and renames, like a new file: a torn line at the end cannot happen, and another
        name of the same file keeps what it had.
        """
        self._fits(len(content), spot)
        turn = self._turns[hash(spot.real) % len(self._turns)]
        with turn, _plainly(spot.text, spot.real, "written"), _Folder(spot.real.parent, make=True) as here:
            self._sweep(here)
            before = here.kind(spot)
            half = f"{_HALF}{secrets.token_hex(8)}"
            handle = here.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
            try:
                with os.fdopen(handle, "wb") as file:
                    if append and before is not None:
                        self._fits(before.st_size + len(content), spot)
                        with here.reading(spot) as old:
                            while piece := os.read(old, PIECE):
                                file.write(piece)
                    file.write(content)
                    file.flush()
                    if before is not None and hasattr(os, "fchmod"):
                        os.fchmod(file.fileno(), stat.S_IMODE(before.st_mode))
                    os.fsync(file.fileno())
                here.rename(half, spot.real.name)
            except BaseException:
                here.remove(half)
                raise
            try:
                here.sync()
            except OSError:
                what = f"{spot.real} was written, but the disk does not confirm that it lasts."
                raise NodeError(what, hint="Check the disk.", retryable=False) from None
        return str(spot.real)

    def _fits(self, size: int, spot: Spot) -> None:
        if size > self._largest:
            raise NodeError(
                f"{spot.real} is larger than {self._largest // 1_000_000} MB, the most that a step takes at once.",
                hint="Split it into smaller files.",
                retryable=False,
            )

    def _sweep(self, here: _Folder) -> None:
        if here.path not in self._swept:
            self._swept.add(here.path)
            for name in os.listdir(here.path):
                if name.startswith(_HALF):
                    with contextlib.suppress(OSError):
                        if time.time() - here.stat(name).st_mtime > LEFT_BEHIND:
                            here.remove(name)


class _Folder:
    """A folder held open, so that swapping a folder for a link meanwhile changes nothing."""

    def __init__(self, path: Path, *, make: bool = False) -> None:
        self.path = path
        self._make = make
        self._held: int | None = None

    def __enter__(self) -> _Folder:
        if not _CAN_HOLD:
            if self._make:
                self.path.mkdir(parents=True, exist_ok=True)
            self._unmoved()
            return self
        held = os.open(self.path.anchor, _HOLD)
        for name in self.path.parts[1:]:
            try:
                below = self._below(name, held)
            finally:
                os.close(held)
            held = below
        self._held = held
        return self

    def __exit__(self, *_: object) -> None:
        if self._held is not None:
            os.close(self._held)

    def _below(self, name: str, held: int) -> int:
        try:
            return os.open(name, _HOLD, dir_fd=held)
        except FileNotFoundError:
            if not self._make:
                raise
        with contextlib.suppress(FileExistsError):
            os.mkdir(name, dir_fd=held)
        return os.open(name, _HOLD, dir_fd=held)

    def _unmoved(self) -> None:
        if Path(os.path.realpath(self.path)) != self.path:
            raise OSError(errno.ELOOP, "a link took its place")

    def _at(self, name: str) -> str:
        return name if self._held is not None else str(self.path / name)

    def stat(self, name: str) -> os.stat_result:
        return os.stat(self._at(name), dir_fd=self._held, follow_symlinks=False)

    def open(self, name: str, flags: int) -> int:
        return os.open(self._at(name), flags | _SAFELY, 0o666, dir_fd=self._held)

    def remove(self, name: str) -> None:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self._at(name), dir_fd=self._held)

    def rename(self, name: str, to: str) -> None:
        if self._held is None:
            self._unmoved()
        os.replace(self._at(name), self._at(to), src_dir_fd=self._held, dst_dir_fd=self._held)

    def sync(self) -> None:
        """The new name is on the disk too, where the system lets one say so."""
        if self._held is not None:
            with contextlib.suppress(OSError):
                handle = os.open(".", os.O_RDONLY | os.O_DIRECTORY, dir_fd=self._held)
                try:
                    os.fsync(handle)
                finally:
                    os.close(handle)

    def kind(self, spot: Spot) -> os.stat_result | None:
        """What is there, if it may be written over; None where nothing is."""
        try:
            found = self.stat(spot.real.name)
        except FileNotFoundError:
            return None
        _regular(found, spot)
        if not found.st_mode & 0o222:
            raise NodeError(f"{spot.real} is write-protected.", hint="Choose another name, or lift the protection.")
        return found

    @contextlib.contextmanager
    def reading(self, spot: Spot) -> Iterator[int]:
        """The file, open to be read. It is looked at first: merely opening a device can do something."""
        _regular(self.stat(spot.real.name), spot)
        handle = self.open(spot.real.name, os.O_RDONLY)
        try:
            _regular(os.fstat(handle), spot)
            yield handle
        finally:
            os.close(handle)


def _regular(found: os.stat_result, spot: Spot) -> None:
    mode = found.st_mode
    if stat.S_ISREG(mode):
        return
    if stat.S_ISDIR(mode):
        raise NodeError(f"{spot.real} is a folder.", hint="Name a file in it.", retryable=False)
    if stat.S_ISLNK(mode):
        raise OSError(errno.ELOOP, "a link took its place")
    raise NodeError(f"{spot.real} is not a file but a device or a pipe.", hint="Name a file.", retryable=False)


@contextlib.contextmanager
def _plainly(text: str, real: Path | str, done: str) -> Iterator[None]:
    """What the system says about a file, as a sentence."""
    try:
        yield
    except FileNotFoundError:
        where = f"It was looked for at {real}."
        raise FileMissing(f"There is no file `{text}`.", hint=where, retryable=True) from None
    except PermissionError as error:
        if getattr(error, "winerror", None) in (32, 33):
            what = f"{real} is open in another program."
            raise NodeError(what, hint="Close it there.", retryable=True, trouble="busy") from None
        raise NodeError(f"{real} may not be {done} by you.", hint="Check who may use it.", retryable=True) from None
    except OSError as error:
        what, hint = _WORDS.get(error.errno or 0, (f"could not be {done}: {error.strerror}", "Check the disk."))
        # A file is written whole or not at all, so nothing of it is there yet.
        raise NodeError(f"{real} {what}.", hint=hint, retryable=True) from None


_CAN_HOLD = os.open in os.supports_dir_fd and hasattr(os, "O_NOFOLLOW") and hasattr(os, "O_DIRECTORY")
# O_NONBLOCK: a pipe without a writer would wait for one for ever.
_SAFELY = sum(
    getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_CLOEXEC", "O_NONBLOCK", "O_NOCTTY", "O_BINARY", "O_NOINHERIT")
)
# O_PATH: a folder may be passed through without being listed.
_HOLD = sum(getattr(os, name, 0) for name in ("O_DIRECTORY", "O_NOFOLLOW", "O_CLOEXEC", "O_PATH"))
_HALF = ".weft-half-"
_GONE = ("is on a drive that does not answer", "Check that the drive or network folder is connected.")
_WORDS = {
    errno.ELOOP: ("was replaced by a link while it was being opened", "Look who else changes this folder."),
    errno.ENOTDIR: ("lies in something that is not a folder", "Check the path."),
    errno.EISDIR: ("is a folder", "Name a file in it."),
    errno.ENOSPC: ("could not be written because the disk is full", "Free some space, then continue the run."),
    errno.EDQUOT: ("could not be written because your share of the disk is full", "Free some space, then continue."),
    errno.EROFS: ("is on a disk that cannot be written", "Choose another place."),
    errno.ENAMETOOLONG: ("has too long a name", "Shorten it."),
    errno.EIO: _GONE,
    errno.ESTALE: _GONE,
    errno.ENOTCONN: _GONE,
    errno.ETIMEDOUT: _GONE,
    errno.EHOSTDOWN: _GONE,
}
