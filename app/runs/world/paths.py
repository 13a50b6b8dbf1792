"""Which file a path means, and which files no step may touch. Nothing is opened here."""

from __future__ import annotations

import os
import re
import sys
import sysconfig
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePath

from nodes.values import NodeError

LONGEST_NAME = 255
LONGEST_PATH = 4000


@dataclass(frozen=True)
class Spot:
    """A file as it was named, and where it really is once every link is followed."""

    text: str
    real: Path


class Places:
    """The folders that matter: `data` is Weft's own with `files` in it, `user` the person's home."""

    def __init__(self, data: Path, user: Path | None = None, program: Iterable[Path] | None = None) -> None:
        self.data = data.absolute()
        self.files = self.data / "files"
        self.user = (user or Path.home()).absolute()
        self._program = tuple(program if program is not None else _program())

    def find(self, text: str, *, write: bool) -> Spot:
        """The file that is meant. NodeError with a sentence where no step may touch it, or it cannot be one."""
        full = self._full(text)
        # Links are followed before anything is decided, and none is followed afterwards.
        real = Path(os.path.realpath(full))
        files = Path(os.path.realpath(self.files))
        kept_here = _exactly_inside(real, files)
        if _exactly_inside(full, self.files) and not kept_here:
            raise NodeError(f"`{_shown(text)}` is a link that leads out of Weft's files folder, to {real}.", hint=FULL)
        if real == files:
            raise NodeError("This names Weft's files folder itself.", hint="Name a file in it.", retryable=False)
        if _inside(real, Path(os.path.realpath(self.data))) and not kept_here:
            raise _closed(real, "belongs to Weft itself")
        if _inside_any(real, _NOT_FILES):
            raise NodeError(f"{real} is not a file but a door into the system.", hint=FULL, retryable=False)
        if write:
            self._writable(real, kept_here)
        return Spot(text, real)

    def spell(self, text: str) -> str:
        """The real place of a path in a grant; empty where it is none."""
        try:
            return str(self.find(text, write=False).real)
        except NodeError:
            return ""

    def is_personal(self, real: Path) -> bool:
        """True for the files and folders in the person's home in which programs keep settings and keys."""
        if _exactly_inside(real, Path(os.path.realpath(self.files))):
            return False
        own = _parts_below(real, Path(os.path.realpath(self.user)))
        return bool(own) and (own[0].startswith(".") or own[0] in ("library", "appdata"))

    def _full(self, text: str) -> Path:
        names = _names(text, windows=os.name == "nt")
        match names:
            case ["~", *rest]:
                return self.user.joinpath(*rest)
            case ["", *rest]:
                return Path("/", *rest)
            case [drive, *rest] if drive.endswith(":"):
                return Path(f"{drive}\\", *rest)
            case _:
                return self.files.joinpath(*names)

    def _writable(self, real: Path, kept_here: bool) -> None:
        names = [name.casefold() for name in real.parts]
        if any(name in (".git", ".hg", ".svn") for name in names):
            raise _closed(real, "belongs to a version history")
        if names[-1] == ".env" or names[-1].startswith(".env."):
            raise _closed(real, "is where programs look for their settings and keys")
        if kept_here:
            return
        if self.is_personal(real):
            raise _closed(real, "is where programs keep their settings, and what starts with the computer")
        if _inside_any(real, (Path(os.path.realpath(each)) for each in self._program)):
            raise _closed(real, "is part of an installed program")
        if _inside_any(real, _system()):
            raise _closed(real, "belongs to the operating system")


def _names(text: str, *, windows: bool) -> list[str]:
    """The parts of a path; the first is `~`, empty for the root, a drive, or a name in the files folder."""
    shown = _shown(text)
    if not text.strip():
        raise NodeError("No file is named.", hint="Write its name, or its full path.", retryable=False)
    if any(ord(letter) < 32 or ord(letter) == 127 or "\ud800" <= letter <= "\udfff" for letter in text):
        raise NodeError(f"`{shown}` has characters that no file name may have.", hint=PLAIN, retryable=False)
    # Before anything looks at the disk: to look at a network path is to send it the person's name and password.
    if re.match(r"[\\/]{2}", text):
        raise NodeError(f"`{shown}` is on the network.", hint="Copy the file to this computer.", retryable=False)
    drive = re.match(r"[A-Za-z]:", text)
    if windows:
        if drive and not re.match(r"[A-Za-z]:[\\/]", text):
            raise NodeError(
                f"`{shown}` names a drive but no folder.", hint="Write `C:\\folder\\name`.", retryable=False
            )
        if re.match(r"[\\/]", text):
            raise NodeError(f"`{shown}` names no drive.", hint="Write `C:\\folder\\name`.", retryable=False)
        text = text.replace("\\", "/")
    elif drive or "\\" in text:
        raise NodeError(f"`{shown}` is written for Windows.", hint="Write it with forward slashes.", retryable=False)
    first, *rest = text.split("/")
    outside = first in ("", "~") or bool(drive)
    names = [name for name in rest if name not in ("", ".")]
    names = [first, *names] if outside or first != "." else names
    if ".." in names:
        raise NodeError(f"`{shown}` goes up with `..`, which a path here may not.", hint=FULL, retryable=False)
    if len(text.encode()) > LONGEST_PATH or any(len(name.encode()) > LONGEST_NAME for name in names):
        raise NodeError(f"`{shown}` is too long for a file name.", hint="Shorten it.", retryable=False)
    if windows or not outside:
        for name in names[1:] if outside else names:
            _portable(name, shown, windows)
    return names


def _portable(name: str, shown: str, windows: bool) -> None:
    """Names in Weft's own folder work on every system; on Windows all have to."""
    if re.fullmatch(r"(?i)(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)", name.split(".")[0].rstrip()):
        raise NodeError(f"`{shown}` has a name that Windows keeps for a device.", hint=PLAIN, retryable=False)
    if name.endswith((" ", ".")):
        raise NodeError(f"`{shown}` has a name that ends with a space or a dot.", hint=PLAIN, retryable=False)
    if windows and any(mark in name for mark in ':*?"<>|'):
        raise NodeError(f"`{shown}` has a mark that Windows does not allow in names.", hint=PLAIN, retryable=False)


def _closed(real: Path, why: str) -> NodeError:
    return NodeError(f"No step may touch {real}: it {why}.", hint="Choose another place.", retryable=False)


def _shown(text: str) -> str:
    return "".join(letter if letter.isprintable() else "�" for letter in text[:80])


def _parts_below(path: Path, folder: Path) -> list[str]:
    """The lower-cased names that lead from the folder to the path; none where it is not below."""
    parts, above = ([part.casefold() for part in each.parts] for each in (path, folder))
    return parts[len(above) :] if parts[: len(above)] == above else []


def _inside(path: Path, folder: Path) -> bool:
    """Whatever the case of its letters: a wrong yes only closes more."""
    return bool(_parts_below(path, folder)) or str(path).casefold() == str(folder).casefold()


def _inside_any(path: Path, folders: Iterable[Path | PurePath]) -> bool:
    return any(_inside(path, Path(folder)) for folder in folders)


def _exactly_inside(path: Path, folder: Path) -> bool:
    return Path(os.path.normcase(path)).is_relative_to(os.path.normcase(folder))


def _program() -> list[Path]:
    """Where Weft and the Python that runs it are."""
    import app

    root = Path(app.__file__).parents[1]
    installed = (sysconfig.get_path(name) for name in ("purelib", "platlib", "stdlib", "scripts"))
    return [*(root / room for room in ("app", "nodes", "flows", "assets")), *(Path(path) for path in installed)]


def _system() -> list[Path]:
    if sys.platform == "win32":
        names = ("SystemRoot", "ProgramFiles", "ProgramFiles(x86)", "ProgramData")
        return [Path(os.environ[name]) for name in names if name in os.environ]
    return [Path(path) for path in ("/bin", "/boot", "/etc", "/lib", "/sbin", "/usr", "/System", "/Library",
                                    "/var/spool/cron", "/private/etc")]  # fmt: skip


_NOT_FILES = () if os.name == "nt" else (Path("/proc"), Path("/sys"), Path("/dev"))
FULL = "Write the full path of the file, or a name in Weft's own files folder."
PLAIN = "Choose a plainer name."
