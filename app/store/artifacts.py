"""Large results as files named by what is in them. The same content is kept once, and a name cannot lie."""

import hashlib
import os
import re
import tempfile
import time
from pathlib import Path

from app.store.backup import sync
from app.failpoint import failpoint
from app.store.home import folder
from app.store.trouble import StoreTrouble, plainly


class Artifacts:
    """The files in one folder. Every call touches the disk, so call it from a thread."""

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()

    def save(self, content: bytes) -> str:
        """The sha256 of the content, under which it can be read once this returns, whatever happens afterwards."""
        sha = hashlib.sha256(content).hexdigest()
        path = self.path(sha)
        if path.exists():
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
        try:
            with plainly(path):
                content = path.read_bytes()
        except FileNotFoundError as error:
            raise _lost(path, "is gone") from error
        if hashlib.sha256(content).hexdigest() != sha:
            raise _lost(path, "was changed")
        return content

    def sweep(self, older_than: float = 3600.0) -> None:
        """Remove what a killed studio left half written."""
        for half in self.root.glob(f"{_HALF}*"):
            if time.time() - half.stat().st_mtime > older_than:
                half.unlink(missing_ok=True)


def _lost(path: Path, how: str) -> StoreTrouble:
    return StoreTrouble(f"The file {path}, a result of a run, {how}.", "Run the step again to get it back.", "damaged")


_SHA = re.compile(r"[0-9a-f]{64}")
_HALF = ".half-"
