"""Make the checkout ready to run: its own `.venv` with the packages pinned in `requirements.lock`.

Standard library only, and readable by Python 3.9, so that an old Python gets a sentence instead of a SyntaxError.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

NEEDED = (3, 11)
ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
VENV = ROOT / ".venv"
STAMP = VENV / "weft-requirements.lock"
STARTED = "WEFT_STARTED_FROM_SETUP"


class SetupFailed(Exception):
    """A sentence for the person, with the next move in it."""


def make_ready(args: list[str]) -> None:
    """Return once every package can be imported; until then install, and go on in the project's own Python."""
    if sys.version_info[:2] < NEEDED:
        raise SetupFailed(
            f"Weft needs Python {NEEDED[0]}.{NEEDED[1]} or newer, and this is Python {sys.version.split()[0]} "
            f"({sys.executable}).\nInstall a newer one from python.org or with your system's packages, "
            "and start Weft with it, for example: python3.12 -m app"
        )
    if not LOCK.is_file() or not ROOT.samefile(os.curdir):
        return  # Installed by pip, which brought the packages along.
    if in_own_venv():
        if not stamp_is_current():
            install_packages()
        return
    if not stamp_is_current():
        if pins_are_met():
            return
        install_packages()
    if os.environ.get(STARTED):
        raise SetupFailed(
            f"The Python in {VENV} does not work here. Delete that folder and run the same command again."
        )
    become([str(venv_python()), "-m", "app", *args], {STARTED: "1"})


def become(command: list[str], more_environment: dict[str, str] | None = None) -> NoReturn:
    """Turn this process into another one; its exit status and signals are ours."""
    environment = {**clean_environment(), **(more_environment or {})}
    sys.stdout.flush()
    sys.stderr.flush()
    if sys.platform == "win32":
        # There is no exec there: stay until the other one is done. Ctrl-C reaches both, and only it shall answer.
        import signal
        import subprocess

        signal.signal(signal.SIGINT, signal.SIG_IGN)
        sys.exit(subprocess.run(command, env=environment, check=False).returncode)
    else:
        os.execve(command[0], command, environment)


def clean_environment() -> dict[str, str]:
    """The environment without what would lead another Python to the wrong packages."""
    wrong = ("PYTHONHOME", "__PYVENV_LAUNCHER__", "PIP_TARGET", "PIP_PREFIX", STARTED)
    return {name: value for name, value in os.environ.items() if name not in wrong}


def venv_python() -> Path:
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def in_own_venv() -> bool:
    return os.path.realpath(sys.prefix) == os.path.realpath(VENV)


def stamp_is_current() -> bool:
    try:
        return venv_python().exists() and STAMP.read_bytes() == LOCK.read_bytes()
    except OSError:
        return False


def pins_are_met() -> bool:
    """Whether this very Python has the pinned packages, each in the pinned version."""
    import re
    from importlib import metadata

    for line in LOCK.read_text(encoding="utf-8").splitlines():
        pin = re.match(r"([\w.-]+)==([^\s;]+) *(;?)", line)
        if pin and not pin[3]:  # What a marker limits to other systems is pip's to judge.
            try:
                if metadata.version(pin[1]) != pin[2]:
                    return False
            except metadata.PackageNotFoundError:
                return False
    return True


def install_packages() -> None:
    with one_at_a_time():
        if stamp_is_current():
            return  # Another start did it meanwhile.
        if not (in_own_venv() and pins_are_met()):
            from app import packages

            packages.install()
        STAMP.write_bytes(LOCK.read_bytes())


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Two starts at once must not fill one folder; the lock ends with the process, whatever ends it."""
    with open(ROOT / "pyproject.toml", "rb") as file:
        if sys.platform == "win32":
            import msvcrt
            import time

            file.seek(1 << 30)  # Beyond the end, so that nobody is kept from reading the file.
            while True:
                try:
                    msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
                    break
                except OSError:
                    time.sleep(0.2)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
        yield
