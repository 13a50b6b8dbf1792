"""Fill the project's `.venv` with pip, and say in sentences what stood in the way. Standard library only."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from app.setup import LOCK, VENV, SetupFailed, clean_environment, in_own_venv, venv_python

SHOWN_LINES = 12
WIDEST = 200
OPTIONS = ("--require-hashes", "--no-input", "--disable-pip-version-check", "--progress-bar=off")

# What pip prints when … → what it means and what to do. The first that fits is said.
CAUSES = (
    (r"No space left on device|Errno 28|not enough space", "The disk is full. Free about 1 GB and try again."),
    (
        r"ProxyError|proxy authentication|407 ",
        "The proxy refused the connection. Check HTTPS_PROXY, for example HTTPS_PROXY=http://user:password@proxy:8080.",
    ),
    (
        r"CERTIFICATE_VERIFY_FAILED|SSLError|SSLCertVerificationError",
        "The package index showed a certificate this computer does not trust. On a company network, "
        "point PIP_CERT at the company's certificate file.",
    ),
    (
        r"NewConnectionError|NameResolutionError|name resolution|getaddrinfo failed|Network is unreachable"
        r"|Connection refused|ConnectTimeout|Read timed out|ReadTimeout|Connection reset|from versions: none",
        "The package index could not be reached. Connect to the internet and try again; what was fetched is kept.",
    ),
    (
        r"DO NOT MATCH THE HASHES",
        "A package arrived damaged or is not the one that was pinned. Try again; if it stays so, something between "
        "this computer and the package index changes what it sends.",
    ),
    (
        r"Failed building wheel|command '.*(cc|gcc|clang|cl\.exe)'|Microsoft Visual C\+\+|Failed to build",
        "One package has no ready-made version for this Python and system, and there is no compiler to build it. "
        "Use a Python version that is a year or two old, or install a C compiler.",
    ),
    (r"Permission denied|Access is denied", f"The folder {VENV} cannot be written to. Move Weft to a folder of yours."),
    (
        r"No matching distribution|requires a different Python",
        "One package is not offered for this Python and system. Use a Python version that is a year or two old.",
    ),
)


def install() -> None:
    """Make `.venv` when it is missing, and install what `requirements.lock` pins, with one calm line."""
    started = time.monotonic()
    say("Installing Weft's packages, about a minute …")
    try:
        if not in_own_venv():
            make_venv()
        run([*pip_for_venv(), "install", *OPTIONS, "-r", str(LOCK)])
    except BaseException:
        say("\n")
        raise
    say(f" done in {time.monotonic() - started:.0f} s.\n")


def say(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()


def make_venv() -> None:
    if venv_python().exists() and works(venv_python()):
        return
    try:
        if VENV.exists():
            shutil.rmtree(VENV)  # Half made, or made by a Python that is gone.
        # Debian keeps ensurepip in a package of its own; the pip that is here can fill the folder as well.
        bare = [] if importlib.util.find_spec("ensurepip") else ["--without-pip"]
        run([sys.executable, "-m", "venv", *bare, str(VENV)])
    except OSError as error:
        raise SetupFailed(
            f"The folder {VENV} could not be made: {error.strerror or error}. Move Weft to a folder of yours."
        ) from error


def works(python: Path) -> bool:
    try:
        return subprocess.run([python, "-c", "0"], capture_output=True, env=clean_environment()).returncode == 0
    except OSError:
        return False


def pip_for_venv() -> list[str]:
    """The command that installs into `.venv`: its own pip, or the one that came with this Python."""
    own = [str(venv_python()), "-m", "pip"]
    if answers([*own, "--version"]):
        return own
    outside = str(Path(getattr(sys, "_base_executable", sys.executable))) if in_own_venv() else sys.executable
    other = [outside, "-m", "pip", "--python", str(venv_python())]
    if answers([*other, "--version"]):
        return other
    raise SetupFailed(
        "This Python has no pip that can fill a folder of its own (22.3 or newer). Install it with your system's "
        "packages (on Debian and Ubuntu: apt install python3-venv python3-pip), then run the same command again."
    )


def answers(command: list[str]) -> bool:
    return subprocess.run(command, capture_output=True, env=clean_environment()).returncode == 0


def run(command: list[str]) -> None:
    environment = {**clean_environment(), "PIP_USER": "0", "PYTHONUNBUFFERED": "1"}
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment, text=True, errors="replace"
    )
    if done.returncode:
        raise SetupFailed(explain(done.stdout))


def explain(output: str) -> str:
    """What pip said, as a sentence with the next move, and pip's last lines below it."""
    meaning = next((said for sign, said in CAUSES if re.search(sign, output)), "pip could not install the packages.")
    spoken = [line[:WIDEST] for line in output.splitlines() if line.strip() and not line.startswith("Ignoring ")]
    return "\n".join(
        [f"Weft's packages could not be installed. {meaning}", "", "pip's last words:", *spoken[-SHOWN_LINES:]]
    )
