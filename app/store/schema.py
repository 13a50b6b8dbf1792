"""Is this file a database of ours, whole, and of this version? If it is older, bring it up to date."""

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from app.store import connect
from app.store.trouble import StoreTrouble, damage
from app.store.version import HEAD, is_whole, version_of


def prepare(path: Path, head: str = HEAD, scripts: Path | None = None) -> None:
    """Afterwards the database is there and of this version; otherwise it is untouched and a `StoreTrouble` says why."""
    found = _version(path)
    if found == head:
        return
    if found == "":
        raise StoreTrouble(
            f"{path} is a database, but not one of Weft's.",
            "Move it away, or set WEFT_HOME to another folder.",
            "foreign",
        )
    if found is not None:
        if found > head:
            raise StoreTrouble(
                f"{path} was written by a newer Weft (its tables are version {found}, this one knows {head}).",
                "Update Weft, or set WEFT_HOME to another folder. The file was not touched.",
                "newer",
            )
        from app.store.backup import back_up

        back_up(path)
    from app.store import migrations

    migrations.upgrade(path, scripts or migrations.HERE)
    _compact(path)


def _compact(path: Path) -> None:
    """Write a database anew, once, that cannot give freed space back in portions, as those of the first version."""
    with closing(connect.writer(path)) as connection:
        if connection.execute("PRAGMA auto_vacuum").fetchone() == (_IN_PORTIONS,):
            return
        # It needs room for a second copy. Without it the file is as good as before, only larger than it might be.
        with suppress(sqlite3.OperationalError):
            connection.execute("VACUUM")


def _version(path: Path) -> str | None:
    if not path.exists():
        return None
    try:
        with closing(connect.looker(path)) as connection:
            found = version_of(connection)
            if found is None and not _has_backups(path):
                return None
            # A large file takes its time; there the daily backup finds the damage.
            if _possible(found) and (path.stat().st_size > _QUICK or is_whole(connection)):
                return found
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        if not damage(error):
            raise
    from app.store.repair import keep_damaged

    raise keep_damaged(path)


def _has_backups(path: Path) -> bool:
    from app.store.backup import backups

    return bool(backups(path))


def _possible(version: str | None) -> bool:
    if version is None:
        return False  # an empty file of which there are backups was not always empty
    return version == "" or (len(version) == 4 and version.isdecimal() and version > "0000")


_QUICK = 16_000_000
_IN_PORTIONS = 2
