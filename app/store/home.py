"""Where Weft keeps what it knows: one folder of the user's, readable by nobody else."""

import os
from pathlib import Path

from app.store.trouble import plainly


def home() -> Path:
    """The data folder: `WEFT_HOME`, or the place the operating system has for it. It exists afterwards."""
    chosen = os.environ.get("WEFT_HOME")
    return folder(Path(chosen).expanduser().absolute() if chosen else _usual())


def room(name: str, inside: Path | None = None) -> Path:
    """A sub-folder of the data folder, made when it is first asked for."""
    return folder((inside or home()) / name)


def folder(path: Path) -> Path:
    """This folder, made if need be, closed to other users."""
    with plainly(path):
        if not path.is_dir():
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def _usual() -> Path:
    from platformdirs import user_data_path

    return user_data_path("weft", appauthor=False)
