"""A desktop session of its own with a real Secret Service, and programs run in it."""

import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

ROOT = Path(__file__).parents[2]

PROGRAM = """
import asyncio, sys
from pathlib import Path
from app.secrets.refusal import SecretRefusal
from app.secrets.secrets import Secrets
from app.store.database import Database

async def main():
    database = Database(Path(sys.argv[1]))
    await database.open()
    secrets = Secrets(database)
    try:
{story}
    except SecretRefusal as refusal:
        print(type(refusal).__name__, refusal)
    await database.close()

asyncio.run(main())
"""


class Desktop:
    """One person's home, with a password store that lasts from session to session."""

    def __init__(self, folder: Path) -> None:
        _installed()
        self._folder = folder
        self.database = folder / "weft.db"
        for name in ("home", "run"):
            (folder / name).mkdir(mode=0o700)

    def session(self, story: str, *, unlock_with: str | None = "a login password") -> list[str]:
        """Log in, perhaps unlocking the store, tell a story of `secrets`, log out; returns what the story printed."""
        unlock = ""
        if unlock_with is not None:
            unlock = f"printf %s {unlock_with!r} | gnome-keyring-daemon --unlock --components=secrets --daemonize\n"
        script = f'{unlock}"$@"'
        return self._lines(["dbus-run-session", "--", "bash", "-c", script, "bash", *self._program(story)])

    def without_desktop(self, story: str) -> list[str]:
        """The same on a computer with no D-Bus at all."""
        return self._lines(self._program(story))

    def _program(self, story: str) -> list[str]:
        code = PROGRAM.format(story=textwrap.indent(textwrap.dedent(story), " " * 8))
        return [sys.executable, "-c", code, str(self.database)]

    def _lines(self, command: list[str]) -> list[str]:
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self._folder / "home"),
            "XDG_RUNTIME_DIR": str(self._folder / "run"),
            "PYTHONPATH": str(ROOT),
        }
        ran = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
        if ran.returncode:
            raise AssertionError(f"the story ended with {ran.returncode}:\n{ran.stderr}")
        lines = ran.stdout.splitlines()
        # The daemon prints its own variables first.
        return [line for line in lines if not line.startswith(("GNOME_KEYRING_CONTROL=", "SSH_AUTH_SOCK="))]


def _installed() -> None:
    if shutil.which("gnome-keyring-daemon") and shutil.which("dbus-run-session"):
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise AssertionError("These tests need a real password store: install gnome-keyring and dbus, then run again.")
    subprocess.run(["apt-get", "install", "-y", "gnome-keyring", "dbus"], check=True, capture_output=True)
