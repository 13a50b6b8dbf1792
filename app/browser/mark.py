"""The mark on our browsers' command lines, and the ending of those whose studio is gone."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import psutil

FLAG = "--weft-studio="
PROFILE = "--user-data-dir="
END_WITHIN = 3.0


def mark(boot: str) -> str:
    """Names this start of the studio and the process that owns it, so that a later start can tell whether it lives."""
    import psutil

    return f"{boot}.{os.getpid()}.{psutil.Process().create_time():.0f}"


def flag(marker: str) -> str:
    return FLAG + marker


def end_leftovers() -> int:
    """End the browsers of studios that were killed, and remove their profiles; says how many there were.

    A browser whose studio still runs is left alone, whichever data folder that studio works on.
    """
    ended = 0
    for process, marker, profile in _marked():
        if not _owner_lives(marker):
            end(process)
            _remove(profile)
            ended += 1
    return ended


def end(process: psutil.Process) -> None:
    """End a process and everything it started, at once."""
    import psutil

    family = [process] if process.is_running() else []  # An id that was given to another process is not ours.
    with contextlib.suppress(psutil.Error):
        family += process.children(recursive=True) if family else []
    for member in family:
        with contextlib.suppress(psutil.Error):
            member.kill()
    psutil.wait_procs(family, timeout=END_WITHIN)


def end_browser(pid: int, marker: str) -> None:
    """End the browser with this id and remove its profile, unless the id belongs to somebody else by now."""
    for process, its_marker, profile in _marked([pid]):
        if its_marker == marker:
            end(process)
            _remove(profile)


def driver_above(pid: int) -> psutil.Process | None:
    """The child of ours that the browser descends from; between them there may be a wrapper script."""
    import psutil

    with contextlib.suppress(psutil.Error):
        parents = psutil.Process(pid).parents()
        ids = [parent.pid for parent in parents]
        if os.getpid() in ids[1:]:
            return parents[ids.index(os.getpid()) - 1]
    return None


def _marked(pids: list[int] | None = None) -> list[tuple[psutil.Process, str, Path | None]]:
    """Our browsers' main processes; the helpers they start carry a `--type`."""
    import psutil

    marked = []
    for pid in psutil.pids() if pids is None else pids:
        with contextlib.suppress(psutil.Error, OSError):
            process = psutil.Process(pid)
            # Chromium joins its arguments with spaces when it renames itself, so that they may come back as one.
            line = " ".join(process.cmdline())
            if FLAG in line and " --type=" not in line and process.status() != psutil.STATUS_ZOMBIE:
                marker = re.search(rf"{FLAG}(\S+)", line)
                profile = re.search(rf"{PROFILE}(\S+)", line)
                if marker:
                    marked.append((process, marker[1], Path(profile[1]) if profile else None))
    return marked


def _owner_lives(marker: str) -> bool:
    import psutil

    _, _, owner = marker.partition(".")
    pid, _, started = owner.partition(".")
    if not (pid.isdigit() and started.isdigit()):
        return False
    try:
        process = psutil.Process(int(pid))
        # A second of grace: the same start is rounded differently when the clock was set meanwhile.
        return abs(process.create_time() - int(started)) <= 2 and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def _remove(profile: Path | None) -> None:
    """Only a temporary profile of Playwright's making: any other folder is somebody's."""
    if profile and profile.parent == Path(tempfile.gettempdir()) and profile.name.startswith("playwright_"):
        shutil.rmtree(profile, ignore_errors=True)
