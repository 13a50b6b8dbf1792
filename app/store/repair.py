"""What to do with a database that is damaged: keep it, and go back to a good one or begin anew."""

import shutil
import time
from pathlib import Path

from app.failpoint import failpoint
from app.store.backup import Backup, newest_good_backup, sync
from app.store.trouble import StoreTrouble, plainly


def keep_damaged(path: Path) -> StoreTrouble:
    """Copy the damaged database (once) and say what can be done about it."""
    copy = _copied_aside(path)
    good = newest_good_backup(path)
    hint = (
        f"Restore the backup of {_when(good)}; what was done after it is not in it."
        if good
        else "There is no backup, so the way on is to start afresh; flows you exported can be imported again."
    )
    return StoreTrouble(f"The database {path} is damaged. A copy was kept beside it as {copy.name}.", hint, "damaged")


def restore_newest_backup(path: Path) -> Backup:
    """Put the newest good backup in the place of the database and keep a copy of that. Only while no studio is open."""
    good = newest_good_backup(path)
    if good is None:
        raise StoreTrouble(f"There is no good backup of {path}.", "Start afresh instead.", "damaged")
    with plainly(path):
        half = path.with_name(f"{path.name}.half")
        shutil.copyfile(good.path, half)
        half.chmod(0o600)
        sync(half)
        if path.exists():
            _copied_aside(path)
        # The log goes before the file comes: beside another database it would be taken for its own.
        for log in _parts(path)[1:]:
            log.unlink(missing_ok=True)
        sync(path.parent)
        failpoint("restore.half")
        half.replace(path)
        sync(path.parent)
    return good


def start_afresh(path: Path) -> Path | None:
    """Set the database aside, so that the next start makes an empty one; returns where it is now."""
    if not path.exists():
        return None
    with plainly(path):
        aside = _aside(path, time.time())
        for part, kept in reversed(list(zip(_parts(path), _parts(aside), strict=True))):
            if part.exists():
                part.replace(kept)
        sync(path.parent)
    return aside


def _copied_aside(path: Path) -> Path:
    # Named by its last change, so that a second start does not keep a second copy.
    copy = _aside(path, path.stat().st_mtime)
    if not copy.exists():
        for part, kept in zip(_parts(path), _parts(copy), strict=True):
            if part.exists():
                shutil.copy2(part, kept)
    return copy


def _parts(path: Path) -> list[Path]:
    return [path.with_name(f"{path.name}{ending}") for ending in ("", "-wal", "-shm")]


def _aside(path: Path, when: float) -> Path:
    return path.with_name(f"{path.name}.damaged-{time.strftime('%Y%m%d-%H%M%S', time.localtime(when))}")


def _when(backup: Backup) -> str:
    return time.strftime("%d %B %Y, %H:%M", time.localtime(backup.made_at))
