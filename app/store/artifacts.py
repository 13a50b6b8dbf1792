"""Large results as files named by what is in them. The same content is kept once, and a name cannot lie."""

import hashlib
import os
import re
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from app.failpoint import failpoint
from app.store.backup import sync
from app.store.home import folder
from app.store.trouble import StoreTrouble, plainly


class KeptFile(NamedTuple):
    """A file that is kept, how large it is, and when it was last saved."""

    sha: str
    size: int
    saved_at: float


class Artifacts:
    """The files in one folder. Every call touches the disk, so call it from a thread."""

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()

    def save(self, content: bytes) -> str:
        """The sha256 of the content, under which it can be read once this returns, whatever happens afterwards."""
        sha = hashlib.sha256(content).hexdigest()
        path = self.path(sha)
        if self._renewed(path):
            return sha
        with plainly(path):
            handle, half = tempfile.mkstemp(prefix=_HALF, dir=folder(self.root))
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(content)
                    file.flush()
                    failpoint("artifact.half_written")
                    os.fsync(file.fileno())
                Path(half).replace(folder(path.parent) / path.name)
            except BaseException:
                Path(half).unlink(missing_ok=True)
                raise
            sync(path.parent)
            sync(self.root)
        return sha

    def path(self, sha: str) -> Path:
        """Where this content is, or would be."""
        if not _SHA.fullmatch(sha):
            raise ValueError(f"`{sha}` is not a sha256")
        return self.root / sha[:2] / sha

    def read(self, sha: str) -> bytes:
        """The content, checked against its name."""
        path = self.path(sha)
        content = self._content(sha)
        if content is None:
            raise _lost(path, "is gone")
        if hashlib.sha256(content).hexdigest() != sha:
            raise _lost(path, "was changed")
        return content

    def folders(self) -> list[Path]:
        """The folders with files in them; there are 256 at most."""
        return sorted(path for path in self.root.iterdir() if len(path.name) == 2) if self.root.is_dir() else []

    def files_in(self, folder: Path) -> list[KeptFile]:
        """The files in one of the folders, as they are now."""
        found: list[KeptFile] = []
        with suppress(FileNotFoundError), os.scandir(folder) as entries:
            for entry in entries:
                if _SHA.fullmatch(entry.name):
                    with suppress(FileNotFoundError):
                        stat = entry.stat()
                        found.append(KeptFile(entry.name, stat.st_size, stat.st_mtime))
        return found

    def saved_at(self, sha: str) -> float | None:
        """When this content was last saved; None where it is not there."""
        try:
            return self.path(sha).stat().st_mtime
        except OSError:
            return None

    def set_aside(self, sha: str) -> None:
        """Take a file out of its place, to `drop` it. Whoever saves the same content from now on writes it anew."""
        with suppress(OSError):  # It is gone already, or open in another program: then it stays.
            self.path(sha).rename(self._aside(sha))

    def drop(self, sha: str, before: float) -> int:
        """Remove a file that was set aside; its size. One that was saved anew since `before` is put back, and is 0."""
        aside = self._aside(sha)
        with suppress(FileNotFoundError):
            stat = aside.stat()
            if stat.st_mtime >= before:
                self._put_back(sha)
                return 0
            aside.unlink()
            failpoint("artifact.dropped")
            return stat.st_size
        return 0

    def sweep(self, older_than: float = 3600.0) -> None:
        """Remove what a killed studio left half written, and put back what it had set aside."""
        for half in self.root.glob(f"{_HALF}*"):
            if time.time() - half.stat().st_mtime > older_than:
                half.unlink(missing_ok=True)
        for aside in self.root.glob(f"{_ASIDE}*"):
            self._put_back(aside.name.removeprefix(_ASIDE))

    def _renewed(self, path: Path) -> bool:
        """Whether the file is there; from now on it counts as just written, so that it is not cleared away."""
        try:
            with plainly(path):
                os.utime(path)
        except FileNotFoundError:
            return False
        return True

    def _content(self, sha: str) -> bytes | None:
        path = self.path(sha)
        # For the moment between being set aside and put back it is elsewhere.
        for place in (path, self._aside(sha), path):
            with suppress(FileNotFoundError), plainly(place):
                return place.read_bytes()
        return None

    def _put_back(self, sha: str) -> None:
        with suppress(FileNotFoundError):
            self._aside(sha).replace(self.path(sha))

    def _aside(self, sha: str) -> Path:
        return self.root / f"{_ASIDE}{sha}"


def _lost(path: Path, how: str) -> StoreTrouble:
    return StoreTrouble(f"The file {path}, a result of a run, {how}.", "Run the step again to get it back.", "damaged")


_SHA = re.compile(r"[0-9a-f]{64}")
_HALF = ".half-"
_ASIDE = ".aside-"
