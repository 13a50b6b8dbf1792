"""Is this file a database of ours, whole, and of this version? If it is older, bring it up to date."""

import sqlite3
from contextlib import closing
from pathlib import Path

from app.store import connect
from app.store.trouble import StoreTrouble
from app.store.version import HEAD, damage, is_whole, version_of


def prepare(path: Path) -> None:
    """Afterwards the database is there and of this version; otherwise it is untouched and a `StoreTrouble` says why."""
    found = _version(path)
    if found == HEAD:
        return
    if found == "":
        raise StoreTrouble(
            f"{path} is a database, but not one of Weft's.",
            "Move it away, or set WEFT_HOME to another folder.",
            "foreign",
        )
    if found is not None:
        if found > HEAD:
            raise StoreTrouble(
                f"{path} was written by a newer Weft (its tables are version {found}, this one knows {HEAD}).",
                "Update Weft, or set WEFT_HOME to another folder. The file was not touched.",
                "newer",
            )
        from app.store.backup import back_up

        back_up(path)
    from app.store.migrations import upgrade

    upgrade(path)


def _version(path: Path) -> str | None:
    if not path.exists() or path.stat().st_size == 0:
        return None
    try:
        with closing(connect.looker(path)) as connection:
            found = version_of(connection)
            # A large file takes its time; there the daily backup finds the damage.
            if path.stat().st_size > _QUICK or is_whole(connection):
                return found
    except sqlite3.DatabaseError as error:
        if not damage(error):
            raise
    from app.store.repair import keep_damaged

    raise keep_damaged(path)


_QUICK = 16_000_000
