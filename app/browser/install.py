"""Get a browser where there is none: Playwright's own, else one from the system's packages, else a sentence."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time

from app.browser.check import Checked, working
from app.browser.find import found
from app.browser.launch import runs_as_root

AT_MOST = 600.0
NONE_WORKS = (
    "Weft found no browser that works here and could not install one. Steps that open web pages will wait for it; "
    "everything else works.\nInstall Google Chrome, Microsoft Edge or Chromium, or set WEFT_BROWSER to the program "
    "of a browser you have, then run: weft doctor"
)
SYSTEM_PACKAGES = (
    (("apt-get", "install", "-y", "--no-install-recommends", "chromium"), ("apt-get", "update")),
    (("dnf", "install", "-y", "chromium"), ()),
    (("pacman", "-S", "--noconfirm", "chromium"), ()),
    (("zypper", "--non-interactive", "install", "chromium"), ()),
    (("apk", "add", "chromium"), ()),
)


def before_the_window() -> None:
    """Install a browser where none is on the disk, and say so if that cannot be done; the studio opens either way."""
    if ensure() is None:
        say(NONE_WORKS + "\n")


def ensure() -> Checked | None:
    """A browser that was seen working, installed if need be; None when there is no way to one."""
    works, in_vain = working()
    if works or any(tried.browser.chosen for tried in in_vain):
        return works  # A browser that a person chose is not passed over for another one.
    started = time.monotonic()
    say("Installing a browser for Weft, about a minute …")
    for way in (playwrights_own, libraries_for_it, from_the_system):
        if way() and (works := working()[0]):
            say(f" done in {time.monotonic() - started:.0f} s.\n")
            return works
    say(" that did not work.\n")
    return None


def playwrights_own() -> bool:
    return succeeds(sys.executable, "-m", "playwright", "install", "--no-shell", "chromium")


def libraries_for_it() -> bool:
    """System libraries for a browser that is there and does not start for want of them."""
    may = as_administrator()
    if may is None or not sys.platform.startswith("linux") or not found():
        return False
    return succeeds(*may, sys.executable, "-m", "playwright", "install-deps", "chromium")


def from_the_system() -> bool:
    may = as_administrator()
    if may is None:
        return False
    for command, refresh in SYSTEM_PACKAGES:
        if shutil.which(command[0]):
            if refresh:
                succeeds(*may, *refresh)
            return succeeds(*may, *command)
    return False


def as_administrator() -> tuple[str, ...] | None:
    """What to put before a command that changes the system; None when it would ask for a password."""
    if runs_as_root():
        return ()
    if shutil.which("sudo") and succeeds("sudo", "-n", "true"):
        return ("sudo", "-n")
    return None


def succeeds(*command: str) -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT": "15000"}
    try:
        done = subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=AT_MOST, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def say(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()
