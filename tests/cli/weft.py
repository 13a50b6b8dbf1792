"""`weft` as a real process: without a terminal, in one, or left to itself."""

import os
import re
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from app.setup import ROOT

COMMAND = (sys.executable, "-m", "app")


def surroundings(home: Path, **more: str) -> dict[str, str]:
    bare = {name: value for name, value in os.environ.items() if not name.startswith("WEFT_")}
    return {**bare, "WEFT_HOME": str(home), "PYTHONPATH": str(ROOT), **more}


@dataclass(frozen=True)
class Told:
    """What a command printed, and its exit status."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """What was told, without times."""
        return [timeless(line) for line in self.err.splitlines()]


def timeless(line: str) -> str:
    return re.sub(r"\b(\d+ min )?\d+(\.\d)? (ms|s|min)\b", "…", line)


def weft(home: Path, *args: str, stdin: bytes = b"", cwd: Path = ROOT, **environment: str) -> Told:
    """Run a command to its end, without a terminal."""
    done = subprocess.run(
        [*COMMAND, *args],
        cwd=cwd,
        env=surroundings(home, **environment),
        input=stdin,
        capture_output=True,
        timeout=60,
    )
    return Told(done.returncode, done.stdout.decode(), done.stderr.decode())


class Left:
    """A command that goes on; what it says is read as it comes."""

    def __init__(self, home: Path, *args: str) -> None:
        self.process = subprocess.Popen(
            [*COMMAND, *args],
            cwd=ROOT,
            env=surroundings(home),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self.said = ""
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()

    def until(self, text: str, within: float = 30.0) -> str:
        """All that was said once this text is in it."""
        end = time.monotonic() + within
        while text not in self.said:
            if time.monotonic() > end or (self.process.poll() is not None and not self._reading.is_alive()):
                raise AssertionError(f"{text!r} was not said, but: {self.said}")
            time.sleep(0.02)
        return self.said

    def end(self) -> int:
        """Its exit status, once it has ended."""
        status = self.process.wait(timeout=30)
        self._reading.join()
        if self.process.stdout is not None:
            self.process.stdout.close()
        return status

    def __enter__(self) -> "Left":
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.end()

    def _read(self) -> None:
        assert self.process.stdout is not None
        while piece := os.read(self.process.stdout.fileno(), 65536):
            self.said += piece.decode(errors="replace")
