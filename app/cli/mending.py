"""Go back to a good database, or begin with an empty one: `weft doctor --restore` and `--start-afresh`."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from app.store import connect
from app.store.backup import newest_good_backup
from app.store.boots import Boot
from app.store.home import home
from app.store.lock import AlreadyOpen, StudioLock
from app.store.repair import restore_newest_backup, start_afresh
from app.store.trouble import StoreTrouble, plainly
from app.store.version import HEAD, is_whole, version_of

IN_USE = "A flow is being run here by `weft run`. Let it end or stop it, then try again."


def ways_back(trouble: StoreTrouble) -> list[str]:
    """The commands that lead on from this trouble as lines; none for trouble of another kind."""
    return [f"  {command:<26}   {what}" for command, what in commands(trouble).items()]


def commands(trouble: StoreTrouble) -> dict[str, str]:
    """The commands that lead on from this trouble, and what each does."""
    if trouble.kind != "damaged" or _in_order(path := home() / "weft.db"):
        return {}
    good = newest_good_backup(path)
    back = {"weft doctor --restore": f"go back to the backup of {_when(good.made_at)}"} if good else {}
    return {**back, "weft doctor --start-afresh": "begin with an empty database; the damaged one is kept"}


def restore() -> int:
    """Put the newest good backup in the place of a damaged database; the exit status."""

    def go_back(path: Path) -> str:
        made_at = restore_newest_backup(path).made_at
        return f"The backup of {_when(made_at)} is in place. The damaged database was kept beside it, in {path.parent}."

    return _mend(go_back)


def afresh() -> int:
    """Set a database of no use aside, so that the next start makes an empty one; the exit status."""

    def begin_anew(path: Path) -> str:
        aside = start_afresh(path)
        kept = f" The one that was there is kept as {aside}." if aside else ""
        return f"The next start of Weft makes an empty database.{kept}"

    return _mend(begin_anew)


def _mend(change: Callable[[Path], str]) -> int:
    try:
        path = home() / "weft.db"
        with StudioLock(path.parent):
            boot = Boot(path.parent)
            try:
                if boot.others():
                    sys.stderr.write(f"{IN_USE}\n")
                    return 1
                if _in_order(path):
                    print(f"The database {path} is in order, so nothing was changed.")
                    return 0
                print(change(path))
                return 0
            finally:
                boot.end()
    except (StoreTrouble, AlreadyOpen) as trouble:
        sys.stderr.write(f"{trouble.message}\n{trouble.hint}\n")
        return 1


def _in_order(path: Path) -> bool:
    if not path.exists():
        return False
    try:
        with plainly(path), closing(connect.looker(path)) as connection:
            version = version_of(connection)
            return bool(version) and str(version) <= HEAD and is_whole(connection)
    except StoreTrouble as trouble:
        if trouble.kind == "damaged":
            return False
        raise


def _when(moment: float) -> str:
    return time.strftime("%d %B %Y, %H:%M", time.localtime(moment))
